"""Crash points of a PIN change on Windows: what is said of the PIN is what the card holds.

The whole enumeration is in tests/application/crash; here its troubles come through winscard.dll and Windows' pyscard.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from pathlib import Path

    from winreader import VirtualReader

    from windows.conftest import Windows

SECRETS = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
LIMIT = {"auth": 3, "sign": 5, "input": 3, "juki": 3}
#: Selecting the application, the counter, VERIFY, CHANGE, and selecting another application at the end.
_LAST = {"auth": 3, "sign": 3, "input": 3, "juki": 4}
_PLANS = [
    ("remove:select#1", "right"),
    ("remove:verify", "right"),
    ("remove-after:verify", "right"),
    ("remove:change", "right"),
    ("remove-after:change", "right"),
    ("remove-after:select#{last}", "right"),
    ("sw:verify=6F00", "right"),
    ("sw:change=6F00", "right"),
    ("sw-before:change=6982", "right"),
    ("truncate:change=1", "right"),
    ("sw-before:select#{last}=6F00", "right"),
    ("remove-after:verify", "wrong"),
    ("sw:verify=6581", "wrong"),
]


class Case(NamedTuple):
    """One change with one trouble."""

    pin: str
    plan: str
    current: str


CASES = [Case(pin, plan.format(last=_LAST[pin]), current) for plan, current in _PLANS for pin in SECRETS]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_what_is_said_is_what_the_card_holds(
    windows: Windows, reader: VirtualReader, tmp_path: Path, case: Case
) -> None:
    """No misreport, no try lost without need, no PIN shown."""
    card = open_card("adult").card
    card.command_log = []
    windows.lay(reader, FaultyCard(card, parse_faults(case.plan)))
    current = (SECRETS if case.current == "right" else WRONG)[case.pin]
    options = ("--timeout", "5", "--trace", "trace.txt")
    result = windows.jpki(
        *options, "pin", "change", case.pin, "--pin-stdin", "--json", "--yes", stdin=f"{current}\n{NEW[case.pin]}\n"
    )
    said = json.loads(result.stdout)
    held = card.image.reference_data()[case.pin]
    truth = {SECRETS[case.pin]: "unchanged", NEW[case.pin]: "changed"}[held.value.decode()]
    may_be_unknown = ":change" in case.plan and "6982" not in case.plan
    assert said["outcome"] in ((truth, "unknown") if may_be_unknown else (truth,)), result.stderr
    assert said["retries_remaining"] in (None, held.retries_remaining)
    presented = sum(command[:2] == b"\x00\x20" and len(command) > 5 for command in card.command_log)
    assert presented <= 1
    lost = LIMIT[case.pin] - held.retries_remaining
    assert lost <= (case.current == "wrong" and presented > 0)
    trace = tmp_path / "trace.txt"
    shown = result.stdout + result.stderr + (trace.read_text(encoding="utf-8") if trace.exists() else "")
    for secret in (SECRETS[case.pin], WRONG[case.pin], NEW[case.pin]):
        assert secret not in shown
        assert secret.encode().hex(" ").upper() not in shown
