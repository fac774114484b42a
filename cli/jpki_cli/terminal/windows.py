"""The console on Windows, key by key through ``msvcrt``, which leaves no setting behind to be restored."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from jpki_cli.terminal.device import NoTerminalError, TerminalFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase, RawIOBase

_CTRL_C: Final = "\x03"
_CTRL_Z: Final = "\x1a"
_CTRL_D: Final = b"\x04"
# The first half of a function key, whose second half is no character; U+00E0 by itself is the letter à.
_FUNCTION_KEYS: Final = ("\x00", "\xe0")


class Console:
    """An open console: ``lines`` and ``out`` are CONIN$ and CONOUT$, ``getwch`` and ``kbhit`` those of ``msvcrt``."""

    def __init__(
        self,
        lines: RawIOBase | BufferedIOBase,
        out: RawIOBase | BufferedIOBase,
        getwch: Callable[[], str],
        kbhit: Callable[[], bool],
    ) -> None:
        self._lines, self._out, self._getwch, self._kbhit = lines, out, getwch, kbhit
        self._is_hidden = False

    @contextmanager
    def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        self._ask(redraw)
        self._is_hidden = True
        try:
            yield
        finally:
            self._is_hidden = False
            self._drop_typed()
            self.write("\r\n")

    @contextmanager
    def visible(self, redraw: Callable[[], str]) -> Iterator[None]:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        self._ask(redraw)
        yield

    def read(self, buffer: bytearray) -> int:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        if not self._is_hidden:
            try:
                return self._lines.readinto(buffer) or 0
            except OSError:
                raise NoTerminalError(TerminalFault.LOST) from None
        key = self._key()
        buffer[: len(key)] = key
        return len(key)

    def has_more(self) -> bool:
        """See :class:`jpki_cli.terminal.device.Terminal`."""
        return self._kbhit()

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

    def _ask(self, redraw: Callable[[], str]) -> None:
        self._drop_typed()  # what was typed before the question is no answer to it
        self.write(redraw())

    def _drop_typed(self) -> None:
        while self._kbhit():
            self._getwch()

    def _key(self) -> bytes:
        while True:
            unit = self._getwch()
            if unit == _CTRL_C:  # no signal while a single key is read
                raise KeyboardInterrupt
            if unit == _CTRL_Z:
                return _CTRL_D
            if unit in _FUNCTION_KEYS and self._kbhit():
                self._getwch()
                continue
            if "\ud800" <= unit <= "\udbff":  # the first half of a character beyond U+FFFF
                unit += self._getwch()
            return unit.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def open_console() -> Console:
    """Open the console of this process.

    Raises:
        NoTerminalError: There is none (a service, a detached process).
    """
    if sys.platform == "win32":
        import msvcrt

        with suppress(OSError):
            lines = open("CONIN$", "rb", buffering=0)  # noqa: SIM115 - closed with the console
            out = open("CONOUT$", "wb", buffering=0)  # noqa: SIM115 - the same
            return Console(lines, out, msvcrt.getwch, msvcrt.kbhit)
    raise NoTerminalError(TerminalFault.ABSENT)
