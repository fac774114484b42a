"""What a command claims of a PIN against what the card holds, with a fault at each command of the host: a fixed part.

The cases are all products of the lists below; a part of them, chosen by a fixed seed, runs here, and all of them with
JPKI_LONG=1 (.ci/long).
"""

from __future__ import annotations

import itertools
import os
import random
from typing import TYPE_CHECKING, Any, Final

import pytest
from clidesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

RIGHT: Final = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG: Final = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW: Final = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
COMMANDS: Final = (
    *((("pin", "verify", pin), pin) for pin in RIGHT),
    *((("pin", "change", pin, "--yes"), pin) for pin in RIGHT),
    (("cert", "show", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "sign", "--challenge", "0011223344556677"), "auth"),
    (("auth", "test"), "auth"),
    (("sign", "--cms", "--yes", "FILE"), "sign"),
    (("sign", "--yes", "FILE"), "sign"),
)
WORDS: Final = (
    *("6100", "6110", "6200", "6281", "6282", "6283", "6300", "6381", "63C0", "63C1", "63C2", "63C3", "63C7", "63CF"),
    *("6400", "6401", "6500", "6581", "6600", "6700", "6881", "6882", "6900", "6981", "6982", "6983", "6984", "6985"),
    *("6986", "6988", "6A80", "6A81", "6A82", "6A86", "6A88", "6B00", "6C00", "6C08", "6D00", "6E00", "6F00", "9001"),
    *("9100", "91AE", "FFFF"),
)
PLACES: Final = ("select", "status", "verify", "change", "read", "sign")
FAULTS: Final = (
    *(("remove:{at}", "remove-after:{at}", "mute:{at}", "mute-after:{at}", "truncate:{at}=1", "empty:{at}")),
    *(("reset:{at}", "reader-gone:{at}")),
    *(f"{kind}:{{at}}={word}" for kind in ("sw", "sw-before") for word in WORDS),
)
COUNTERS: Final = ("63C", "6983", "6984")
PROOFS: Final = ("67", "68", "69", "6A", "6B", "6D", "6E")


def _is_believable_lie(pin: str, place: str, fault: str) -> bool:
    """Whether the card's word cannot be told from the truth: a counter that fits, a proof that nothing was changed."""
    kind, _, word = fault.partition(":{at}=")
    if not kind.startswith("sw"):
        return False
    if place == "verify":
        return word == f"63C{(5 if pin == 'sign' else 3) - 1}"
    if place == "change":
        return kind == "sw" and word.startswith(PROOFS)
    return place == "status" and word.startswith(COUNTERS)


CASES: Final = [
    case
    for case in itertools.product(COMMANDS, PLACES, FAULTS, (True, False))
    if not _is_believable_lie(case[0][1], case[1], case[2])
]
PART: Final = len(CASES) if os.environ.get("JPKI_LONG") == "1" else 600


def _lies(told: dict[str, Any], desk: Desk, pin: str, before: int, *, is_right: bool) -> list[str]:
    """Everything that was claimed and is not so."""
    lies = []
    left = desk.tries(pin)
    outcome = told.get("outcome") or told.get("pin")
    holds = desk.holds(pin)
    if outcome in ("changed", "unchanged") and (holds == NEW[pin]) is not (outcome == "changed"):
        lies.append(f"{outcome}: the card holds another PIN")
    if outcome in ("right", "wrong") and is_right is not (outcome == "right"):
        lies.append(f"{outcome}: it is not")
    if told.get("try_used") == "no" and left < before:
        lies.append("a try was used")
    if told.get("try_used") == "yes" and left == before:
        lies.append("no try was used")
    if told.get("exit_code") == 5 and left:
        lies.append("it is not locked")
    return lies


@pytest.mark.parametrize("part", range(4))
def test_nothing_untrue_is_said(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    validate: Callable[[dict[str, Any]], None],
    contract: Path,
    part: int,
) -> None:
    """Outcome, tries and whether one was used are those of the card, or said to be unknown; one VERIFY at most."""
    found = []
    chosen = random.Random(13).sample(CASES, PART)[part::4]  # noqa: S311 - a fixed choice of cases
    for (command, pin), place, fault, is_right in chosen:
        plan = fault.format(at=place)
        desk = Desk(run_cli, monkeypatch, "adult", plan)
        before = desk.tries(pin)
        words = [str(contract) if word == "FILE" else word for word in command]
        secret = (RIGHT if is_right else WRONG)[pin]
        lines = f"{secret}\n{NEW[pin]}\n" if "change" in command else secret
        for made in contract.parent.iterdir():
            if made != contract:
                made.unlink()
        told = desk.run(*words, "--json", "--pin-stdin", stdin=lines).json
        validate(told)
        lies = _lies(told, desk, pin, before, is_right=is_right)
        if len(desk.presented) > 1:
            lies.append("presented twice")
        found += [(" ".join(command), plan, is_right, lies)] if lies else []
    assert found == []
