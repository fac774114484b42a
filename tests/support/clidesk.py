"""A person at a terminal who answers in this process, and a simulated card of which every command is seen."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from pinpadreader import BOTH, PinPadConnection

from jpki.agent.errors import DialogDeclinedError
from jpki.pin import Secret
from jpki.transport import ReaderState
from jpki_cli.app import AppContext
from jpki_cli.terminal import prompts
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest
    from clitest import CliResult, RunCli

    from jpki.agent.dialogs import ChoiceText, SecretText
    from jpki.agent.dialogs.questions import StillWanted
    from jpki.transport import CardConnection


if sys.platform != "win32":
    from jpki_cli.agent import ssh_dialogs as _SSH_DIALOGS  # noqa: N812 - before any desk puts itself there


class _DeskReaders:
    """One reader with the desk's card, to which the agent connects for each request."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.port.insert()

    def readers(self) -> tuple[ReaderState, ...]:
        return (ReaderState(self._desk.reader, 0, is_card_present=True, atr=b""),)

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        return known

    def connect(self, reader: str, *, patience: float | None = None) -> CardConnection:
        self._desk.port.insert()
        self._desk.connection = self._desk.make(SimulatedConnection(self._desk.port, reader))
        return self._desk.connection


class _DeskDialog:
    """The agent's dialogs, answered by the person at the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @contextmanager
    def open(self, is_wanted: StillWanted) -> Iterator[_DeskDialog]:
        yield self

    def ask_secret(self, text: SecretText) -> Secret:
        if not self._desk.secrets:
            raise DialogDeclinedError("no")
        return self._desk.take_secret(text.prompt)

    def choose(self, text: ChoiceText) -> int:
        if not self._desk.take_line(text.description):
            raise DialogDeclinedError("no")
        return 0


class Desk:
    """A person at a terminal, and a card on a reader.

    ``secrets`` and ``answers`` are what is typed, hidden and visibly; ``asked`` collects the questions. ``on_question``
    is called before each answer, for what happens meanwhile.
    """

    def __init__(
        self, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, persona: str = "adult", faults: str = ""
    ) -> None:
        """Sit down."""
        self._run_cli = run_cli
        self._monkeypatch = monkeypatch
        self.card = open_card(persona).card
        self.reached: list[bytes] = []
        self.card.command_log = self.reached
        self.port = FaultyCard(self.card, parse_faults(faults), sleep=lambda _: None)
        self.connection: CardConnection | None = None
        self.reader = "Simulated reader"
        self.asked: list[str] = []
        self.answers: list[str] = []
        self.secrets: list[str] = []
        self.on_question: Callable[[str], None] = lambda _question: None
        monkeypatch.setattr(prompts, "require_terminal", lambda: None)
        monkeypatch.setattr(prompts, "prompt_line", self.take_line)
        monkeypatch.setattr(prompts, "prompt_secret", self.take_secret)
        self.lay()

    def lay(self, make: Callable[[CardConnection], CardConnection] = lambda inner: inner) -> None:
        """Lay the card on the reader, which ``make`` may put something around."""
        self.make = make

        @contextmanager
        def connect(_app: AppContext, _wait: float) -> Iterator[CardConnection]:
            self.port.insert()
            self.connection = make(SimulatedConnection(self.port))
            yield self.connection
            self.connection.close()

        self._monkeypatch.setattr(AppContext, "_connect", connect)
        if sys.platform != "win32":
            self._lay_for_agent()

    def _lay_for_agent(self) -> None:
        """Have the agent find the card, and ask the same person."""
        from jpki_cli.agent import cards, dialog_order as dialogs

        system = _DeskReaders(self)
        self._monkeypatch.setattr(cards, "reader_system", lambda _app: nullcontext(system))
        self._monkeypatch.setattr(
            dialogs,
            "ssh_dialogs",
            lambda environment: (
                _SSH_DIALOGS(environment) if environment.get("SSH_ASKPASS_REQUIRE") == "force" else [_DeskDialog(self)]
            ),
        )

    def put_keys(self, *typed: str, features: bytes = BOTH) -> None:
        """Give the reader keys, on which this will be typed."""
        entries = list(typed)
        self.lay(lambda inner: PinPadConnection(inner, entries, features=features))

    def run(self, *arguments: str, stdin: str | None = None) -> CliResult:
        """Run one command line."""
        return self._run_cli(*arguments, stdin=stdin)

    def run_script(self, command: tuple[str, ...], document: Path, secret: str, new: str) -> CliResult:
        """Run a command as a script does: with a secret, and a new one for a change; FILE stands for the document."""
        words = [str(document) if word == "FILE" else word for word in command]
        lines = f"{secret}\n{new}\n" if "change" in command else secret
        return self.run(*words, "--json", "--pin-stdin", stdin=lines)

    def tries(self, pin: str) -> int:
        """Tries left on the card."""
        return self.card.image.reference_data()[pin].retries_remaining

    def set_tries(self, pin: str, tries: int) -> None:
        """Let another program have used tries."""
        self.card.image.reference_data()[pin].retries_remaining = tries

    def holds(self, pin: str) -> str:
        """Value of a PIN on the card."""
        return self.card.image.reference_data()[pin].value.decode()

    @property
    def keys(self) -> PinPadConnection:
        """The reader with keys that was used."""
        assert isinstance(self.connection, PinPadConnection)
        return self.connection

    @property
    def presented(self) -> list[bytes]:
        """Every VERIFY with a PIN that reached the card."""
        # Five bytes are a header and Le, which has no PIN in it.
        return [command for command in self.reached if command[:2] == b"\x00\x20" and len(command) > 5]

    def take_line(self, question: str) -> str:
        """Answer a question."""
        self.asked.append(question)
        self.on_question(question)
        return self.answers.pop(0)

    def take_secret(self, question: str) -> Secret:
        """Answer a question for a secret."""
        self.asked.append(question)
        self.on_question(question)
        return Secret(self.secrets.pop(0))
