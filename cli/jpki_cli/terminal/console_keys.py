"""What a key record of the Windows console says, as the bytes that a terminal sends for the same key.

The console reports keys, not characters: a record has the key's code, the character that it types, if any, and what
was held down (KEY_EVENT_RECORD in Microsoft's console documentation). Reading characters instead, as ``msvcrt.getwch``
does, makes a function key two characters, the second of which is a letter, and keeps that one where neither ``kbhit``
nor a flush of the console sees it (getwch.cpp of Microsoft's C runtime); so nothing here does.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class KeyRecord(NamedTuple):
    """One KEY_EVENT_RECORD."""

    is_down: bool
    repeats: int
    virtual_key: int
    character: int  # a UTF-16 code unit; 0: it types none
    held: int  # dwControlKeyState


# dwControlKeyState.
ANY_ALT: Final = 0x0003
ANY_CTRL: Final = 0x000C
ENHANCED: Final = 0x0100  # the grey keys; the same keys of the number pad do not have it

_BACK: Final = 0x08
_MENU: Final = 0x12
_ESCAPE: Final = 0x1B
_CTRL_BACK: Final = 0x7F
_CTRL_C: Final = 0x03

#: A key that types nothing here, which the line refuses.
_NO_CHARACTER: Final = b"\0"
_NAVIGATION: Final = {
    0x23: b"\x1b[F",  # End
    0x24: b"\x1b[H",  # Home
    0x25: b"\x1b[D",  # Left
    0x27: b"\x1b[C",  # Right
    0x2E: b"\x1b[3~",  # Delete
}
_WITH_CTRL: Final = {0x25: b"\x1b[1;5D", 0x27: b"\x1b[1;5C"}
# Clear, Page Up, Page Down, End, Home, the arrows, Insert, Delete: the number pad while NumLock is off.
_PAD_WITHOUT_NUMLOCK: Final = frozenset({0x0C, *range(0x21, 0x29), 0x2D, 0x2E})
_PAD_DIGITS: Final = frozenset(range(0x60, 0x6A))
# Keys that type nothing by themselves and are no mistake: what is held down or switched, what belongs to an input
# method, and the keys for music and the like.
_SILENT: Final = frozenset({
    *range(0x10, 0x13), *range(0x14, 0x1B), *range(0x1C, 0x20), 0x5B, 0x5C, 0x5F, *range(0x90, 0x97),
    *range(0xA0, 0xB8), 0xE5, *range(0xF0, 0xF7), 0xFF,
})  # fmt: skip
_ACCENTS: Final = frozenset(range(0xBA, 0xE5))  # may wait for the letter that comes next

_HIGH: Final = range(0xD800, 0xDC00)
_LOW: Final = range(0xDC00, 0xE000)
_REPLACEMENT: Final = 0xFFFD
#: The longest sequence eight times is what a record gives at most; a key held down gives many records.
_MAX_REPEATS: Final = 8


class KeyEncoder:
    """Writes key records as a terminal's bytes; the halves of a character beyond U+FFFF are joined."""

    def __init__(self) -> None:
        self._half = 0

    def encode(self, record: KeyRecord, buffer: bytearray) -> int:
        """Put what the record means at the start of ``buffer``; return how many bytes, which may be 0.

        Nothing of a character is left outside the buffer. It has a place for 64 bytes.

        Raises:
            KeyboardInterrupt: Ctrl-C, which is not a signal while keys are read.
        """
        if record.is_down and record.character == _CTRL_C:
            raise KeyboardInterrupt
        sequence = _sequence(record)
        if sequence is None:
            length = self._character(record, buffer)
        else:
            length = len(sequence)
            buffer[:length] = sequence
        for again in range(1, min(record.repeats, _MAX_REPEATS)):
            for at in range(length):
                buffer[again * length + at] = buffer[at]
        return length * max(1, min(record.repeats, _MAX_REPEATS))

    def _character(self, record: KeyRecord, buffer: bytearray) -> int:
        half, self._half = self._half, 0
        unit = record.character
        if unit in _HIGH:
            self._half = unit
            return 0
        if unit in _LOW:
            unit = 0x10000 + ((half - _HIGH.start) << 10) + unit - _LOW.start if half else _REPLACEMENT
        start = 0
        if record.held & ANY_ALT and not record.held & ANY_CTRL and record.is_down:
            buffer[0], start = _ESCAPE, 1
        return start + _put_utf8(unit, buffer, start)


def _sequence(record: KeyRecord) -> bytes | None:
    """The sequence of a key that is not a character; empty: nothing happened; None: it types its character."""
    key, held = record.virtual_key, record.held
    if not record.is_down:
        # A character pasted, or typed by its number with Alt held down, comes when Alt is let go.
        return None if key == _MENU and record.character else b""
    if key in _PAD_WITHOUT_NUMLOCK and not held & ENHANCED:
        return b"" if held & ANY_ALT else _NO_CHARACTER
    if key in _PAD_DIGITS and held & ANY_ALT:
        return b""
    if key in _NAVIGATION:
        return _WITH_CTRL.get(key, _NO_CHARACTER) if held & (ANY_CTRL | ANY_ALT) else _NAVIGATION[key]
    if not record.character:
        is_silent = key in _SILENT or (key in _ACCENTS and not held & (ANY_CTRL | ANY_ALT))
        return b"" if is_silent else _NO_CHARACTER
    if record.character == _ESCAPE:
        return _NO_CHARACTER
    return b"\x17" if key == _BACK and record.character == _CTRL_BACK else None


def _put_utf8(code: int, buffer: bytearray, at: int) -> int:
    """Write a character as UTF-8 (RFC 3629, 3) without an object that holds it; return its length."""
    if code < 0x80:
        buffer[at] = code
        return 1
    length = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    for place in range(length - 1, 0, -1):
        buffer[at + place] = 0x80 | code & 0x3F
        code >>= 6
    buffer[at] = (0xF00 >> length) & 0xFF | code
    return length
