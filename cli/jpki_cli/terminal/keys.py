"""The keys that a terminal sends, distinguished from the characters that it sends.

A terminal sends both as bytes: control characters, and escape sequences for the keys that have none (ECMA-48, 5.4;
xterm and the Linux console differ in a few). ``console_keys`` gives the same bytes for the keys of a Windows console,
so that one line editor serves all.

A key that neither types nor edits is :attr:`Key.REFUSED`, never nothing: its user may believe that it typed something,
as with the number pad while NumLock is off.
"""

from __future__ import annotations

import enum
from typing import Final


class Key(enum.Enum):
    """What one key does on a line, by the names of GNU Readline where it has one."""

    TEXT = enum.auto()  # the byte belongs to a character
    ENTER = enum.auto()
    END_OF_INPUT = enum.auto()
    LEFT = enum.auto()
    RIGHT = enum.auto()
    WORD_LEFT = enum.auto()
    WORD_RIGHT = enum.auto()
    HOME = enum.auto()
    END = enum.auto()
    BACKSPACE = enum.auto()
    DELETE = enum.auto()
    DELETE_OR_END_OF_INPUT = enum.auto()
    DELETE_WORD_LEFT = enum.auto()
    DELETE_WORD_RIGHT = enum.auto()
    DELETE_REST = enum.auto()
    CLEAR = enum.auto()
    REFUSED = enum.auto()


_ESCAPE: Final = 0x1B
_BLANK: Final = 0x20
_DELETE: Final = 0x7F
_FIRST_FINAL: Final = 0x40  # what ends a control sequence is 40 to 7E (ECMA-48, 5.4)

_CONTROLS: Final = {
    0x01: Key.HOME,  # Ctrl-A
    0x02: Key.LEFT,  # Ctrl-B
    0x04: Key.DELETE_OR_END_OF_INPUT,  # Ctrl-D
    0x05: Key.END,  # Ctrl-E
    0x06: Key.RIGHT,  # Ctrl-F
    0x08: Key.BACKSPACE,
    0x0A: Key.ENTER,
    0x0B: Key.DELETE_REST,  # Ctrl-K
    0x0D: Key.ENTER,
    0x15: Key.CLEAR,  # Ctrl-U
    0x17: Key.DELETE_WORD_LEFT,  # Ctrl-W
    0x1A: Key.END_OF_INPUT,  # Ctrl-Z, on Windows; elsewhere it stops the job and does not come here
    _DELETE: Key.BACKSPACE,
}
_WITH_ALT: Final = {
    0x08: Key.DELETE_WORD_LEFT,
    _DELETE: Key.DELETE_WORD_LEFT,
    ord("b"): Key.WORD_LEFT,
    ord("d"): Key.DELETE_WORD_RIGHT,
    ord("f"): Key.WORD_RIGHT,
}
_CURSOR: Final = {ord("C"): Key.RIGHT, ord("D"): Key.LEFT, ord("F"): Key.END, ord("H"): Key.HOME}
_SEQUENCES: Final = {
    **{bytes([final]): key for final, key in _CURSOR.items()},
    **dict.fromkeys((b"1~", b"7~"), Key.HOME),
    **dict.fromkeys((b"4~", b"8~"), Key.END),
    **dict.fromkeys((b"1;3D", b"1;5D"), Key.WORD_LEFT),  # with Alt, with Ctrl
    **dict.fromkeys((b"1;3C", b"1;5C"), Key.WORD_RIGHT),
    b"3~": Key.DELETE,
}
_PASTE: Final = {b"200~": True, b"201~": False}  # the brackets around a paste: begins, ends
_FOCUS: Final = (b"I", b"O")  # the window got or lost the focus
_PRIVATE: Final = b"<=>?"  # begins what a terminal answers by itself


class _State(enum.Enum):
    TEXT = enum.auto()
    ESCAPE = enum.auto()  # after Esc
    SEQUENCE = enum.auto()  # after Esc [
    SINGLE = enum.auto()  # after Esc O
    FUNCTION = enum.auto()  # after Esc [ [: F1 to F5 of the Linux console


class KeyDecoder:
    """Takes a terminal's bytes one by one."""

    def __init__(self) -> None:
        self._state = _State.TEXT
        self._sequence = bytearray()
        self._is_pasting = False

    @property
    def is_amid(self) -> bool:
        """Whether an escape sequence or a paste has begun and not ended."""
        return self._state is not _State.TEXT or self._is_pasting

    def settle(self) -> tuple[Key, ...]:
        """Take note that nothing follows: what has begun was a key by itself, and a paste is over."""
        state, self._state = self._state, _State.TEXT
        self._is_pasting = False
        return () if state is _State.TEXT else (Key.REFUSED,)

    def feed(self, byte: int) -> tuple[Key, ...]:
        """Give the keys that end with this byte."""
        if byte == _ESCAPE:
            begun, self._state = self._state, _State.ESCAPE
            return () if begun is _State.TEXT else (Key.REFUSED,)
        state, self._state = self._state, _State.TEXT
        if state is _State.TEXT:
            return self._text(byte)
        if state is _State.ESCAPE:
            return self._after_escape(byte)
        if byte < _BLANK:  # the sequence was cut off
            return (Key.REFUSED, *self._text(byte))
        if state is _State.SEQUENCE:
            return self._in_sequence(byte)
        return (_CURSOR.get(byte, Key.REFUSED) if state is _State.SINGLE else Key.REFUSED,)

    def _text(self, byte: int) -> tuple[Key, ...]:
        if byte >= _BLANK and byte != _DELETE:
            return (Key.TEXT,)
        if self._is_pasting:
            return ()  # a line end that was copied along is not an Enter
        return (_CONTROLS.get(byte, Key.REFUSED),)

    def _after_escape(self, byte: int) -> tuple[Key, ...]:
        if byte == ord("["):
            self._state = _State.SEQUENCE
            self._sequence.clear()
            return ()
        if byte == ord("O"):
            self._state = _State.SINGLE
            return ()
        if byte in _WITH_ALT:
            return (_WITH_ALT[byte],)
        return (Key.REFUSED, *self._text(byte)) if byte < _BLANK else (Key.REFUSED,)

    def _in_sequence(self, byte: int) -> tuple[Key, ...]:
        self._sequence.append(byte)
        if byte < _FIRST_FINAL:
            self._state = _State.SEQUENCE
            return ()
        sequence = bytes(self._sequence)
        if sequence == b"[":
            self._state = _State.FUNCTION
            return ()
        if sequence in _PASTE:
            self._is_pasting = _PASTE[sequence]
            return ()
        if sequence in _FOCUS or sequence[0] in _PRIVATE:
            return ()
        return (_SEQUENCES.get(sequence, Key.REFUSED),)
