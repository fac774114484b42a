"""What is told of a PIN against what the card holds, with a fault at each command: one of ten cases of each family.

All of them are run by ``scripts/enumerate-faults``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from faultcases import AT_QUESTIONS, FAULTS, MEANWHILE, TASKS, WORDS, Case, misreports, sample, undisturbed
from faultcommands import AGENT as AGENT_COMMAND, SIGNALS, CommandCase, agent_misreports
from faultfamilies import AGENT, COMMAND, FAMILIES, cases_of, misreports_of

from jpki.pin import TryUse, commands, presenting
from jpki.pin.record import PinRecord

if TYPE_CHECKING:
    from collections.abc import Callable

SHARE = 10
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_untrue_is_said(validate: Callable[[dict[str, Any]], None], family: str, part: int) -> None:
    """Outcome, tries, whether one was used and exit codes are true; nothing stays open, no PIN goes twice."""
    chosen = sample(list(cases_of(family)), SHARE)[part::PARTS]
    assert chosen
    found = [(case, misreports_of(family, case, validate)) for case in chosen]
    assert [(case, lies) for case, lies in found if lies] == []


def test_the_families_are_whole() -> None:
    """Each has every task, both kinds of PIN and every fault; the command line and the agent too."""
    assert len(WORDS) == 45
    for family in FAMILIES:
        found = list(cases_of(family))
        assert len({case.is_right for case in found}) == 2
        wanted = set(MEANWHILE) if family.startswith("others") else set(FAULTS)
        assert {case.fault for case in found} == ((wanted - SIGNALS) | set(MEANWHILE) if family == AGENT else wanted)
        tasks = {getattr(case, "task", None) for case in found}
        password = {name for name, task in TASKS.items() if task.pin.is_password}
        expected = {None} if family in (COMMAND, AGENT) else set(TASKS) - (password if "PIN pad" in family else set())
        assert tasks == expected


def _case(task: str, fault: str, number: int = 0, *, is_right: bool = True, family: str = "script") -> Case:
    return Case(family, task, is_right, number, fault)


def test_an_agent_that_nothing_disturbs_signs() -> None:
    """With a kept PIN that is right; and of a wrong one nothing untrue is said."""
    assert agent_misreports(CommandCase(AGENT_COMMAND, True, 0, "")) == []  # noqa: FBT003
    assert agent_misreports(CommandCase(AGENT_COMMAND, False, 0, "")) == []  # noqa: FBT003


def test_a_lie_about_a_try_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: of a library that says that no try was used."""
    monkeypatch.setattr(PinRecord, "try_used", property(lambda _record: TryUse.NO))
    assert misreports(_case("verify auth", "", is_right=False)) == ["a try was used"]
    assert misreports(_case("verify auth", "", is_right=True)) == []


def test_a_lie_about_a_change_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that takes every status word for a proof that nothing was changed."""
    monkeypatch.setattr(commands, "_NOT_CARRIED_OUT", frozenset(range(0x100)))
    number = next(at for at, one in enumerate(undisturbed("script", "change auth", True), 1) if one[1] == 0x24)  # noqa: FBT003
    assert misreports(_case("change auth", "sw:{at}=6200", number)) == ["it was changed"]


def test_a_card_that_is_left_open_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that does not close it, after a right PIN."""
    from jpki.card import MyNumberCard

    monkeypatch.setattr(MyNumberCard, "drop_security_status", lambda _card: True)
    for task in TASKS:
        if not task.startswith("change"):  # which may leave another application selected
            assert misreports(_case(task, "")) == ["something is open"], task


def test_a_pin_for_another_card_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that does not look which card lies there."""
    monkeypatch.setattr(presenting, "require_same", lambda *_: None)
    case = _case("verify auth", "another card", 1, family=AT_QUESTIONS)
    assert "a PIN went to another card" in misreports(case)
