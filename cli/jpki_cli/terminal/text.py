"""Lines for a terminal: columns for full-width characters, dots, and colour that is never the only signal."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import click

from jpki_cli.process import named_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO


#: A screen fits into 80 columns, and leaves the last one free, where some terminals begin a new line.
COLUMNS: Final = 79
#: Narrower than this nothing is laid out: what is wider is left to the terminal.
_COLUMNS_LEAST: Final = 20
#: Marks, which selectors are too, and format characters: all but one of these are drawn in no column of their own.
_MARKS: Final = frozenset({"Mn", "Me", "Cf"})
_SOFT_HYPHEN: Final = "\u00ad"
#: Vowels and final consonants of Hangul, which are drawn into the syllable that the first consonant begins.
_JAMO_BEHIND_THE_FIRST: Final = range(0x1160, 0x1200)
_COLOUR_CODE: Final = "\033\\[[0-9;]*m"


_is_for_file: Final = ContextVar("is_for_file", default=False)


@contextmanager
def laid_out(*, for_file: bool) -> Iterator[None]:
    """Lay out what is written inside the block for a file, which is as wide on every terminal, or for the screen."""
    before = _is_for_file.set(for_file)
    try:
        yield
    finally:
        _is_for_file.reset(before)


def columns_of(stream: TextIO | None = None) -> int:
    """Columns that a screen may use on a stream, stdout unless another is given.

    A terminal that is narrower than 80 columns has fewer than :data:`COLUMNS`; ``COLUMNS`` in the environment is
    believed rather than the terminal, as by other programs. What is no terminal has them all.
    """
    if _is_for_file.get():
        return COLUMNS
    named = named_columns()
    asked = _columns_of_terminal(stream or sys.stdout) if named is None else named
    return min(max(asked - 1, _COLUMNS_LEAST), COLUMNS) if asked > 0 else COLUMNS


def _columns_of_terminal(target: TextIO | None) -> int:
    try:
        # None: the shell has closed it (``>&-``).
        return os.get_terminal_size(target.fileno()).columns if target is not None else 0
    except (OSError, ValueError):
        return 0


def width(text: str) -> int:
    """Columns that a text takes on a terminal; codes of colours take none.

    Each character counts for itself, as on most terminals: those that draw a sequence of emoji as one are not agreed on
    its columns.
    """
    plain = re.sub(_COLOUR_CODE, "", text) if "\033" in text else text
    return len(plain) if plain.isascii() else sum(map(_columns_of_character, plain))


def _columns_of_character(character: str) -> int:
    if _is_drawn_over(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_drawn_over(character: str) -> bool:
    """Whether a character belongs to the one before it: a mark, a selector, a joiner, a vowel of a syllable."""
    if ord(character) in _JAMO_BEHIND_THE_FIRST:
        return True
    return unicodedata.category(character) in _MARKS and character != _SOFT_HYPHEN


def pad(text: str, columns: int) -> str:
    """Fill up with blanks to a number of columns."""
    return text + " " * max(0, columns - width(text))


def table(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Align columns; the last one is left as it is.

    On a narrow terminal a row that is too wide is one entry of as many lines as it takes, with its cells in order.
    """
    count = max(len(row) for row in rows)
    widths = [max((width(row[i]) for row in rows if i < len(row)), default=0) for i in range(count)]
    lines = [indent + "  ".join(pad(cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]
    columns = columns_of()
    if columns == COLUMNS or all(width(line) <= columns for line in lines):
        return lines
    return ["\n".join(_flowed(row, indent, columns)) for row in rows]


def _flowed(row: Sequence[str], indent: str, columns: int) -> list[str]:
    """Put cells one after another, and a cell that does not fit on a line of its own."""
    further = indent + "  "
    lines: list[str] = []
    for cell in filter(None, row):
        if lines and width(lines[-1]) + 2 + width(cell) <= columns:
            lines[-1] += "  " + cell
        else:
            lines += wrap(cell, columns=columns, indent=further, first=further if lines else indent).split("\n")
    return lines


def described(rows: Sequence[tuple[str, str]], *, indent: str = "  ", columns: int | None = None) -> list[str]:
    """Align terms, and what is said of each beside it, in as many lines as that takes; where it is narrow, below it.

    A description that begins with a colour has it on every line.
    """
    columns = columns or columns_of()
    first = max(width(term) for term, _ in rows) + width(indent) + 2
    if columns < COLUMNS and first > columns // 2:
        return _described_below(rows, indent, columns)
    lines: list[str] = []
    for term, description in rows:
        begin, end = _colour_codes(description)
        text = description.removeprefix(begin).removesuffix(end)
        wrapped = wrap(text, columns=columns, indent=" " * first, first=pad(indent + term, first)).split("\n")
        lines += [line[:at] + begin + line[at:] + end for line in wrapped for at in [_text_begin(line, first)]]
    return lines


def _described_below(rows: Sequence[tuple[str, str]], indent: str, columns: int) -> list[str]:
    lines: list[str] = []
    further = indent + "  "
    for term, description in rows:
        begin, end = _colour_codes(description)
        text = description.removeprefix(begin).removesuffix(end)
        # Blanks that would align it with other terms are left out.
        narrow = re.sub(" {3,}", "  ", term)
        lines += wrap(narrow, columns=columns, indent=further, first=indent).split("\n")
        below = wrap(text, columns=columns, indent=further).split("\n") if text else []
        lines += [further + begin + line.removeprefix(further) + end for line in below]
    return lines


def _text_begin(line: str, column: int) -> int:
    """Where in a line the text of a column begins."""
    return next((at for at in range(len(line)) if width(line[:at]) >= column), len(line))


def _colour_codes(text: str) -> tuple[str, str]:
    codes = re.findall(_COLOUR_CODE, text)
    return (codes[0], codes[-1]) if codes else ("", "")


def wrap(text: str, *, columns: int | None = None, indent: str = "", first: str | None = None) -> str:
    """Break a paragraph into lines: at blanks, and between full-width characters.

    ``columns`` are those of stdout unless others are given; ``first`` is the indent of the first line, where it
    differs. A line does not begin with a closing sign or a small letter of kana, nor end with an opening sign. What
    stands on a line of its own and begins with blanks, as commands do, stays whole.
    """
    columns = columns or columns_of()
    head, *rest = text.split("\n")
    lines = _broken(head, columns, indent, indent if first is None else first)
    for line in rest:
        lines += [indent + line] if line.startswith(" ") else _broken(line, columns, indent, indent)
    return "\n".join(lines)


def _broken(text: str, columns: int, indent: str, line: str) -> list[str]:
    """Break one line of a paragraph, which begins as ``line``."""
    lines = []
    fresh = True
    for piece in _pieces(text):
        if not fresh and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line, fresh = indent, True
        line += piece
        fresh = False
    return [*lines, line.rstrip()]


#: What a Japanese line neither begins nor ends with (JIS X 4051), and the signs of ASCII that close.
_NEVER_FIRST: Final = "。、）」』】！？：；，．・ー〜～々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ:;,.)]!?%"
_NEVER_LAST: Final = "（「『【("


def _pieces(text: str) -> list[str]:
    """Cut where a line may end: behind a blank, and around each full-width character but where Japanese does not."""
    pieces = [""]
    last = ""
    for character in text:
        if _is_drawn_over(character):
            pieces[-1] += character
            continue
        may_end = last == " " or any(unicodedata.east_asian_width(c) in "WF" for c in last + character)
        if last and may_end and character not in _NEVER_FIRST and last not in _NEVER_LAST:
            pieces.append("")
        pieces[-1] += character
        last = character
    return pieces


def colour(text: str, name: str, *, stream: TextIO | None = None) -> str:
    """Colour a text for a stream, stdout unless another is given.

    Only where it is a terminal that wants it: ``NO_COLOR`` and ``TERM=dumb`` are honoured.
    """
    target = stream or sys.stdout
    # None: the shell has closed it (``>&-``).
    if target is None or not target.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return click.style(text, fg=name)
