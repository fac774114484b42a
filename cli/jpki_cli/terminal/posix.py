"""The controlling terminal on POSIX systems, with its settings restored whatever ends or stops the prompt.

While a prompt is open, the signals that end a process restore the settings first and then do what they did before: call
the program's own handler, or end the process. ^Z restores them, stops, and takes the terminal again when the job is
continued. SIGKILL cannot be helped. In a thread other than the main one no signal can be caught, so only the end of the
prompt restores the settings there.
"""

from __future__ import annotations

import errno
import io
import os
import select
import signal
import sys
import termios
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Self

from jpki_cli.process import TURN_SECONDS

from .device import NoTerminalError, TerminalFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

assert sys.platform != "win32"  # noqa: S101 - for type checkers, which leave the rest out there

_PATH: Final = "/dev/tty"
# Indices into what tcgetattr gives.
_IFLAG, _LFLAG, _CC = 0, 3, 6
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
# How long the rest of an escape sequence may take over a slow line; a person's next key comes later.
_SEQUENCE_SECONDS: Final = 0.05
_NEW_LINE: Final = "\n"


def _unechoed(settings: list[Any]) -> list[Any]:
    settings[_IFLAG] &= ~(termios.ISTRIP | termios.IGNCR | termios.INLCR)
    settings[_LFLAG] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.IEXTEN)
    settings[_LFLAG] |= termios.ISIG
    settings[_CC][termios.VMIN], settings[_CC][termios.VTIME] = 1, 0
    return settings


def _echoed(settings: list[Any]) -> list[Any]:
    settings[_IFLAG] |= termios.ICRNL
    settings[_LFLAG] |= termios.ECHO | termios.ECHOE | termios.ICANON | termios.ISIG
    return settings


class _Tty:
    """An open terminal device."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._input = io.FileIO(fd, "rb", closefd=False)

    @contextmanager
    def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
        with _Hold(self, self._fd, _unechoed, redraw) as hold:
            yield
            hold.release(new_line=True)

    @contextmanager
    def visible(self, redraw: Callable[[], str]) -> Iterator[None]:
        with _Hold(self, self._fd, _echoed, redraw) as hold:
            yield
            hold.release(new_line=False)  # the terminal has echoed the Enter

    def read(self, buffer: bytearray) -> int:
        try:
            while not select.select([self._fd], [], [], TURN_SECONDS)[0]:
                pass
            return self._input.readinto(buffer) or 0
        except OSError:  # it was hung up
            raise NoTerminalError(TerminalFault.LOST) from None

    def has_more(self) -> bool:
        return bool(select.select([self._fd], [], [], _SEQUENCE_SECONDS)[0])

    def write(self, text: str) -> None:
        left = memoryview(text.encode(sys.getfilesystemencoding(), "replace"))
        try:
            while left:
                left = left[os.write(self._fd, left) :]
        except OSError:
            raise NoTerminalError(TerminalFault.LOST) from None

    def close(self) -> None:
        self._input.close()
        os.close(self._fd)


class _Hold:
    """The terminal's settings changed for one prompt, and the signals that must not leave them so."""

    def __init__(self, tty: _Tty, fd: int, change: Callable[[list[Any]], list[Any]], redraw: Callable[[], str]) -> None:
        self._tty, self._fd, self._redraw = tty, fd, redraw
        self._found = self._settings()
        self._wanted = change(self._settings())
        self._previous: dict[signal.Signals, Any] = {}
        self._is_held = False

    def __enter__(self) -> Self:
        try:
            if threading.current_thread() is threading.main_thread():
                self._catch_signals()
            self._set()
            # What was typed before the question, and so echoed, is no answer to it.
            termios.tcflush(self._fd, termios.TCIFLUSH)
            self._ask()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release(new_line=True)
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def release(self, *, new_line: bool) -> None:
        """Give the terminal its settings back, once; what was typed and not read must not reach the shell."""
        if not self._is_held:
            return
        with suppress(termios.error):  # it is gone, and its settings with it
            # At once: waiting for output to drain would hang after ^S.
            termios.tcsetattr(self._fd, termios.TCSANOW, self._found)
            termios.tcflush(self._fd, termios.TCIFLUSH)
        self._is_held = False
        if new_line:
            with suppress(NoTerminalError):
                self._tty.write(_NEW_LINE)

    def _settings(self) -> list[Any]:
        try:
            return termios.tcgetattr(self._fd)
        except termios.error:
            raise NoTerminalError(TerminalFault.LOST) from None

    def _take_again(self) -> None:
        self._set()
        self._ask()

    def _ask(self) -> None:
        self._tty.write("\r" + self._redraw())

    def _set(self) -> None:
        self._is_held = True
        while True:
            try:
                # In a job that was continued in the background, this stops it until it is in the foreground again; the
                # signal that continues it then interrupts the call.
                termios.tcsetattr(self._fd, termios.TCSANOW, self._wanted)
            except termios.error as error:
                if error.args[0] == errno.EINTR:
                    continue
                raise NoTerminalError(TerminalFault.LOST) from None
            else:
                return

    def _catch_signals(self) -> None:
        handlers = dict.fromkeys(_ENDING, self._on_end)
        handlers |= {signal.SIGTSTP: self._on_stop, signal.SIGCONT: self._on_continue}
        for number, handler in handlers.items():
            previous = signal.getsignal(number)
            if previous not in (signal.SIG_IGN, None):  # an ignored signal stays ignored (nohup)
                self._previous[number] = previous
                signal.signal(number, handler)

    def _on_end(self, number: int, frame: FrameType | None) -> None:
        self.release(new_line=True)
        self._pass_on(signal.Signals(number), frame)
        self._take_again()  # the program's handler let it live

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self.release(new_line=True)
        # Both are the system's while the job is stopped, so that it stops and the settings are taken once.
        ours = signal.signal(signal.SIGCONT, self._previous.get(signal.SIGCONT, signal.SIG_DFL))
        self._pass_on(signal.Signals(number), frame)
        signal.signal(signal.SIGCONT, ours)
        self._take_again()

    def _on_continue(self, number: int, frame: FrameType | None) -> None:
        # After SIGSTOP, which cannot be caught, the shell has changed the settings.
        previous = self._previous[signal.Signals(number)]
        if callable(previous):
            previous(number, frame)
        self._take_again()

    def _pass_on(self, number: signal.Signals, frame: FrameType | None) -> None:
        previous = self._previous[number]
        if callable(previous):
            previous(number, frame)
            return
        ours = signal.signal(number, previous)
        signal.raise_signal(number)  # ends or stops the process here
        signal.signal(number, ours)


def open_tty() -> _Tty:
    """Open the controlling terminal.

    Raises:
        NoTerminalError: There is no terminal, or another process group is in its foreground.
    """
    try:
        fd = os.open(_PATH, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        raise NoTerminalError(TerminalFault.ABSENT) from None
    try:
        in_foreground = os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        os.close(fd)
        raise NoTerminalError(TerminalFault.LOST) from None
    if not in_foreground:
        # Asking would stop this process without a word, and under timeout(1) or in a script for good.
        os.close(fd)
        raise NoTerminalError(TerminalFault.BACKGROUND)
    return _Tty(fd)
