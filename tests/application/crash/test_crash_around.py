"""Failures of a PIN change between and around its commands: transactions, signals, and a card that cannot be left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin
from jpki.errors import CardError, CardRemovedError, CardResetError, JpkiError, ReaderBusyError
from jpki.pin.commands import ChangeWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.crash.conftest import CrashTable, NewCase, Trouble

_CURRENT = ["right", "wrong", "wrong on the last try"]


class _TerminatedError(BaseException):
    """What a program's handler of SIGTERM raises."""


_AT_BEGIN: list[Callable[[], BaseException]] = [
    lambda: ReaderBusyError("busy"),
    lambda: CardResetError("reset"),
    lambda: CardRemovedError("gone"),
    KeyboardInterrupt,
    _TerminatedError,
]


@pytest.mark.parametrize("error", _AT_BEGIN)
@pytest.mark.parametrize("pin", Pin)
def test_a_transaction_that_does_not_begin(
    new_case: NewCase, crash_table: CrashTable, pin: Pin, error: Callable[[], BaseException]
) -> None:
    """Nothing reaches the card, and the PIN is unchanged."""
    case = new_case(pin, "right")

    def fail() -> None:
        raise error()

    case.bench.link.on_begin = fail
    case.run()
    case.judge(crash_table, "transaction does not begin", can_answer=False)
    assert (case.said, case.told, case.faults) == ("unchanged", None, [])
    assert case.error is not None
    assert type(case.error.cause) is type(error())
    assert case.bench.link.exchanges == []


@pytest.mark.parametrize("error", _AT_BEGIN)
@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize("current", _CURRENT)
def test_a_transaction_that_does_not_end(
    new_case: NewCase, crash_table: CrashTable, pin: Pin, current: str, error: Callable[[], BaseException]
) -> None:
    """A change that was answered 9000 stays a success with a warning; a refusal keeps its counter."""
    case = new_case(pin, current)

    def fail() -> None:
        raise error()

    case.bench.link.on_end = fail
    case.run()
    case.judge(crash_table, "transaction does not end", can_answer=True)
    assert case.faults == []
    if current != "right":
        assert case.said == "unchanged"
        return
    lost = isinstance(error(), JpkiError)
    assert case.report is not None
    assert case.report.warnings == (ChangeWarning.CONNECTION_LOST if lost else ChangeWarning.INTERRUPTED,)


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("error", [KeyboardInterrupt, _TerminatedError])
@pytest.mark.parametrize("pin", Pin)
def test_an_interruption_between_two_commands(
    new_case: NewCase, crash_table: CrashTable, pin: Pin, error: type[BaseException], call: int
) -> None:
    """A remembered signal stops before VERIFY, and again before CHANGE; the PIN is unchanged and the counter told."""
    case = new_case(pin, "right")
    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) == call:
            raise error

    case.run(check_interrupts=check)
    case.judge(crash_table, "interrupted between commands", can_answer=True)
    assert (case.said, case.told, case.faults) == ("unchanged", pin.retry_limit, [])
    assert len([c for c, _ in case.bench.link.exchanges if c[1] == 0x20 and len(c) > 4]) == call - 1
    assert not [c for c, _ in case.bench.link.exchanges if c[1] in (0x24, 0x32)]


@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize("trouble", ["6F00 for ever", "mute for ever", "no byte for ever"])
def test_a_card_that_cannot_be_left_is_unpowered(
    new_case: NewCase, troubles: dict[str, Trouble], pin: Pin, trouble: str
) -> None:
    """Where no other application can be selected after the change, power is cut, even if that fails as well."""
    leaving = 8 if pin is Pin.JUKI else 6  # the counter of its other copy is read, too
    for error in (None, CardRemovedError("gone")):
        case = new_case(pin, "right", faults=troubles[trouble].faults(leaving))
        case.bench.link.unpower_error = error
        case.run()
        assert case.said == "changed"
        assert case.bench.link.was_unpowered
        if error is None:
            assert case.bench.opened(pin) == []


@pytest.mark.parametrize("sw", ["6A80", "6700", "6982", "6985"])
@pytest.mark.parametrize("pin", Pin)
def test_a_new_pin_that_the_card_refuses(new_case: NewCase, crash_table: CrashTable, pin: Pin, sw: str) -> None:
    """A refusal of CHANGE leaves the PIN unchanged, with the card's word as the cause and the counter full."""
    case = new_case(pin, "right", faults=f"sw-before:change={sw}")
    case.run()
    case.judge(crash_table, "CHANGE refused", can_answer=True)
    assert (case.said, case.told, case.faults) == ("unchanged", pin.retry_limit, [])
    assert case.error is not None
    assert isinstance(case.error.cause, CardError)
    assert case.error.cause.sw == int(sw, 16)
    assert "CHANGE" in case.error.cause.command
