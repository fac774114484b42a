"""Every failure at every command of a PIN change: what is said is what the card holds.

Each case runs one change on a fresh card with one trouble at one command, then looks into the card. The cases are
counted and shown as a table at the end of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin
from jpki.errors import PinBlockedError, WrongPinError
from jpki.pin import ChangeReport

if TYPE_CHECKING:
    from application.crash.conftest import CrashTable, NewCase, Trouble

    #: PIN, whether the current one is right, how the card is, whether the new one is read back.
    Scenario = tuple[Pin, str, str, bool]

_CURRENT = ["right", "wrong", "wrong on the last try"]
_SCENARIOS: list[Scenario] = [
    *((pin, current, "card", False) for pin in Pin for current in _CURRENT),
    *((pin, "right", "card", True) for pin in Pin),
    *((pin, current, "phone", False) for pin in (Pin.AUTH, Pin.SIGN) for current in _CURRENT),
    *((pin, "right", kind, False) for pin in Pin for kind in ("contact", "verified is 9000", "no short ids")),
]


def _name(scenario: Scenario) -> str:
    pin, current, kind, confirm = scenario
    return f"{pin.value}, {current}, {kind}{', read back' if confirm else ''}"


@pytest.mark.parametrize("scenario", _SCENARIOS, ids=_name)
def test_every_trouble_at_every_command(
    new_case: NewCase, troubles: dict[str, Trouble], crash_table: CrashTable, scenario: Scenario
) -> None:
    """What is said is what the card holds, no try is lost without need, no PIN is shown, nothing is left open."""
    pin, current, kind, confirm = scenario
    undisturbed = new_case(pin, current, kind, confirm=confirm)
    undisturbed.run()
    faults = []
    for number in range(1, len(undisturbed.bench.link.exchanges) + 1):
        for name, trouble in troubles.items():
            case = new_case(pin, current, kind, confirm=confirm, faults=trouble.faults(number))
            case.bench.link.hook = trouble.hook(number)
            case.run()
            case.judge(crash_table, can_answer=trouble.is_passing)
            faults += [f"command {number}, {name}: {fault}" for fault in case.faults]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scenario", _SCENARIOS, ids=_name)
def test_undisturbed(new_case: NewCase, crash_table: CrashTable, scenario: Scenario) -> None:
    """Without trouble the right PIN is changed, the wrong one is refused, and on the last try it locks the PIN."""
    pin, current, kind, confirm = scenario
    case = new_case(pin, current, kind, confirm=confirm)
    case.run()
    case.judge(crash_table, can_answer=True)
    assert not case.faults
    if current == "right":
        assert case.report == ChangeReport(pin, pin.retry_limit, confirm)
        return
    assert (case.said, case.tries_lost) == ("unchanged", 1)
    assert case.error is not None
    cause = case.error.cause
    if current == "wrong":
        assert isinstance(cause, WrongPinError)
        assert cause.retries_remaining == case.told == pin.retry_limit - 1
    else:
        assert isinstance(cause, PinBlockedError)
        assert (cause.by_this_call, case.told) == (True, 0)
