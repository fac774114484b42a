"""A sample of the faults of scripts/enumerate-faults with the real commands over the real PC/SC service.

500 of them where JPKI_LONG is set (``.ci/long``), else 40.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from faultcases import sample
from faultcommands import COMMANDS, CommandCase, command_cases
from faultworld import NEW, RIGHT, WRONG
from pdfsamples import plain

from .test_jpki_crash_points import cards  # noqa: F401 - a fixture

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    import pytest

    from pcscd.conftest import Pcscd

    from .test_jpki_crash_points import Cards

JPKI = [sys.executable, "-m", "jpki_cli"]
COUNT = 500 if os.environ.get("JPKI_LONG") else 40
LIMIT = {"auth": 3, "sign": 5, "input": 3, "juki": 3}
LOST = 8


def chosen() -> list[CommandCase]:
    """Cases whose fault is the card's own, which a card in a virtual reader can have."""
    possible = [case for case in command_cases() if "{at}" in case.fault]
    return sample(possible, len(possible) // COUNT)[:COUNT]


def run(pcscd: Pcscd, slot: int, case: CommandCase, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on the card in a slot, as a script."""
    pin = COMMANDS[case.command]
    secret = (RIGHT if case.is_right else WRONG)[pin]
    file = folder / "contract.pdf"
    file.write_bytes(plain())
    words = [str(file) if word == "FILE" else word for word in case.command.split()]
    options = ["--reader", f"Virtual PCD 00 0{slot}", "--timeout", "5", "--wait", "10", "--json", "--pin-stdin"]
    lines = f"{secret}\n{NEW[pin]}\n" if "change" in case.command else secret
    return pcscd.run([*JPKI, *words, *options], lines, timeout=120)


def judge(case: CommandCase, result: subprocess.CompletedProcess[str], held: dict[str, Any]) -> list[str]:
    """Everything that is told and is not so."""
    pin = COMMANDS[case.command]
    told = json.loads(result.stdout)
    outcome = told.get("outcome" if case.command.startswith("pin ") else "pin")
    was_used = held["tries"] < LIMIT[pin]
    claims = {
        f"{outcome}: the card holds another PIN": outcome in ("changed", "unchanged")
        and (held["value"] == NEW[pin]) is not (outcome == "changed"),
        f"{outcome}: it is not": outcome in ("right", "wrong") and (outcome == "right") is not case.is_right,
        "it was sent": outcome == "not_sent" and held["presented"] > 0,
        f"try_used {told.get('try_used')}": told.get("try_used") == ("no" if was_used else "yes"),
        f"tries left: {held['tries']}": told.get("retries_remaining") not in (None, held["tries"]) and pin != "juki",
        f"exit {result.returncode}: nobody knows": outcome == "unknown" and result.returncode not in (6, LOST),
        "presented again": held["presented"] > 1,
        "something is open": held["is_open"],
    }
    return [lie for lie, is_so in claims.items() if is_so]


def test_what_is_said_is_what_the_card_holds(
    pcscd: Pcscd,
    cards: list[Cards],  # noqa: F811 - the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Outcome, tries, whether one was used and exit codes are true, no PIN goes twice, and nothing stays open."""
    cases = chosen()
    assert len(cases) == COUNT
    found = []
    for slot in (0, 1):
        cards[slot].send(slot, new=cases[slot].fault.format(at=cases[slot].number))
    for number, case in enumerate(cases):
        slot = number % 2
        assert cards[slot].receive()["ok"]
        folder = tmp_path / str(number)
        folder.mkdir()
        result = run(pcscd, slot, case, folder)
        held = cards[slot].ask(slot, state=COMMANDS[case.command])
        if number + 2 < len(cases):  # its reader needs a moment; meanwhile the other one is used
            following = cases[number + 2]
            cards[slot].send(slot, new=following.fault.format(at=following.number))
        found += [f"{case}: {lie}; {result.stderr}" for lie in judge(case, result, held)]
    with capsys.disabled():
        print(f"\nfaults over PC/SC: {len(cases)} cases, {len(found)} told something untrue", end=" ")  # noqa: T201
    assert found == []
