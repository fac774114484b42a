"""Standard streams: how wide they are told to be, and those that take nothing any more (a full disk, no reader)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO


#: Digits of a number of columns; more are nonsense, and Python refuses to read a great many.
_DIGITS: Final = 9


def named_columns() -> int | None:
    """Columns that the environment names, as other programs believe them too; None where it names no number."""
    named = os.environ.get("COLUMNS", "")
    # Looked at first: Python 3.11 loses a signal that comes while int() says what is wrong with a text.
    return int(named) if named.isdecimal() and len(named) <= _DIGITS else None


def send_out(stream: TextIO | None) -> None:
    """Send out what was printed; of a stream that is closed nobody wants it.

    Raises:
        OSError: it could not be written.
    """
    if stream is not None:
        stream.flush()


def can_flush(stream: TextIO | None) -> bool:
    """Whether everything that was printed there has gone out."""
    try:
        send_out(stream)
    except (OSError, ValueError):
        return False
    return True


def discard(stream: TextIO | None) -> None:
    """Let go of a stream that takes nothing: Python would trip over it on the way out, with an exit code of its own."""
    if stream is None:
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, stream.fileno())
    except (OSError, ValueError):  # it is not a file
        return
    finally:
        os.close(null)
