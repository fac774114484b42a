"""Lines for a terminal: columns for full-width characters, dots, and colour that is never the only signal."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """Fill up with blanks to a number of columns."""
    return text + " " * max(0, columns - width(text))


def table(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Align columns; the last one is left as it is."""
    count = max(len(row) for row in rows)
    widths = [max((width(row[i]) for row in rows if i < len(row)), default=0) for i in range(count)]
    return [indent + "  ".join(pad(cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]


def wrap(text: str, *, columns: int = 79, indent: str = "", first: str | None = None) -> str:
    """Break a paragraph into lines: at blanks, and between full-width characters.

    ``first`` is the indent of the first line, where it differs. A line does not begin with a closing sign.
    """
    lines = []
    line = indent if first is None else first
    fresh = True
    for piece in _pieces(text):
        if not fresh and width(line + piece.rstrip()) > columns and piece[0] not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line, fresh = indent, True
        line += piece
        fresh = False
    return "\n".join([*lines, line.rstrip()])


_NEVER_FIRST = "。、）」』！？：；，．"


def _pieces(text: str) -> list[str]:
    """Cut where a line may end: behind a blank, and around each full-width character."""
    pieces = [""]
    for character in text:
        is_wide = unicodedata.east_asian_width(character) in "WF"
        if pieces[-1] and (is_wide or pieces[-1][-1] == " " or unicodedata.east_asian_width(pieces[-1][-1]) in "WF"):
            pieces.append("")
        pieces[-1] += character
    return pieces


def colour(text: str, name: str) -> str:
    """Colour a text where stdout is a terminal that wants it (``NO_COLOR`` is honoured)."""
    import os

    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=name)


def dots(left: int | None, limit: int | None) -> str:
    """Draw tries left; empty where a number is not known."""
    if left is None or limit is None:
        return ""
    return "●" * left + "○" * max(0, limit - left)
