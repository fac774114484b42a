"""Standard streams that take nothing any more: a full disk, a reader that went away."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


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
