"""A refusal that does not fit the counter just read: the card is asked again before anything is said of tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

RIGHT = {"auth": "2846", "sign": "SIMCARD1", "input": "3957"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392"}
NEW = "8517"
COMMANDS = [
    (("pin", "verify", "auth"), "auth"),
    (("pin", "change", "auth", "--yes"), "auth"),
    (("cert", "show", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "test"), "auth"),
    (("sign", "--yes", "FILE"), "sign"),
]


@pytest.mark.parametrize("secrets", [RIGHT, WRONG], ids=["right", "wrong"])
@pytest.mark.parametrize("sw", ["6983", "6984", "63C0", "63CF", "63C7"])
@pytest.mark.parametrize("kind", ["sw", "sw-before"])
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_what_is_said_is_what_the_card_holds(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    validate: Callable[[dict[str, Any]], None],
    contract: Path,
    command: tuple[str, ...],
    pin: str,
    kind: str,
    sw: str,
    secrets: dict[str, str],
) -> None:
    """Neither "locked" nor 15 tries of 3: the tries are those of the card, and so is whether one was used."""
    desk = Desk(run_cli, monkeypatch, "adult", f"{kind}:verify={sw}")
    before = desk.tries(pin)
    result = desk.run_script(command, contract, secrets[pin], NEW)
    told = result.json
    validate(told)
    # A number that cannot be, of a card that then tells one try less, is explained: the secret was wrong.
    is_explained = kind == "sw" and secrets is WRONG and sw in ("63CF", "63C7")
    assert (result.code, told["code"]) == ((4, "wrong_pin") if is_explained else (6, "card_refused"))
    assert told["retries_remaining"] == desk.tries(pin)
    assert told["try_used"] == ("yes" if desk.tries(pin) < before else "no")
    assert len(desk.presented) == (1 if kind == "sw" else 0)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sw", ["6983", "63C0", "63CF", "63C3"])
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_that_it_contradicts_itself_is_said(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    contract: Path,
    command: tuple[str, ...],
    pin: str,
    sw: str,
    language: str,
) -> None:
    """A refusal that neither fits the counter before nor the one read again has a sentence of its own."""
    desk = Desk(run_cli, monkeypatch, "adult", f"sw-before:verify={sw}")
    told = desk.run_script(command, contract, RIGHT[pin], NEW).json
    assert told["code"] == "card_refused"
    assert {"en": "conflicting information", "ja": "食い違って"}[language] in told["message"][language]
    assert sw in told["message"][language]


def test_another_status_word_is_no_contradiction(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, contract: Path
) -> None:
    """6A86 says nothing of tries, so it contradicts nothing."""
    desk = Desk(run_cli, monkeypatch, "adult", "sw-before:verify=6A86")
    told = desk.run_script(("pin", "verify", "auth"), contract, RIGHT["auth"], NEW).json
    assert "contradicts" not in told["message"]["en"]
    assert "6A86" in told["message"]["en"]


def test_a_card_that_no_longer_tells(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, contract: Path) -> None:
    """The counter cannot be asked again: neither locked nor a number is said."""
    desk = Desk(run_cli, monkeypatch, "adult", "sw:verify=6983,sw:status#2+=6A82")
    told = desk.run_script(("pin", "verify", "auth"), contract, WRONG["auth"], NEW).json
    assert (told["outcome"], told["retries_remaining"], told["try_used"]) == ("unknown", None, "unknown")


def test_a_last_try_is_still_the_last(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """63C0 after one try fits, and costs no further command."""
    desk = Desk(run_cli, monkeypatch)
    desk.set_tries("auth", 1)
    result = desk.run("pin", "verify", "auth", "--json", "--pin-stdin", "--use-last-try", stdin=WRONG["auth"])
    assert (result.code, result.json["code"], result.json["retries_remaining"]) == (5, "pin_blocked", 0)


@pytest.mark.parametrize("sw", ["6983", "6984", "63C0"])
def test_blocked_with_tries_left_does_not_say_wrong(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, contract: Path, sw: str
) -> None:
    """A try less than before, and "blocked" all the same: whether the PIN was compared is not known."""
    desk = Desk(run_cli, monkeypatch, "adult", f"sw:verify={sw}")
    told = desk.run_script(("pin", "verify", "auth"), contract, WRONG["auth"], NEW).json
    assert (told["code"], told["outcome"]) == ("card_refused", "unknown")
    assert (told["retries_remaining"], told["try_used"]) == (2, "yes")
