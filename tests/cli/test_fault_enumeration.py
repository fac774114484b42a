"""What is told of a PIN against what the card holds, with a fault at each command: one of ten cases of each family.

All of them are run by ``scripts/enumerate-faults``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faultagent
import faultterminal
import pytest
from faultagent import SIGNALS, AgentCase, agent_misreports
from faultcases import AT_QUESTIONS, FAULTS, MEANWHILE, TASKS, WORDS, Case, misreports, sample, undisturbed
from faultcommands import COMMANDS, LOSING
from faultfamilies import COMMAND, FAMILIES, cases_of, misreports_of
from faultterminal import TerminalCase, terminal_misreports

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
    """Each has every task or command, both kinds of PIN and every fault."""
    assert len(WORDS) == 45
    for family in FAMILIES:
        found = list(cases_of(family))
        assert len({case.is_right for case in found}) == 2
        assert {case.fault for case in found} == _faults(family), family
        done = {getattr(case, "task", getattr(case, "command", None)) for case in found}
        assert done == _tasks(family), family


def _faults(family: str) -> set[str]:
    if family in faultagent.FAMILIES:
        at_dialog = set() if family == faultagent.KEPT else {faultagent.AT_DIALOG + done for done in MEANWHILE}
        return (set(FAULTS) - SIGNALS) | set(MEANWHILE) | at_dialog
    if family == faultterminal.ENDING:
        return {fault for fault in FAULTS if fault.startswith(LOSING)}
    if family in (faultterminal.LAST_TRY, faultterminal.HIDDEN):
        return set(faultterminal.FEW)
    if family.startswith("others"):
        return set(MEANWHILE) | (set(faultterminal.ENDS) if family == faultterminal.AT_QUESTIONS else set())
    return set(FAULTS)


def _tasks(family: str) -> set[str | None]:
    if family in faultagent.FAMILIES:
        return {None}
    if family == COMMAND or family in faultterminal.FAMILIES:
        return {command for command, pin in COMMANDS.items() if "PIN pad" not in family or pin != "sign"}
    return {name for name, task in TASKS.items() if "PIN pad" not in family or not task.pin.is_password}


def _case(task: str, fault: str, number: int = 0, *, is_right: bool = True, family: str = "script") -> Case:
    return Case(family, task, is_right, number, fault)


def test_an_agent_that_nothing_disturbs_signs() -> None:
    """With a PIN that is right, kept or from a dialog; and of a wrong one nothing untrue is said."""
    for family in faultagent.FAMILIES:
        assert agent_misreports(AgentCase(family, True, 0, "")) == []  # noqa: FBT003
        assert agent_misreports(AgentCase(family, False, 0, "")) == []  # noqa: FBT003


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


def test_a_pin_from_a_terminal_for_another_card_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of a command that asks at a terminal, and of the agent while its dialog is open."""
    monkeypatch.setattr(presenting, "require_same", lambda *_: None)
    typed = TerminalCase(faultterminal.AT_QUESTIONS, "auth test", True, 1, "another card")  # noqa: FBT003
    asked = AgentCase(faultagent.PINENTRY, True, 1, faultagent.AT_DIALOG + "another card")  # noqa: FBT003
    assert "a PIN went to another card" in terminal_misreports(typed)
    assert "a PIN went to another card" in agent_misreports(asked)
    monkeypatch.undo()
    assert terminal_misreports(typed) == agent_misreports(asked) == []


def test_a_lie_to_a_person_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a command at a terminal that says that no try was used."""
    monkeypatch.setattr(PinRecord, "try_used", property(lambda _record: TryUse.NO))
    case = TerminalCase(faultterminal.TERMINAL, "pin verify auth", False, 0, "")  # noqa: FBT003
    assert terminal_misreports(case) == ["try_used no: 1 refused"]
