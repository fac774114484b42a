"""A card that does not tell its counter is asked again, and then treated as if the last try were left."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from openings import OPENINGS

from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli

RIGHT = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
#: Commands that present a PIN, with the PIN; FILE stands for a document.
COMMANDS = [
    *((("pin", "verify", pin), pin) for pin in RIGHT),
    *((("pin", "change", pin, "--yes"), pin) for pin in RIGHT),
    (("cert", "show", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "test"), "auth"),
    (("auth", "sign", "--challenge", "0011223344556677"), "auth"),
    (("sign", "--yes", "FILE"), "sign"),
]
#: What hides the counter for good; every empty VERIFY is answered so.
HIDING = ["sw-before:status+=9000", "sw-before:status+=6300"]


@pytest.fixture
def sit_down(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Desk]:
    """Make a desk with a card that follows a fault plan."""
    return lambda faults: Desk(run_cli, monkeypatch, "adult", faults)


def _words(command: tuple[str, ...], contract: Path) -> list[str]:
    return [str(contract) if word == "FILE" else word for word in command]


def _lines(command: tuple[str, ...], pin: str) -> str:
    return f"{RIGHT[pin]}\n{NEW[pin]}\n" if "change" in command else RIGHT[pin]


@pytest.mark.parametrize("hiding", HIDING)
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_a_script_needs_its_own_option(
    sit_down: Callable[[str], Desk],
    validate: Callable[[dict[str, Any]], None],
    contract: Path,
    command: tuple[str, ...],
    pin: str,
    hiding: str,
) -> None:
    """Nothing is sent without --hidden-counter, and --use-last-try is not that."""
    desk = sit_down(hiding)
    desk.set_tries(pin, 1)
    for options in ((), ("--use-last-try",)):
        result = desk.run(*_words(command, contract), "--json", "--pin-stdin", *options, stdin=_lines(command, pin))
        assert (result.code, result.json["code"], result.json["try_used"]) == (5, "hidden_counter", "no")
        assert desk.presented == []
        validate(result.json)
    result = desk.run(
        *_words(command, contract), "--json", "--pin-stdin", "--hidden-counter", stdin=_lines(command, pin)
    )
    assert (result.code, len(desk.presented)) == (0, 1)


@pytest.mark.parametrize("hiding", HIDING)
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_a_person_is_asked_as_for_the_last_try(
    sit_down: Callable[[str], Desk], contract: Path, command: tuple[str, ...], pin: str, hiding: str
) -> None:
    """The words are typed out, or nothing is sent."""
    for answer, code in (("", 5), ("use the last try", 0)):
        desk = sit_down(hiding)
        desk.secrets = [RIGHT[pin], NEW[pin], NEW[pin]]
        desk.answers = [answer]
        result = desk.run(*_words(command, contract))
        assert result.code == code
        assert "this may be the last one" in " ".join(result.stderr.split())
        assert len(desk.presented) == (code == 0)


@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_a_card_that_another_program_left_open_shows_its_counter(
    sit_down: Callable[[str], Desk], contract: Path, command: tuple[str, ...], pin: str
) -> None:
    """Its application is left, and the card asked again: the last try is found, and guarded."""
    desk = sit_down("sw-before:status=9000")
    desk.set_tries(pin, 1)
    if pin == "juki" and "change" in command:  # whose other copy is asked for first
        desk = sit_down("sw-before:status#2=9000")
        desk.set_tries(pin, 1)
    result = desk.run(*_words(command, contract), "--json", "--pin-stdin", stdin=_lines(command, pin))
    assert (result.code, result.json["code"]) == (5, "last_try")
    assert desk.presented == []


@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_a_pin_that_is_left_verified_does_not_hide_the_last_try(
    sit_down: Callable[[str], Desk], contract: Path, command: tuple[str, ...], pin: str
) -> None:
    """The card itself answers 9000 until another application was selected; its own once more would not do."""
    desk = sit_down("")
    desk.card._state.settings = replace(desk.card.settings, status_verified="9000")
    _leave_verified(desk, pin)
    desk.set_tries(pin, 1)
    desk.reached.clear()
    result = desk.run(*_words(command, contract), "--json", "--pin-stdin", stdin=_lines(command, pin))
    assert (result.code, result.json["code"]) == (5, "last_try")
    assert desk.presented == []


def _leave_verified(desk: Desk, pin: str) -> None:
    """Let another program present the PIN, and not leave its application."""
    select, places = OPENINGS[pin]
    ef_id = {"auth": "0018", "sign": "001B", "input": "0011", "juki": "001C"}[pin]
    assert any(place == ef_id for place, _command in places)
    desk.port.insert()
    other = SimulatedConnection(desk.port)
    verify = f"00200080{len(RIGHT[pin]):02X}{RIGHT[pin].encode().hex()}"
    for one in (select, f"00A4020C02{ef_id}", verify):
        assert other.transmit(bytes.fromhex(one)) == b"\x90\x00"


def test_a_lost_answer_behind_a_hidden_counter_is_no_success(sit_down: Callable[[str], Desk]) -> None:
    """9000 to the question proves nothing of a card that said it before, too."""
    desk = sit_down("sw-before:status+=9000,truncate:verify=1")
    result = desk.run("pin", "verify", "auth", "--json", "--pin-stdin", "--hidden-counter", stdin="7391")
    assert (result.code, result.json["outcome"]) == (8, "unknown")
    assert (result.json["retries_remaining"], result.json["try_used"]) == (None, "unknown")


def test_the_ssh_agent_asks_on_its_terminal_only(sit_down: Callable[[str], Desk]) -> None:
    """As for the last try."""
    client = (sys.executable, str(Path(__file__).parents[1] / "support" / "agentclient.py"))
    for answer, code in (("", 4), ("use the last try", 0)):
        desk = sit_down("sw-before:status+=9000")
        desk.secrets, desk.answers = [RIGHT["auth"]], [answer]
        assert desk.run("ssh", "agent", "--", *client).code == code
        assert len(desk.presented) == (code == 0)


@pytest.mark.parametrize("sw", ["63CF", "63C7", "63C4"])
def test_a_number_that_no_counter_can_have_is_not_said(sit_down: Callable[[str], Desk], sw: str) -> None:
    """What was before is not known; a refusal that names more tries than the PIN has contradicts itself even so."""
    desk = sit_down(f"sw-before:status+=6300,sw-before:verify={sw}")
    told = desk.run("pin", "verify", "auth", "--json", "--pin-stdin", "--hidden-counter", stdin=RIGHT["auth"]).json
    assert (told["code"], told["outcome"]) == ("card_refused", "unknown")
    assert (told["retries_remaining"], told["try_used"]) == (None, "unknown")
