"""What an answer to CHANGE proves: a closed list that nothing was changed, 9000 that it was, all others nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli

OLD = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
NEW = {"auth": "7392", "sign": "NEWCARD7", "input": "8053", "juki": "9164"}
PROOFS = ["6700", "6881", "6882", "6982", "6983", "6984", "6985", "6A80", "6A86", "6A88", "6B00", "6D00", "6E00"]
NO_PROOFS = [
    *("6100", "6110", "6200", "6281", "6282", "6283", "6300", "6381", "63C0", "63C2", "63CF", "6400", "6401", "6500"),
    *("6581", "6600", "6601", "6C00", "6C08", "6F00", "6F01", "9001", "9100", "91AE", "9F10", "6000", "0000", "FFFF"),
]


@pytest.mark.parametrize("pin", OLD)
@pytest.mark.parametrize("sw", PROOFS)
def test_an_answer_that_proves_it(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, validate: Callable[[dict[str, Any]], None], pin: str, sw: str
) -> None:
    """A checking error: unchanged is said, and the card holds the old one."""
    desk = Desk(run_cli, monkeypatch, "adult", f"sw-before:change={sw}")
    result = desk.run("pin", "change", pin, "--yes", "--json", "--pin-stdin", stdin=f"{OLD[pin]}\n{NEW[pin]}\n")
    validate(result.json)
    assert result.code not in (0, 8)
    assert result.json["outcome"] == "unchanged"
    assert desk.holds(pin) == OLD[pin]
    assert len(desk.presented) == 1


@pytest.mark.parametrize("pin", OLD)
@pytest.mark.parametrize("kind", ["sw", "sw-before"])
@pytest.mark.parametrize("sw", NO_PROOFS)
def test_an_answer_that_proves_nothing(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    validate: Callable[[dict[str, Any]], None],
    pin: str,
    kind: str,
    sw: str,
) -> None:
    """Whether the card carried it out or not, that is not claimed: exit 8, and nothing is presented unasked."""
    desk = Desk(run_cli, monkeypatch, "adult", f"{kind}:change={sw}")
    result = desk.run("pin", "change", pin, "--yes", "--json", "--pin-stdin", stdin=f"{OLD[pin]}\n{NEW[pin]}\n")
    validate(result.json)
    assert (result.code, result.json["outcome"]) == (8, "unknown")
    assert desk.holds(pin) == (NEW if kind == "sw" else OLD)[pin]
    assert len(desk.presented) == 1


@pytest.mark.parametrize(("kind", "outcome"), [("sw", "changed"), ("sw-before", "unchanged")])
@pytest.mark.parametrize("sw", ["6100", "6200", "63C0", "6600", "9001"])
def test_a_person_is_offered_to_find_out(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, sw: str, kind: str, outcome: str
) -> None:
    """The new PIN is presented once, after a yes, and what it shows is what the card holds."""
    desk = Desk(run_cli, monkeypatch, "adult", f"{kind}:change={sw}")
    desk.secrets, desk.answers = [OLD["auth"], NEW["auth"], NEW["auth"]], ["y", "y"]
    result = desk.run("pin", "change", "auth", "--json")
    assert result.json["outcome"] == outcome
    assert desk.holds("auth") == (NEW if kind == "sw" else OLD)["auth"]
    assert len(desk.presented) == 2
