"""How many commands a card may make the host send for what it gives (docs/architecture.md, invariant 4).

A card decides how much of a file or an answer comes at a time. Without a cap, one that gives it byte by byte keeps the
reader to itself for minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.errors import ApduError

if TYPE_CHECKING:
    from types import TracebackType

#: No honest card gives less at a time while there is more: a short answer holds 256 bytes, and no reader is known that
#: cuts one below 128. A quarter of that is left for cards not seen so far.
PIECE: Final = 32
#: Commands that bring nothing or little: SELECT, attempts at other forms of a READ, a file of a few bytes.
SPARE: Final = 16


class Pace:
    """Counts the commands of one file or one answer, which are those of the outermost ``with`` block."""

    __slots__ = ("_bytes", "_commands", "_depth")

    def __init__(self) -> None:
        """Count nothing yet."""
        self._bytes = self._commands = self._depth = 0

    def __enter__(self) -> None:
        if not self._depth:
            self._bytes = self._commands = 0
        self._depth += 1

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._depth -= 1

    def note(self, wanted: int, given: int) -> None:
        """Count one answered command; what came beyond the bytes that it asked for is not a progress.

        Raises:
            ApduError: the card gives too little at a time.
        """
        if not self._depth:
            return
        self._commands += 1
        self._bytes += min(wanted, given)
        if self._commands > SPARE + self._bytes // PIECE:
            raise ApduError("the card gives its data in too many pieces")
