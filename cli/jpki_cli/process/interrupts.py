"""Ctrl-C, Ctrl-Break, Ctrl-\\ and SIGTERM while a PIN is being used: wait for the card's answer, then stop.

A command that carries a PIN takes some ten milliseconds. Giving up in the middle would lose the answer, and with it the
truth about the PIN, so the first signal is only remembered: the library looks at it before each secret is sent
(:attr:`jpki.pin.commands.TryPolicy.check_interrupts`). A second one ends the waiting at once.

What a handler raises can be lost: in a finalizer, which may raise nothing, and in Python 3.11 while the text of another
exception is being made (``int("")``: PyErr_FormatV replaces what the repr raised). A command that waits for cards or
programs would then wait for ever, so in such commands a signal that was lost is sent once more. Not in others: around a
PIN an interruption is dropped on purpose where it would hide what became of the PIN.

How a command ended may be that a try was used, so no first signal keeps it from being told (:func:`finish`).
"""

from __future__ import annotations

import _thread
import atexit
import signal
import sys
import threading
import time
import weakref
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from .console_closing import held_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


#: Signals besides SIGINT that end a program and that it can answer.
_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
#: Python answers a signal that comes right before a wait once that wait is over: so no wait is longer than this.
TURN_SECONDS: Final = 1.0
#: How long a signal that was lost waits before it is sent once more: the place that lost it takes microseconds.
_PAUSE: Final = 0.01
#: What was raised and has not been heard of yet; a reference tells when the exception is gone.
_raised: Final[list[weakref.ref[BaseException]]] = []


class Terminated(BaseException):
    """SIGTERM, SIGHUP or SIGQUIT arrived."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed; unlike Python's own class, one whose end can be noticed."""


def _exception(number: int) -> BaseException:
    return Interrupted() if number == signal.SIGINT else Terminated()


def raise_on_termination() -> None:
    """Turn SIGTERM, SIGHUP, SIGQUIT and SIGBREAK into an exception, so that everything is tidied up on the way out.

    SIGQUIT is Ctrl-\\ at a terminal. SIGBREAK is Ctrl-Break on Windows, where ``console_closing`` makes it of a window
    that is closed, too. Ctrl-C is an exception already; with the same handler :func:`finish` knows that all are ours.
    """
    for number in _signals("SIGINT", *_ENDING):
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    raise _exception(number)


def finish() -> None:
    """Let the first signal from now on pass: the command has ended, and what is left is to tell how.

    A second one ends the process as the system does, so that an output that nobody reads holds nobody up. Does nothing
    where signals are not answered here (:func:`raise_on_termination`).
    """
    ours = [number for number in _signals("SIGINT", *_ENDING) if signal.getsignal(number) is _stop]
    for number in ours:
        signal.signal(number, _pass_over)
    if ours:
        atexit.register(_answer_instead, signal.SIG_IGN)


def _pass_over(number: int, frame: FrameType | None) -> None:
    del number, frame
    _answer_instead(signal.SIG_DFL)


def _answer_instead(handler: signal.Handlers) -> None:
    """Have the system answer what :func:`finish` answers so far.

    Python takes functions away before its own end, which takes as long as many a command, and leaves what is ignored.
    """
    for number in _signals("SIGINT", *_ENDING):
        if signal.getsignal(number) is _pass_over:
            signal.signal(number, handler)


@contextmanager
def insistent() -> Iterator[None]:
    """Send a signal once more inside the block when what it raised was lost; for what waits and uses no PIN here."""

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        raise _followed(number)

    if not _is_in_main_thread():
        yield
        return
    with _handled_by(stop):
        try:
            yield
        finally:
            heard()


def heard() -> None:
    """Take note of what a signal raised in an insistent block, where nothing else is to follow from it."""
    _raised.clear()


def _followed(number: int) -> BaseException:
    """The exception for a signal; when it ends before :func:`heard`, the signal is sent once more."""
    error, lost = _exception(number), SimpleQueue[object]()
    # Called wherever the exception ends: so it is a function in C, which no signal interrupts, and takes no lock.
    _raised.append(weakref.ref(error, lost.put))
    with suppress(RuntimeError):  # no more threads
        _thread.start_new_thread(_send_again, (signal.Signals(number), lost))
    return error


def _send_again(number: signal.Signals, lost: SimpleQueue[object]) -> None:
    lost.get()
    time.sleep(_PAUSE)
    if sys.platform == "win32":
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)  # wakes it from whatever it waits for


def _signals(*names: str) -> list[int]:
    """Those of these signals that this system has and that are not ignored (nohup, a job in the background)."""
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


def _is_in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have all signals that end a program handled otherwise inside the block; the main thread alone can do that."""
    before = {number: signal.signal(number, handler) for number in _signals("SIGINT", *_ENDING)}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


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

    if _is_in_main_thread():
        with _handled_by(remember), held_open():
            yield check
    else:
        yield check
