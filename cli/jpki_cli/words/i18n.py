"""Sentences in two languages, from gettext catalogues.

A sentence is a :class:`Message`: an English text with named places, and the values that go there. It becomes words in
the language that was chosen, or in both for JSON. No sentence is put together from parts, so that each language can
order its words as it must.
"""

from __future__ import annotations

import gettext
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from jpki.outside_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

DOMAIN: Final = "jpki"
LANGUAGES: Final = ("ja", "en")
#: Not a Path: pathlib takes as long to load as all the rest that `--help` needs of ours.
_LOCALE_DIR: Final = os.path.join(os.path.dirname(__file__), "locale")
#: How long macOS may take to name its language.
_SECONDS: Final = 5.0


class _Language:
    """The language chosen for this process."""

    current = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    # English is the language of the message ids.
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, _LOCALE_DIR, [language])


def set_language(language: str) -> None:
    """Choose the language of everything that is printed from now on, Click's own words included.

    Click looks its words up through the global gettext domain, which takes the language from the environment.
    """
    _Language.current = language
    # English is in no catalogue; C says so at once, where "en" would be looked for with the help of locale.
    os.environ["LANGUAGE"] = "C" if language == "en" else language
    gettext.bindtextdomain(DOMAIN, _LOCALE_DIR)
    gettext.textdomain(DOMAIN)


def current_language() -> str:
    """``ja`` or ``en``."""
    return _Language.current


class Message:
    """A sentence that can be said in either language; made by :func:`M` and :func:`MN`."""

    __slots__ = ("_count", "_msgid", "_params", "_plural")

    def __init__(self, msgid: str, params: Mapping[str, object], plural: str = "", count: int = 0) -> None:
        """Keep the English text and its values; with ``plural`` the form depends on ``count``."""
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

    def both(self) -> dict[str, str]:
        """Say it in both languages, as JSON output does."""
        return {language: self.text(language) for language in LANGUAGES}

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


def detect_language(environment: Mapping[str, str]) -> str:
    """Choose the language from the locale, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable)
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "ja" if _system_language().lower().startswith("ja") else "en"


def _system_language() -> str:
    """Language of the desktop where no locale variable is set: Windows and macOS programs started by a click."""
    if sys.platform == "win32":
        import ctypes

        japanese = 0x11
        primary = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF
        return "ja" if primary == japanese else "en"
    if sys.platform == "darwin":
        return _macos_locale()
    return ""


def _macos_locale() -> str:
    import subprocess

    try:
        found = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLocale"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
