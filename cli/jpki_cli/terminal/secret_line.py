"""The line of a hidden prompt under edit: what was typed, in one buffer, and a mark for each character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.pin import Secret

from .keys import Key, KeyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Characters of a secret that are taken; the longest of the card has 16. What goes beyond is refused with a bell.
MAX_CHARACTERS: Final = 256

_UTF8_BYTES: Final = 4
_MARK: Final = "*"
_BELL: Final = "\a"
_BACK: Final = "\b"
_BLANK: Final = 0x20


class SecretLine:
    """The line under edit, as UTF-8 in one buffer that never moves and can be overwritten.

    Bytes are not checked to be UTF-8: a character begins at a byte that is not a continuation byte, and what is no
    character of a PIN is for the PIN's form to refuse.
    """

    def __init__(self) -> None:
        self._keys = KeyDecoder()
        self._buffer = bytearray(MAX_CHARACTERS * _UTF8_BYTES)
        self._sizes: list[int] = []  # of each character, in bytes
        self._cursor = 0  # characters before it
        self._is_open = False  # bytes of the character before the cursor may follow
        self._is_full = False
        self.is_entered = False
        #: A key was pressed that neither types nor edits, and what it was meant for is missing in the line.
        self.is_refused = False

    @property
    def marks(self) -> str:
        """What stands for the characters on the screen."""
        return _MARK * len(self._sizes)

    @property
    def drawn(self) -> str:
        """The marks, and the cursor where it is."""
        return self.marks + _BACK * self._behind

    @property
    def is_amid(self) -> bool:
        """Whether an escape sequence or a paste has begun and not ended."""
        return self._keys.is_amid

    def settle(self) -> str:
        """Take note that nothing follows at once; return what to write to the terminal."""
        return self._press_all(self._keys.settle(), 0)

    def take(self) -> Secret:
        """Give what was typed."""
        with memoryview(self._buffer) as view:
            return Secret(bytearray(view[: sum(self._sizes)]))

    def wipe(self) -> None:
        """Overwrite what was typed."""
        self._delete(0, len(self._sizes))

    def feed_all(self, chunk: memoryview) -> str:
        """Take bytes up to the Enter, if there is one, overwrite them and return what to write to the terminal.

        Raises:
            EOFError: The input was ended on an empty line.
        """
        written = []
        for index, byte in enumerate(chunk):
            chunk[index] = 0
            if not self.is_entered:
                written.append(self._press_all(self._keys.feed(byte), byte))
        return "".join(written)

    @property
    def _behind(self) -> int:
        """Characters behind the cursor."""
        return len(self._sizes) - self._cursor

    def _press_all(self, keys: Iterable[Key], byte: int) -> str:
        return "".join([self._press(key, byte) for key in keys])

    def _press(self, key: Key, byte: int) -> str:
        if key is Key.TEXT:
            return self._type(byte)
        self._is_open = self._is_full = False
        if key is Key.ENTER:
            self.is_entered = True
            return ""
        if key in (Key.END_OF_INPUT, Key.DELETE_OR_END_OF_INPUT) and not self._sizes:
            raise EOFError
        if key in (Key.REFUSED, Key.END_OF_INPUT):
            self.is_refused = True
            return _BELL
        if key is Key.CLEAR:
            self.is_refused = False  # a new beginning
        target = self._target(key)
        if key in (Key.LEFT, Key.RIGHT, Key.WORD_LEFT, Key.WORD_RIGHT, Key.HOME, Key.END):
            return self._move(target)
        first = 0 if key is Key.CLEAR else self._cursor
        return self._delete(*sorted((first, target)))

    def _target(self, key: Key) -> int:
        """Where a key leads to; a deletion goes from the cursor to there."""
        if key is Key.HOME:
            return 0
        if key in (Key.END, Key.DELETE_REST, Key.CLEAR):
            return len(self._sizes)
        if key in (Key.LEFT, Key.BACKSPACE):
            return max(0, self._cursor - 1)
        if key in (Key.RIGHT, Key.DELETE, Key.DELETE_OR_END_OF_INPUT):
            return min(len(self._sizes), self._cursor + 1)
        return self._word(-1) if key in (Key.WORD_LEFT, Key.DELETE_WORD_LEFT) else self._word(1)

    def _word(self, step: int) -> int:
        """The far end of the word beside the cursor; words stand between blanks."""
        at, end = (self._cursor - 1, -1) if step < 0 else (self._cursor, len(self._sizes))
        for is_blank in (True, False):
            while at != end and (self._buffer[self._offset(at)] == _BLANK) is is_blank:
                at += step
        return at + 1 if step < 0 else at

    def _move(self, target: int) -> str:
        moved, self._cursor = target - self._cursor, target
        return _MARK * moved if moved > 0 else _BACK * -moved

    def _type(self, byte: int) -> str:
        if byte & 0xC0 == 0x80:  # RFC 3629: 10xxxxxx continues a character
            if self._is_full:
                return ""
            if self._is_open and self._sizes[self._cursor - 1] < _UTF8_BYTES:
                self._insert(byte)
                return ""
        self._is_full = len(self._sizes) == MAX_CHARACTERS
        if self._is_full:
            return _BELL
        self._sizes.insert(self._cursor, 0)
        self._cursor += 1
        self._is_open = True
        self._insert(byte)
        return _MARK + self._redrawn(0)

    def _insert(self, byte: int) -> None:
        """Put a byte at the end of the character before the cursor."""
        at, used = self._offset(self._cursor), sum(self._sizes)
        with memoryview(self._buffer) as view:
            view[at + 1 : used + 1] = view[at:used]
        self._buffer[at] = byte
        self._sizes[self._cursor - 1] += 1

    def _delete(self, first: int, last: int) -> str:
        """Overwrite the characters from ``first`` to before ``last``, close the gap, and put the cursor there."""
        start, stop, used = self._offset(first), self._offset(last), sum(self._sizes)
        kept = used - (stop - start)
        with memoryview(self._buffer) as view:
            view[start:kept] = view[stop:used]
            view[kept:used] = bytes(used - kept)
        moved = self._move(first)
        del self._sizes[first:last]
        return moved + self._redrawn(last - first)

    def _redrawn(self, deleted: int) -> str:
        """Write what is behind the cursor again, with blanks for what was deleted, and return to the cursor."""
        return _MARK * self._behind + " " * deleted + _BACK * (self._behind + deleted)

    def _offset(self, character: int) -> int:
        return sum(self._sizes[:character])
