"""The console on Windows: keys with their codes at a hidden prompt, lines of the system's own at a visible one."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from .console_keys import KeyEncoder
from .console_sight import is_seen
from .device import NoTerminalError, TerminalFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase, RawIOBase

    from .console_keys import KeyRecord

# Input modes of Microsoft's SetConsoleMode.
PROCESSED: Final = 0x0001  # Ctrl-C is a signal and no key
LINES: Final = 0x0002
ECHO: Final = 0x0004
MOUSE: Final = 0x0010
SEQUENCES: Final = 0x0200  # keys come as the characters of escape sequences


class Keyboard(Protocol):
    """The keys of a console; every method raises :class:`NoTerminalError` when it goes away."""

    def mode(self) -> int:
        """Give the console's input mode."""
        ...

    def set_mode(self, mode: int) -> None:
        """Change the console's input mode."""
        ...

    def drop(self) -> None:
        """Drop what was typed and not read."""
        ...

    def next(self) -> KeyRecord:
        """Wait for a key."""
        ...


class Console:
    """An open console: ``lines`` and ``out`` are CONIN$ and CONOUT$."""

    def __init__(self, lines: RawIOBase | BufferedIOBase, out: RawIOBase | BufferedIOBase, keyboard: Keyboard) -> None:
        self._lines, self._out, self._keyboard = lines, out, keyboard
        self._keys = KeyEncoder()
        self._is_hidden = False

    @contextmanager
    def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        with self._asked(redraw, off=PROCESSED | LINES | ECHO | MOUSE | SEQUENCES):
            self._is_hidden = True
            try:
                yield
            finally:
                self._is_hidden = False
                with suppress(NoTerminalError):
                    self.write("\r\n")

    @contextmanager
    def visible(self, redraw: Callable[[], str]) -> Iterator[None]:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        with self._asked(redraw, on=PROCESSED | LINES | ECHO, off=SEQUENCES):
            yield

    def read(self, buffer: bytearray) -> int:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        if not self._is_hidden:
            try:
                return self._lines.readinto(buffer) or 0
            except OSError:
                raise NoTerminalError(TerminalFault.LOST) from None
        length = 0
        while not length:  # keys that were let go, and the like
            length = self._keys.encode(self._keyboard.next(), buffer)
        return length

    def has_more(self) -> bool:
        """See :class:`jpki_cli.terminal.device.Terminal`; the bytes of a key always come together."""
        return False

    def write(self, text: str) -> None:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        left = memoryview(text.encode("utf-8", "replace"))
        try:
            while left:
                left = left[self._out.write(left) or 0 :]
        except OSError:
            raise NoTerminalError(TerminalFault.LOST) from None

    def close(self) -> None:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        self._lines.close()
        self._out.close()

    @contextmanager
    def _asked(self, redraw: Callable[[], str], *, on: int = 0, off: int = 0) -> Iterator[None]:
        """Change the input mode for one question; what is typed before it and behind its answer is dropped."""
        found = self._keyboard.mode()
        self._keyboard.set_mode(found & ~off | on)
        try:
            self._keyboard.drop()
            self.write(redraw())
            yield
        finally:
            with suppress(NoTerminalError):  # it is gone, and its mode with it
                self._keyboard.drop()
                self._keyboard.set_mode(found)


def open_console() -> Console:
    """Open the console of this process.

    Raises:
        NoTerminalError: There is no console (a detached process), or the console cannot be seen.
    """
    if sys.platform == "win32":
        try:
            lines = open("CONIN$", "rb", buffering=0)  # noqa: SIM115 - closed with the console
            out = open("CONOUT$", "wb", buffering=0)  # noqa: SIM115 - the same
        except OSError:
            raise NoTerminalError(TerminalFault.ABSENT) from None
        from .console_calls import ConsoleKeyboard, has_window, standard_streams

        console = Console(lines, out, ConsoleKeyboard(lines.fileno()))
        if not is_seen(standard_streams(), has_window=has_window()):
            console.close()
            raise NoTerminalError(TerminalFault.UNSEEN)
        return console
    raise NoTerminalError(TerminalFault.ABSENT)
