"""Names of readers and files with characters that act on a terminal: no command prints one as it is."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from fakefacts import FakeFacts, FakePcsc

from jpki.errors import CardRemovedError, UnknownReaderError
from jpki.transport import ReaderState, find_reader
from jpki_cli.app import AppContext, readers
from jpki_cli.doctor import collecting
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clitest import CliResult, RunCli

    from jpki.transport import CardConnection

NAME = "Reader\x1b]0;owned\x07\x1b[2J\x9b1m\u202e\u2066\u200b\u2028\nError: false\x7f 00 00"
SHOWN = "Reader\\x1b]0;owned\\x07\\x1b[2J\\x9b1m\\u202e\\u2066\\u200b\\u2028\\x0aError: false\\x7f 00 00"
ACTING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
AGENT_CLIENT = Path(__file__).parents[1] / "support" / "agentclient.py"

#: Commands that reach a card, with what a script gives them.
COMMANDS = [
    (("status",), None),
    (("guide",), None),
    (("pin", "status"), None),
    (("pin", "verify", "auth"), "2846"),
    (("pin", "verify", "auth"), "7391"),
    (("pin", "change", "auth", "--yes"), "2846\n8517\n"),
    (("cert", "show", "auth"), None),
    (("cert", "show", "sign"), "SIMCARD1"),
    (("cert", "check", "sign"), "SIMCARD1"),
    (("cert", "export", "auth"), None),
    (("attributes",), "3957"),
    (("auth", "test"), "2846"),
    (("auth", "key"), None),
    (("auth", "sign", "--challenge", "0011223344556677"), "2846"),
    (("sign", "--yes", "FILE"), "SIMCARD1"),
    (("apdu", "00A4040C"), None),
]


def harmless(result: CliResult, *, name: str = SHOWN) -> None:
    """Nothing acts, in the text and in every value of the JSON; ``name`` is the form in which it is seen."""
    for text in (result.stdout, result.stderr, *_texts(result.stdout)):
        acting = [c for c in text if unicodedata.category(c) in ACTING and c not in "\n\t"]
        assert acting == []
        assert "\nError: false" not in text
    assert name in result.stdout.replace("\\\\", "\\") + "".join(result.stderr.split("\n"))


def _texts(output: str) -> Iterator[str]:
    """All names and values of JSON objects, one or one a line."""
    values: list[Any] = []
    try:
        values = [json.loads(output)]
    except ValueError:
        values = [json.loads(line) for line in output.splitlines() if line.startswith('{"') and line.endswith("}")]
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += [*value, *value.values()]
        elif isinstance(value, list):
            values += value


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
    words = [str(contract) if word == "FILE" else word for word in command]
    options = [] if secret is None else ["--pin-stdin"]
    result = desk.run(*words, "--json", *options, stdin=secret)
    is_named = command not in (("cert", "export", "auth"), ("auth", "key"))
    assert not is_named or result.json["reader"] == SHOWN
    harmless(result, name=SHOWN if is_named else "")


@pytest.mark.parametrize(("command", "secret"), COMMANDS)
def test_every_command_on_a_screen(desk: Desk, contract: Path, command: tuple[str, ...], secret: str | None) -> None:
    """Nothing acts on the terminal, whether the name is shown or not."""
    words = [str(contract) if word == "FILE" else word for word in command]
    options = [] if secret is None else ["--pin-stdin"]
    if words[:2] in (["cert", "export"], ["auth", "sign"]):
        options += ["--output", str(contract.with_suffix(".made"))]
    harmless(desk.run(*words, *options, stdin=secret), name="")


def test_the_ssh_agent(desk: Desk) -> None:
    """What is asked of the person has no such character."""
    desk.secrets = ["2846"] * 2
    result = desk.run("ssh", "agent", "--", sys.executable, str(AGENT_CLIENT), "1")
    assert desk.asked
    harmless(result, name="")
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
