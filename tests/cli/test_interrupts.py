"""Signals that end the program: tidied up on the way out, and remembered while a PIN is being used."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from jpki_cli.process import Terminated, console_closing, raise_on_termination, shielded

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
CLOSE, LOGOFF, SHUTDOWN = 2, 5, 6


@pytest.fixture
def sigbreak(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The signal of Ctrl-Break; one that stands for it where there is none, which is everywhere but on Windows."""
    if not hasattr(signal, "SIGBREAK"):
        monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    number: int = signal.SIGBREAK  # type: ignore[attr-defined]  # only Windows has it
    kept = {known: signal.getsignal(known) for known in (*ENDING, number)}
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
