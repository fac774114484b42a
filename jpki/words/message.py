"""Sentences in two languages, from gettext catalogues.

A sentence is a :class:`Message`: an English text with named places, and the values that go there. It becomes words in
the language that is asked for, or in both for JSON. No sentence is put together from parts, so that each language can
order its words as it must.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final

from jpki.outside_text import visible

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping

    from jpki.json_types import Text

#: The name of the catalogue, and so of its files.
DOMAIN: Final = "jpki"
#: The languages in which every sentence can be said.
LANGUAGES: Final = ("ja", "en")
#: Not a Path: pathlib takes as long to load as all the rest that `jpki --help` needs of ours.
LOCALE_DIR: Final = os.path.join(os.path.dirname(__file__), "locale")


class _Language:
    """The language of ``str(message)`` in this process."""

    current = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    import gettext

    # English is the language of the message ids.
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE_DIR, [language])


def speak(language: str) -> None:
    """Choose the language of ``str(message)``: ``ja`` or ``en``, which it is until then."""
    _Language.current = language


def current_language() -> str:
    """``ja`` or ``en``."""
    return _Language.current


class Message:
    """A sentence that can be said in either language; made by :func:`M` and :func:`MN`."""

    __slots__ = ("_count", "_msgid", "_params", "_plural")

    def __init__(self, msgid: str, params: Mapping[str, object], plural: str = "", count: int = 0) -> None:
        """Keep the English text and its values; with ``plural`` the form depends on ``count``.

        Raises:
            ValueError: there is no English.
        """
        if not msgid:
            raise ValueError("a sentence without its English")
        self._msgid = msgid
        self._params = params
        self._plural = plural
        self._count = count

    def text(self, language: str) -> str:
        """Say it in ``ja`` or ``en``."""
        catalogue = _catalogue(language)
        if self._plural:
            pattern = catalogue.ngettext(self._msgid, self._plural, self._count)
        else:
            pattern = catalogue.gettext(self._msgid)
        values = {k: _said(v, language) for k, v in self._params.items()}
        return pattern.format(**values)

    def with_values(self, **params: object) -> Message:
        """Say the same sentence with these values."""
        return Message(self._msgid, params, self._plural, self._count)

    def both(self) -> Text:
        """Say it in both languages, as JSON output does."""
        return {"ja": self.text("ja"), "en": self.text("en")}

    def __str__(self) -> str:
        return self.text(_Language.current)

    def __repr__(self) -> str:
        return f"<Message {self._msgid!r}>"


def _said(value: object, language: str) -> object:
    """Say a value in a sentence; a text may come from outside, as the name of a reader or file does."""
    if isinstance(value, Message):
        return value.text(language)
    return visible(str(value)) if isinstance(value, (str, os.PathLike)) else value


def M(msgid: str, **params: object) -> Message:  # noqa: N802 - short, as gettext's own _
    """Make a sentence; ``{name}`` in it is replaced by the value of that name."""
    return Message(msgid, params)


def MN(singular: str, plural: str, n: int, **params: object) -> Message:  # noqa: N802 - short, as gettext's own _
    """Make a sentence whose English form depends on the number ``n``."""
    return Message(singular, {"n": n, **params}, plural, n)


def N_(text: str) -> str:  # noqa: N802 - the customary name of gettext's mark
    """Mark a text for the catalogue that is used as a pattern elsewhere."""
    return text
