"""What is typed into a secret field: one byte for each character, in one buffer that never moves."""

from __future__ import annotations

from typing import Final

from jpki.pin import Secret

#: Characters that are taken; the longest secret of the card has 16.
MAX_CHARACTERS: Final = 64

_FIRST: Final = 0x20
_LAST: Final = 0x7E
_FULL_WIDTH_FIRST: Final = 0xFF01  # the full-width forms of 21 to 7E stand in the same order (Unicode, block FF00)
_FULL_WIDTH_LAST: Final = 0xFF5E
_TO_HALF_WIDTH: Final = 0xFEE0


def narrow(character: str) -> int | None:
    """Give the byte for one typed character; full-width forms are narrowed, and None is what no secret can hold."""
    code = ord(character)
    if _FULL_WIDTH_FIRST <= code <= _FULL_WIDTH_LAST:
        code -= _TO_HALF_WIDTH
    return code if _FIRST <= code <= _LAST else None


class TypedSecret:
    """The characters of a secret under edit; what is deleted is overwritten."""

    def __init__(self) -> None:
        self._buffer = bytearray(MAX_CHARACTERS)
        self._used = 0

    def __len__(self) -> int:
        """Characters typed."""
        return self._used

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self._used > 0

    def __repr__(self) -> str:
        return "<TypedSecret>"

    def insert(self, at: int, byte: int) -> bool:
        """Put a character before the one at ``at``; False where the buffer is full."""
        if self._used == MAX_CHARACTERS:
            return False
        with memoryview(self._buffer) as view:
            view[at + 1 : self._used + 1] = view[at : self._used]
        self._buffer[at] = byte
        self._used += 1
        return True

    def delete(self, first: int, last: int) -> None:
        """Overwrite the characters from ``first`` to before ``last`` and close the gap."""
        kept = self._used - (last - first)
        with memoryview(self._buffer) as view:
            view[first:kept] = view[last : self._used]
            view[kept : self._used] = bytes(self._used - kept)
        self._used = kept

    def copy(self) -> Secret:
        """Give what has been typed so far, to be judged and wiped at once."""
        with memoryview(self._buffer) as view:
            return Secret(bytearray(view[: self._used]))

    def take(self) -> Secret:
        """Give what was typed, and leave nothing here."""
        secret = self.copy()
        self.wipe()
        return secret

    def wipe(self) -> None:
        """Overwrite everything."""
        self.delete(0, self._used)
