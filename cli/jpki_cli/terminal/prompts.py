"""Questions to the person at the terminal; the only place where a PIN is typed.

Own code, because click.prompt and getpass show no marks and fall back to an echoing prompt, the small packages that
show marks write to stdout and leave the terminal unechoed after a signal, and prompt_toolkit is heavy for one line.

A prompt needs the controlling terminal and uses nothing else: the standard streams may be files, pipes or a log. Every
function raises :class:`NoTerminalError` where there is no terminal, ``EOFError`` when the input is ended (Ctrl-D,
Ctrl-Z on Windows) and ``KeyboardInterrupt`` on Ctrl-C. Texts come ready-made, with the blank that ends them.
"""

from __future__ import annotations

import enum
from contextlib import closing
from typing import Final

from jpki.pin.secret import Secret
from jpki_cli.process.hygiene import shield_memory
from jpki_cli.terminal.device import NoTerminalError, TerminalFault, open_terminal

__all__ = ["NoTerminalError", "TerminalFault", "confirm", "is_interactive", "prompt_line", "prompt_secret"]

#: Characters of a secret that are taken; the longest of the card has 16. What goes beyond is refused with a bell.
MAX_CHARACTERS: Final = 256

_LINE_BYTES: Final = 4096  # a terminal's own limit for a line
_CHUNK_BYTES: Final = 64
_UTF8_BYTES: Final = 4
_YES: Final = frozenset({"y", "yes", "はい"})
_NO: Final = frozenset({"n", "no", "いいえ"})

_MARK: Final = "*"
_ERASE: Final = "\b \b"
_BELL: Final = "\a"
_ENTER: Final = b"\r\n"
_BACKSPACE: Final = b"\b\x7f"
_CLEAR: Final = 0x15
_END_OF_INPUT: Final = 0x04
_ESCAPE: Final = 0x1B
_BLANK: Final = 0x20
_PASTE: Final = {b"200": True, b"201": False}  # parameters of the brackets around a paste: begins, ends
_DELETE: Final = 0x7F


def prompt_secret(prompt: str) -> Secret:
    """Ask for a PIN or password, showing a mark for each character."""
    shield_memory()
    line = _SecretLine()
    chunk = bytearray(_CHUNK_BYTES)
    try:
        with closing(open_terminal()) as terminal, terminal.hidden(lambda: prompt + line.marks):
            while not line.is_entered:
                length = terminal.read(chunk)
                if length == 0:  # Ctrl-D is a character here
                    raise NoTerminalError(TerminalFault.LOST)
                terminal.write(line.feed_all(memoryview(chunk)[:length]))
                if line.is_amid and not terminal.has_more():
                    line.settle()
        return line.take()
    finally:
        line.wipe()
        chunk[:] = bytes(_CHUNK_BYTES)


def prompt_line(prompt: str) -> str:
    """Ask for a line that is shown as it is typed; give it without its line end."""
    buffer = bytearray(_LINE_BYTES)
    with closing(open_terminal()) as terminal, terminal.visible(lambda: prompt):
        length = terminal.read(buffer)
        if length == 0:
            raise EOFError
    return buffer[:length].decode(errors="replace").rstrip("\r\n")


def confirm(prompt: str, *, default: bool = False) -> bool:
    """Ask until the answer is yes or no, in English or Japanese; Enter alone is ``default``."""
    import unicodedata

    while True:
        answer = unicodedata.normalize("NFKC", prompt_line(prompt)).strip().casefold()
        if not answer:
            return default
        if answer in _YES | _NO:
            return answer in _YES


def is_interactive() -> bool:
    """Whether there is a terminal to ask on."""
    try:
        open_terminal().close()
    except NoTerminalError:
        return False
    return True


class _State(enum.Enum):
    TEXT = enum.auto()
    ESCAPE = enum.auto()  # after Esc
    SEQUENCE = enum.auto()  # after Esc [
    LAST = enum.auto()  # one more byte belongs to the sequence


