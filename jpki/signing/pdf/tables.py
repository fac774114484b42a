"""The tables of objects in a PDF and what ends it, in the form that every program reads alike (ISO 32000-1, 7.5)."""

from __future__ import annotations

import re
from typing import Final

_START: Final = re.compile(rb"xref *(?:\r\n|\n|\r)")
_SECTION: Final = re.compile(rb"([0-9]{1,10}) ([0-9]{1,10}) *(?:\r\n|\n|\r)")
_ENTRIES: Final = re.compile(rb"(?:[0-9]{10} [0-9]{5} [nf](?: \r| \n|\r\n))*")
_ENTRY_LENGTH: Final = 20
#: Some programs leave a line empty before it.
_TRAILER: Final = re.compile(rb"(?:\r\n|\n|\r)?trailer[\0\t\n\f\r ]*(?=<<)")
_LAST: Final = re.compile(rb"startxref(?:\r\n|\n|\r)([0-9]{1,12})(?:\r\n|\n|\r)%%EOF[\r\n ]{0,8}\Z")
#: The words that stand before the last table's place; so much is looked at from the end.
_TAIL: Final = 64


def table_end(data: bytes, start: int) -> int | None:
    """Where a table's trailer begins.

    None: its form is another one, or it has an object twice, of which one program takes the first and another the last.
    """
    opened = _START.match(data, start)
    if opened is None:
        return None
    position, seen = opened.end(), set[int]()
    while section := _SECTION.match(data, position):
        first, count = int(section[1]), int(section[2])
        end = section.end() + count * _ENTRY_LENGTH
        if end > len(data) or not _ENTRIES.fullmatch(data, section.end(), end):
            return None
        numbers = range(first, first + count)
        if not seen.isdisjoint(numbers):
            return None
        seen.update(numbers)
        position = end
    trailer = _TRAILER.match(data, position)
    return None if trailer is None else trailer.end()


def last_table(data: bytes) -> int | None:
    """The offset that the end of a file gives for its last table; None: it ends otherwise."""
    found = _LAST.search(data, max(0, len(data) - _TAIL))
    return None if found is None else int(found[1])
