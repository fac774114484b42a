"""An agent of the tests' own: a simulated card, a person who answers from a list, and doors on sockets."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from jpki.agent import Agent, CardAccess, Client, Faces, describe
from jpki.agent.dialogs import ChoiceText, SecretText
from jpki.agent.errors import DialogDeclinedError
from jpki.agent.pkcs11.module import Module
from jpki.pin import Secret
from jpki_sim.serve import SimulatedReaders

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from jpki.agent.dialogs import DialogQuestion, Grant
    from jpki.agent.dialogs.desk import Answer
    from jpki.agent.pkcs11 import KeyCertificates, Slot
    from jpki.identifiers import CertificateKind
    from jpki_sim.card import SimulatedCard

PIN = "2846"
WRONG = "1357"
PASSWORD = "SIMCARD1"
READER = "Simulated reader"


class PlainWords:
    """Words that are the names of the facts; what was asked is kept."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.questions: list[DialogQuestion] = []

    def secret(self, question: DialogQuestion, grant: Grant) -> SecretText:
        """Keep the question."""
        self.questions.append(question)
        return SecretText("title", f"{question.purpose.use.value} {grant.value}", "prompt", "ok", "cancel")

    def grants(self, question: DialogQuestion, grants: Sequence[Grant]) -> ChoiceText:
        """Name the grants."""
        return ChoiceText("title", "grants", tuple(grant.value for grant in grants), "cancel")

    def confirm(self, question: DialogQuestion) -> ChoiceText:
        """Keep the question."""
        self.questions.append(question)
        return ChoiceText("title", "confirm", ("use it",), "cancel")

    def last_try(self, question: DialogQuestion) -> ChoiceText:
        """Keep the question."""
        self.questions.append(question)
        return ChoiceText("title", "last try", ("use it",), "cancel")


class PlainLabels:
    """Names of tokens and objects, in English."""

    def token(self, key: CertificateKind) -> str:
        """Name of a token."""
        return {"auth": "JPKI user certificate", "sign": "JPKI signature certificate"}[key.value]

    def certificate(self, kind: CertificateKind) -> str:
        """Name of an object."""
        return kind.value


@dataclass
class ListedPerson:
    """Answers secrets and choices from lists; where a list is empty, the answer is no. ``on_ask`` is called first."""

    secrets: list[str] = field(default_factory=list)
    choices: list[int] = field(default_factory=list)
    asked: list[SecretText | ChoiceText] = field(default_factory=list)
    on_ask: Callable[[], None] = lambda: None

    @contextmanager
    def open(self, is_wanted: Callable[[], bool]) -> Iterator[ListedPerson]:
        """Be the dialog and the conversation."""
        yield self

    def ask_secret(self, text: SecretText) -> Secret:
        """Give the next secret."""
        self.asked.append(text)
        self.on_ask()
        if not self.secrets:
            raise DialogDeclinedError("no")
        return Secret(self.secrets.pop(0))

    def choose(self, text: ChoiceText) -> int:
        """Give the next choice."""
        self.asked.append(text)
        if not self.choices:
            raise DialogDeclinedError("no")
        return self.choices.pop(0)

    @property
    def secrets_asked(self) -> int:
        """How often a secret was asked for."""
        return sum(isinstance(text, SecretText) for text in self.asked)


class Learned:
    """A signature certificate that is known for every card."""

    def __init__(self, certificates: KeyCertificates | None = None) -> None:
        """Keep what is known."""
        self.certificates = certificates

    def find(self, fingerprint: bytes) -> KeyCertificates | None:
        """Return it whatever the card."""
        return self.certificates


class Desk:
    """A simulated reader with a card, the agent, and a person; a context manager."""

    def __init__(self, persona: str = "adult", *, cache_seconds: float = 0.0, confirms: bool = False) -> None:
        """Set everything up."""
        self._stack = ExitStack()
        self.readers = self._stack.enter_context(SimulatedReaders({READER: persona}))
        self.person = ListedPerson()
        self.words = PlainWords()
        self.learned = Learned()
        self.cards = CardAccess(self.readers)
        self.card.command_log = []
        faces = Faces([self.person], self.words, PlainLabels())
        self.agent = self._stack.enter_context(
            Agent(self.cards, faces, cache_seconds=cache_seconds, confirms=confirms, learned=self.learned)
        )

    @property
    def card(self) -> SimulatedCard:
        """The simulated card."""
        loaded = self.readers._cards[READER]
        assert loaded is not None
        return loaded.card

    @property
    def apdus(self) -> list[str]:
        """CLA, INS, P1 and P2 of the commands since the last time that this was asked."""
        log = self.card.command_log or []
        found = [command[:4].hex().upper() for command in log]
        log.clear()
        return found

    def presented(self) -> int:
        """Count the PINs that were sent since the commands were last asked for: a VERIFY with data."""
        return sum(command[1] == 0x20 and len(command) > 5 for command in self.card.command_log or [])

    def tries(self, pin: str = "auth") -> int:
        """Tries left as the card holds them."""
        return self.card.image.reference_data()[pin].retries_remaining

    def set_tries(self, tries: int, pin: str = "auth") -> None:
        """Have somebody have used tries."""
        self.card.image.reference_data()[pin].retries_remaining = tries

    def is_open(self) -> bool:
        """Whether the card was left with a verified PIN."""
        return bool(self.card._state.verified)

    def note_answers(self) -> list[bytearray]:
        """Give the buffers of what will be typed, to be looked at afterwards."""
        ask, found = self.agent.desk.ask, []

        def noting(*arguments: Any) -> Answer:
            answer = ask(*arguments)
            found.append(answer.secret.reveal())
            return answer

        self.agent.desk.ask = noting  # type: ignore[method-assign, assignment]  # in its place, to see what it returns
        return found

    def client(self, owner: Hashable = "client", *, is_connected: Callable[[], bool] = lambda: True) -> Client:
        """Describe this process as a client."""
        return Client(describe(os.getpid(), os.geteuid()), is_connected, owner)

    def module(self, client: Client | None = None, *, signature: bool = False, version: int = 0) -> Module:
        """Make a module for a client, without a socket."""
        slots: list[Slot] = self.agent._signature_slots if signature else self.agent._user_slots
        return Module(slots, self.cards, self.agent.signer, client or self.client(), version)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
