"""Signals that end the program: tidied up on the way out, and remembered while a PIN is being used."""

from __future__ import annotations

import _thread
import gc
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from jpki_cli.process import Terminated, console_closing, heard, insistent, interrupts, raise_on_termination, shielded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from queue import SimpleQueue

SIGNALS = [number for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if (number := getattr(signal, name, None))]
ENDING = [number for number in SIGNALS if number != signal.SIGINT]
CLOSE, LOGOFF, SHUTDOWN = 2, 5, 6


@pytest.fixture
def sigbreak(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The signal of Ctrl-Break; one that stands for it where there is none, which is everywhere but on Windows."""
    if not hasattr(signal, "SIGBREAK"):
        monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    number: int = signal.SIGBREAK  # type: ignore[attr-defined]  # only Windows has it
    kept = {known: signal.getsignal(known) for known in (*SIGNALS, number)}
    yield number
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_ctrl_break_ends_the_program_in_good_order(sigbreak: int) -> None:
    """Ctrl-Break, and a console window that is closed, end the program as SIGTERM does, and not amid it all."""
    raise_on_termination()
    with pytest.raises(Terminated):
        signal.raise_signal(sigbreak)


@pytest.mark.parametrize("number", ENDING)
def test_signals_that_end_a_program_are_kept_while_a_pin_is_used(sigbreak: int, number: signal.Signals) -> None:
    """Each ends it in good order, and while a PIN is being used only when the card has answered."""
    raise_on_termination()
    with shielded() as check:
        signal.raise_signal(number)
        with pytest.raises(Terminated):
            check()
    with pytest.raises(Terminated):
        signal.raise_signal(number)


def test_ctrl_break_waits_for_the_cards_answer(sigbreak: int) -> None:
    """While a PIN is being used, the first one is remembered and the second one ends the wait."""
    with shielded() as check:
        check()
        signal.raise_signal(sigbreak)
        with pytest.raises(Terminated):
            check()
        with pytest.raises(Terminated):
            signal.raise_signal(sigbreak)


@pytest.mark.parametrize("event", [CLOSE, LOGOFF, SHUTDOWN])
def test_a_window_that_is_closed_waits_for_the_cards_answer(
    sigbreak: int, monkeypatch: pytest.MonkeyPatch, event: int
) -> None:
    """It is remembered as Ctrl-Break is, while the thread that tells Windows to end the program waits."""
    waited: list[float | None] = []
    monkeypatch.setattr(threading.Event, "wait", lambda _event, seconds=None: waited.append(seconds))
    with shielded() as check:
        assert console_closing.answer(event)
        with pytest.raises(Terminated):
            check()
    assert waited == [5.0]


@pytest.mark.parametrize("event", [0, 1])
def test_ctrl_c_and_ctrl_break_are_left_to_the_runtime(sigbreak: int, event: int) -> None:
    """Both are signals there already, and nobody waits."""
    with shielded() as check:
        assert not console_closing.answer(event)
        check()


#: Loses the first signal in a finalizer, whose exceptions Python drops, and then waits as a watch does.
LOSES_ONE = """
import os, signal, sys, threading
from jpki_cli.process import insistent, install_excepthook, raise_on_termination

class Loses:
    def __del__(self):
        os.kill(os.getpid(), {number})

install_excepthook(debug=False)
sys.unraisablehook = lambda lost: os.write(1, b"lost ")  # as long as this runs, the exception has not ended
raise_on_termination()
try:
    with insistent():
        Loses()
        threading.Event().wait({wait})
except BaseException as exc:
    print(type(exc).__name__, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal from elsewhere there")
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("wait", ["", "600"])
def test_a_signal_that_was_lost_is_sent_once_more(wait: str, number: int) -> None:
    """What a handler raised was dropped: the program ends all the same, whatever it waits for."""
    command = [sys.executable, "-c", LOSES_ONE.replace("{wait}", wait).replace("{number}", str(int(number)))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["lost", "Interrupted" if number == signal.SIGINT else "Terminated"]


@pytest.mark.skipif(sys.platform == "win32", reason="no signal from elsewhere there")
def test_a_signal_that_was_heard_is_not_sent_once_more(sigbreak: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A no to a question is over with it, and the one that ends the wait comes once: what is said then is not cut."""
    lost: list[SimpleQueue[object]] = []
    monkeypatch.setattr(_thread, "start_new_thread", lambda _function, arguments: lost.append(arguments[1]))
    with insistent():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            heard()
    with pytest.raises(Terminated), insistent():
        signal.raise_signal(signal.SIGTERM)
    gc.collect()
    assert [queue.empty() for queue in lost] == [False, True, True]


def test_around_a_pin_no_signal_is_sent_once_more(sigbreak: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """There an interruption is dropped where it would hide what became of the PIN; it must not come back."""
    monkeypatch.setattr(interrupts, "_followed", lambda number: pytest.fail(f"signal {number} is followed"))
    raise_on_termination()
    with pytest.raises(Terminated):
        signal.raise_signal(signal.SIGTERM)
    with shielded():
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Terminated):
            signal.raise_signal(signal.SIGTERM)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
def test_signals_that_are_ignored_stay_ignored(sigbreak: int) -> None:
    """Nohup and jobs in the background have the program ignore a signal, also while a PIN is being used."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    raise_on_termination()
    signal.raise_signal(signal.SIGHUP)
    with shielded() as check, insistent():
        signal.raise_signal(signal.SIGHUP)
        check()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
