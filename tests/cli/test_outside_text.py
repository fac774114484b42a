"""Names of readers and files with characters that act on a terminal: no command prints one as it is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clidesk import Desk
from fakefacts import FakeFacts, FakePcsc
from outsidenames import COMMANDS, harmless, words_of

from jpki.errors import CardRemovedError, UnknownReaderError
from jpki.transport import ReaderState, find_reader
from jpki_cli.app import AppContext, readers
from jpki_cli.doctor import collecting
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clitest import RunCli

    from jpki.transport import CardConnection

NAME = "Reader\x1b]0;owned\x07\x1b[2J\x9b1m\u202e\u2066\u200b\u2028\nError: false\x7f 00 00"
SHOWN = "Reader\\x1b]0;owned\\x07\\x1b[2J\\x9b1m\\u202e\\u2066\\u200b\\u2028\\x0aError: false\\x7f 00 00"
AGENT_CLIENT = Path(__file__).parents[1] / "support" / "agentclient.py"


@pytest.fixture
def desk(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A card on a reader of this name."""
    at = Desk(run_cli, monkeypatch)

    @contextmanager
    def connect(_app: AppContext, _wait: float) -> Iterator[CardConnection]:
        at.port.insert()
        connection = SimulatedConnection(at.port, NAME)
        try:
            yield connection
        finally:
            connection.close()

    monkeypatch.setattr(AppContext, "_connect", connect)
    return at


@pytest.mark.parametrize(("command", "secret"), COMMANDS)
def test_every_command_in_json(desk: Desk, contract: Path, command: tuple[str, ...], secret: str | None) -> None:
    """The reader's name is in the object in its visible form."""
    result = desk.run(*words_of(command, contract, secret), "--json", stdin=secret)
    harmless(result)
    assert (result.code == 2) is ("--format" in command)  # two forms at once
    assert result.code == 2 or result.json["reader"] == SHOWN


@pytest.mark.parametrize(("command", "secret"), COMMANDS)
def test_every_command_on_a_screen(desk: Desk, contract: Path, command: tuple[str, ...], secret: str | None) -> None:
    """Nothing acts on the terminal, whether the name is shown or not."""
    words = words_of(command, contract, secret)
    if words[:2] == ["auth", "sign"]:
        words += ["--output", str(contract.with_suffix(".made"))]
    result = desk.run(*words, stdin=secret)
    assert result.code != 2
    harmless(result)


def test_the_ssh_agent(desk: Desk) -> None:
    """What is asked of the person has no such character."""
    desk.secrets = ["2846"] * 2
    result = desk.run("ssh", "agent", "--", sys.executable, str(AGENT_CLIENT), "1")
    assert desk.asked
    harmless(result)
    assert all(question.isprintable() for question in desk.asked)


class _Service:
    """A PC/SC service with one reader of this name."""

    states = (ReaderState(NAME, 0, is_card_present=True),)

    def readers(self) -> tuple[ReaderState, ...]:
        return self.states

    def wait_for_change(self, _known: tuple[ReaderState, ...], _timeout: float) -> tuple[ReaderState, ...]:
        raise CardRemovedError("the end")

    def connect(self, reader: str, *, patience: float = 0) -> CardConnection:
        assert reader == NAME
        assert patience == 0
        return SimulatedConnection(open_card("adult").card, NAME)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the service."""

    @contextmanager
    def open_system(_app: object) -> Iterator[_Service]:
        yield _Service()

    monkeypatch.setattr(readers, "open_system", open_system)


@pytest.mark.parametrize(
    "command",
    [
        ("readers",),
        ("readers", "--json"),
        ("status", "--watch"),
        ("status", "--watch", "--json"),
        ("--reader", NAME, "status"),
        ("--reader", SHOWN, "status", "--json"),
        ("--reader", "READER", "status"),
        ("--reader", "nobody", "status"),
        ("--reader", "nobody", "status", "--json"),
    ],
)
@pytest.mark.usefixtures("service")
def test_lists_and_choices(run_cli: RunCli, command: tuple[str, ...]) -> None:
    """The list, the watch, the choice by name, as it is or as it is shown, and the refusal with the names there are."""
    result = run_cli(*command)
    harmless(result, name="" if "nobody" in command and "--json" in command else "Reader\\x1b]0;owned")
    assert (result.code == 0) is ("nobody" not in command and "--watch" not in command)


def test_a_name_that_is_shown_alike_is_not_mistaken() -> None:
    """The name as it is comes first; what is shown alike twice is refused."""
    real, alike = ReaderState("a\x1b", 0), ReaderState("a\\x1b", 1)
    assert find_reader((real, alike), "a\x1b") is real
    assert find_reader((real, alike), "a\\x1b") is alike
    with pytest.raises(UnknownReaderError):
        find_reader((ReaderState("a\x1b", 0), ReaderState("a\x1b", 1)), "a\\x1b")


@pytest.mark.parametrize(
    "command",
    [
        ("doctor",),
        ("doctor", "--json"),
        ("report",),
        ("report", "--json"),
        ("report", "--format", "html"),
    ],
)
def test_doctor_and_report(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    """Screen, JSON, text and HTML."""
    listed = (ReaderState(NAME, 0, is_card_present=True, is_mute=True),)

    @contextmanager
    def collect_facts(_app: object) -> Iterator[FakeFacts]:
        yield FakeFacts(pcsc=FakePcsc(listed=listed, applications=(NAME,)))

    monkeypatch.setattr(collecting, "collect_facts", collect_facts)
    harmless(run_cli(*command), name="" if command[0] == "doctor" else "Reader\\x1b]0;owned")
