"""A PIN was sent and its answer was lost: that is told whatever the command, with whether a try was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli

RIGHT = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
LIMIT = {"auth": 3, "sign": 5, "input": 3, "juki": 3}

#: Commands that present a PIN, with the PIN; FILE stands for a document.
COMMANDS = [
    *((("pin", "verify", pin), pin) for pin in RIGHT),
    *((("pin", "change", pin, "--yes"), pin) for pin in RIGHT),
    (("cert", "show", "sign"), "sign"),
    (("cert", "check", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "test"), "auth"),
    (("auth", "sign", "--challenge", "0011223344556677"), "auth"),
    (("sign", "--cms", "--yes", "FILE"), "sign"),
    (("sign", "--yes", "FILE"), "sign"),
]
LOST = ["remove-after:verify", "reader-gone:verify", "reset:verify", "mute-after:verify", "truncate:verify=1"]


@pytest.fixture
def script(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, contract: Path
) -> Callable[[tuple[str, ...], str, str, str], tuple[Desk, CliResult]]:
    """Run a command with a script's secret and a fault plan."""

    def call(command: tuple[str, ...], pin: str, secret: str, faults: str) -> tuple[Desk, CliResult]:
        desk = Desk(run_cli, monkeypatch, "adult", faults)
        return desk, desk.run_script(command, contract, secret, NEW[pin])

    return call


@pytest.mark.parametrize("plan", LOST)
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_a_lost_answer_is_told(
    script: Callable[[tuple[str, ...], str, str, str], tuple[Desk, CliResult]],
    validate: Callable[[dict[str, Any]], None],
    command: tuple[str, ...],
    pin: str,
    plan: str,
) -> None:
    """Exit 8 and that a try may have been used; whether one was is said where the card could be asked."""
    desk, result = script(command, pin, WRONG[pin], plan)
    told = result.json
    validate(told)
    assert (result.code, told["code"]) == (8, "outcome_unknown")
    assert "try may have been used" in told["message"]["en"]
    if command[:2] == ("pin", "change"):
        assert told["outcome"] == "unchanged"
    else:
        assert told["outcome" if command[0] == "pin" else "pin"] == "unknown"
    can_ask = plan.startswith(("mute", "truncate"))
    used = LIMIT[pin] - desk.tries(pin)
    assert told["retries_remaining"] == (desk.tries(pin) if can_ask else None)
    assert told["try_used"] == (("yes" if used else "no") if can_ask else "unknown")


@pytest.mark.parametrize(
    ("secret", "plan", "said"),
    [
        (RIGHT, "", "no"),
        (WRONG, "", "yes"),
        (RIGHT, "sw-before:status=6A82", "no"),
        (RIGHT, "sw-before:verify=6985", "no"),
        (WRONG, "sw:verify=6985", "yes"),
        (WRONG, "sw:verify=6300", "yes"),
        (RIGHT, "sw:verify=6F00", "no"),
    ],
)
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_whether_a_try_was_used(
    script: Callable[[tuple[str, ...], str, str, str], tuple[Desk, CliResult]],
    validate: Callable[[dict[str, Any]], None],
    command: tuple[str, ...],
    pin: str,
    secret: dict[str, str],
    plan: str,
    said: str,
) -> None:
    """Yes: the counter is lower. No: nothing was sent, or it is equal or full."""
    desk, result = script(command, pin, secret[pin], plan)
    validate(result.json)
    assert result.json["try_used"] == said
    assert (desk.tries(pin) < LIMIT[pin]) is (said == "yes")


def test_a_refusal_without_any_counter(
    script: Callable[[tuple[str, ...], str, str, str], tuple[Desk, CliResult]],
) -> None:
    """6300, and no counter when the card is asked for it: unknown."""
    told = script(("pin", "verify", "auth"), "auth", WRONG["auth"], "sw:verify=6300,sw:status#2+=6A82")[1].json
    assert (told["outcome"], told["retries_remaining"], told["try_used"]) == ("wrong", None, "unknown")


def test_a_used_try_is_not_used_again_by_the_advice(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong PIN and a card that is lost at VERIFY: nobody is told to put the card back and do the same again."""
    desk = Desk(run_cli, monkeypatch, "adult", "remove-after:verify")
    result = desk.run("pin", "change", "auth", "--pin-stdin", stdin=f"{WRONG['auth']}\n{NEW['auth']}\n")
    said = " ".join(result.stderr.split())
    assert result.code == 8
    assert "A try may have been used" in said
    assert "is unchanged" in said
    assert "hold it still until the command is done" not in said


def test_a_person_learns_it_from_the_card_that_is_back(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, validate: Callable[[dict[str, Any]], None]
) -> None:
    """The same card is put back within the call: the counter is read again, and whether a try was used is said."""
    for command in (("pin", "change", "auth"), ("pin", "verify", "auth"), ("auth", "test")):
        desk = Desk(run_cli, monkeypatch, "adult", "remove-after:verify")
        desk.secrets = [WRONG["auth"], NEW["auth"], NEW["auth"]]
        desk.answers = ["y"]
        result = desk.run(*command, "--json")
        validate(result.json)
        assert (result.code, result.json["retries_remaining"], result.json["try_used"]) == (8, 2, "yes")
