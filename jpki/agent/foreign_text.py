"""Text from outside (names of programs, users, servers) made fit to be shown to a person.

Nothing that changes how the rest of a line is read is left in it: control characters, newlines, marks that turn the
direction of writing, invisible ones. Letters that look like ASCII and are not are written as their numbers, so that
``/usr/bin/firefоx`` with a Cyrillic о does not pass for Firefox; Japanese is left as it is.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from jpki.outside_text import as_it_came

#: Longer texts are cut in the middle, so that both ends are seen.
MAX_SHOWN: Final = 64
_ELLIPSIS: Final = "…"
_JAPANESE: Final = ("HIRAGANA", "KATAKANA", "CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC")
_ASCII_PRINTABLE: Final = range(0x20, 0x7F)


def visible(text: str) -> str:
    """Write a text so that all of it is seen, at most :data:`MAX_SHOWN` characters of it."""
    shown = "".join(map(_shown, as_it_came(text)))
    if len(shown) <= MAX_SHOWN:
        return shown
    kept = MAX_SHOWN - len(_ELLIPSIS)
    return shown[: kept // 2] + _ELLIPSIS + shown[-(kept - kept // 2) :]


def _shown(character: str) -> str:
    number = ord(character)
    if number in _ASCII_PRINTABLE and character != "\\":
        return character
    is_letter = (
        unicodedata.category(character) in ("Lo", "Lm") and unicodedata.normalize("NFKC", character) == character
    )
    if is_letter and unicodedata.name(character, "").startswith(_JAPANESE):
        return character
    return "\\\\" if character == "\\" else f"\\u{{{number:x}}}"