class _SecretLine:
    """The line under edit, as UTF-8 in one buffer that never moves and can be overwritten.

    Bytes are not checked to be UTF-8: a character begins at a byte that is no continuation byte, and what is no
    character of a PIN is for the PIN's form to refuse.
    """

    def __init__(self) -> None:
        self._buffer = bytearray(MAX_CHARACTERS * _UTF8_BYTES)
        self._used = 0
        self._starts: list[int] = []  # where each character begins
        self._state = _State.TEXT
        self._parameters = bytearray()
        self._is_pasting = False
        self._is_full = False
        self.is_entered = False

    @property
    def marks(self) -> str:
        """What stands for the characters on the screen."""
        return _MARK * len(self._starts)

    @property
    def is_amid(self) -> bool:
        """Whether an escape sequence or a paste has begun and not ended."""
        return self._state is not _State.TEXT or self._is_pasting

    def settle(self) -> None:
        """Take note that nothing follows: Esc was a key by itself, and a paste is over."""
        self._state = _State.TEXT
        self._is_pasting = False

    def take(self) -> Secret:
        """Give what was typed."""
        with memoryview(self._buffer) as view:
            return Secret(bytearray(view[: self._used]))

    def wipe(self) -> None:
        """Overwrite what was typed."""
        self._erase(len(self._starts))

    def feed_all(self, chunk: memoryview) -> str:
        """Take bytes up to the Enter, if there is one, overwrite them and return what to write to the terminal.

        Raises:
            EOFError: The input was ended on an empty line.
        """
        written = []
        for index, byte in enumerate(chunk):
            chunk[index] = 0
            if not self.is_entered:
                written.append(self._feed(byte))
        return "".join(written)

    def _feed(self, byte: int) -> str:
        if byte == _ESCAPE:
            self._state = _State.ESCAPE
            return ""
        if self._state is _State.TEXT or (self._state is not _State.ESCAPE and byte < _BLANK):
            self._state = _State.TEXT
            return self._key(byte)
        return self._sequence(byte)

    def _sequence(self, byte: int) -> str:
        """Swallow cursor keys, function keys and the brackets around a paste (ECMA-48, 5.4)."""
        state, self._state = self._state, _State.TEXT
        if state is _State.ESCAPE:
            if byte == ord("["):
                self._state = _State.SEQUENCE
                self._parameters.clear()
            elif byte == ord("O"):
                self._state = _State.LAST
            else:
                return self._key(byte)  # Esc and then a key, or Alt and a key
        elif state is _State.SEQUENCE:
            self._in_sequence(byte)
        return ""

    def _in_sequence(self, byte: int) -> None:
        if byte < ord("@"):
            self._state = _State.SEQUENCE
            self._parameters.append(byte)
        elif byte == ord("[") and not self._parameters:
            self._state = _State.LAST  # F1 to F5 of the Linux console
        elif byte == ord("~") and bytes(self._parameters) in _PASTE:
            self._is_pasting = _PASTE[bytes(self._parameters)]

    def _key(self, byte: int) -> str:
        if self._is_pasting and (byte < _BLANK or byte == _DELETE):
            return ""  # a line end that was copied along is no Enter
        if byte in _ENTER:
            self.is_entered = True
        elif byte in _BACKSPACE:
            return self._erase(min(1, len(self._starts)))
        elif byte == _CLEAR:
            return self._erase(len(self._starts))
        elif byte == _END_OF_INPUT and not self._starts:
            raise EOFError
        elif byte >= _BLANK:
            return self._add(byte)
        return ""

    def _add(self, byte: int) -> str:
        if byte & 0xC0 == 0x80:  # RFC 3629: 10xxxxxx continues a character
            if self._is_full:
                return ""
            if self._starts and self._used - self._starts[-1] < _UTF8_BYTES:
                self._put(byte)
                return ""
        self._is_full = len(self._starts) == MAX_CHARACTERS
        if self._is_full:
            return _BELL
        self._starts.append(self._used)
        self._put(byte)
        return _MARK

    def _put(self, byte: int) -> None:
        self._buffer[self._used] = byte
        self._used += 1

    def _erase(self, characters: int) -> str:
        start = self._starts[-characters] if characters else self._used
        for index in range(start, self._used):
            self._buffer[index] = 0
        self._used = start
        del self._starts[len(self._starts) - characters :]
        return _ERASE * characters
