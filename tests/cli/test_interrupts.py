"""Signals that end the program: tidied up on the way out, and remembered while a PIN is being used."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from jpki_cli.process import Terminated, raise_on_termination, shielded

if TYPE_CHECKING:
    from collections.abc import Iterator

if not hasattr(signal, "SIGUSR1"):
    pytest.skip("a signal to play Windows' SIGBREAK with", allow_module_level=True)

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


@pytest.fixture
def sigbreak(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A signal that stands for the one of Ctrl-Break, which only Windows has."""
    kept = {number: signal.getsignal(number) for number in (*ENDING, signal.SIGUSR1)}
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    yield signal.SIGUSR1
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
