"""Objects of a PDF as they are written, read so strictly that no two programs take them for different ones.

Readers forgive much, each in its own way: one ends a dictionary at a single ``>``, another one does not and finds in it
whatever stands behind the object.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = rb"[\0\t\n\f\r ]"
_END_OF_WORD: Final = rb"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
_GAP: Final = re.compile(rb"(?:" + _BLANK + rb"+|%[^\r\n]*)*")
_SIMPLE: Final = re.compile(
    rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*"
    rb"|<[0-9A-Fa-f\0\t\n\f\r ]*>"
    rb"|(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)|true|false|null|R)" + _END_OF_WORD
)
_BRACKETS: Final = {b"<<": b">>", b"[": b"]"}
_OPEN: Final = re.compile(rb"<<|\[")
_CLOSE: Final = re.compile(rb">>|\]")
_IN_STRING: Final = re.compile(rb"(?:[^()\\]|\\[\s\S])*")
_END: Final = re.compile(rb"endobj" + _END_OF_WORD + rb"|stream\r?\n")


def end_of_object(data: bytes, start: int) -> tuple[bytes, int] | None:
    """The word that ends an object's value, ``endobj`` or ``stream``, and where it is over; None: it is not plain.

    At the end of an object stream that word is empty.
    """
    position, open_brackets = start, list[bytes]()
    while True:
        gap = _GAP.match(data, position)
        position = position if gap is None else gap.end()
        if not open_brackets and (end := _END.match(data, position)):
            return end[0].rstrip(), end.end()
        if position == len(data):
            return None if open_brackets else (b"", position)
        after = _token(data, position, open_brackets)
        if after is None:
            return None
        position = after


def _token(data: bytes, position: int, open_brackets: list[bytes]) -> int | None:
    """Where a token ends; None: it is none, or closes what is not open."""
    if opened := _OPEN.match(data, position):
        open_brackets.append(_BRACKETS[opened[0]])
        return opened.end()
    if closed := _CLOSE.match(data, position):
        is_right = bool(open_brackets) and open_brackets.pop() == closed[0]
        return closed.end() if is_right else None
    if data[position : position + 1] == b"(":
        return _end_of_string(data, position)
    found = _SIMPLE.match(data, position)
    return None if found is None else found.end()


def _end_of_string(data: bytes, position: int) -> int | None:
    depth = 0
    while position < len(data):
        depth += {b"(": 1, b")": -1}.get(data[position : position + 1], 0)
        position += 1
        if depth == 0:
            return position
        text = _IN_STRING.match(data, position)
        position = position if text is None else text.end()
    return None
