"""Ctrl-C, Ctrl-Break, Ctrl-\\ and SIGTERM while a PIN is being used: wait for the card's answer, then stop.

A command that carries a PIN takes some ten milliseconds. Giving up in the middle would lose the answer, and with it the
truth about the PIN, so the first signal is only remembered: the library looks at it before each secret is sent
(:attr:`jpki.pin.commands.TryPolicy.check_interrupts`). A second one ends the waiting at once.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from .console_closing import held_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


#: Signals besides SIGINT that end a program and that it can answer.
_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")


class Terminated(BaseException):
    """SIGTERM, SIGHUP or SIGQUIT arrived."""


def _exception(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated()


def raise_on_termination() -> None:
    """Turn SIGTERM, SIGHUP, SIGQUIT and SIGBREAK into an exception, so that everything is tidied up on the way out.

    SIGQUIT is Ctrl-\\ at a terminal. SIGBREAK is Ctrl-Break on Windows, where ``console_closing`` makes it of a window
    that is closed, too.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        raise _exception(number)

    for number in _signals(*_ENDING):
        signal.signal(number, stop)


def _signals(*names: str) -> list[int]:
    """Those of these signals that this system has."""
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


@contextmanager
def shielded() -> Iterator[Callable[[], None]]:
    """Remember the first signal inside the block; gives the function that raises it."""
    seen: list[int] = []

    def check() -> None:
        if seen:
            raise _exception(seen[0])

    def remember(number: int, frame: FrameType | None) -> None:
        del frame
        if seen:
            raise _exception(number)
        seen.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = {number: signal.signal(number, remember) for number in _signals("SIGINT", *_ENDING)}
    try:
        with held_open():
            yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
