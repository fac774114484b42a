"""A request of a program to the agent, with a fault at each command to the card (faultcases.py).

The PIN is one that is kept, or comes from the person at ssh-askpass or pinentry: programs that answer as those do.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from agentdesk import READER, PlainWords
from faultcases import FAULTS, MEANWHILE, another, harm, is_believable, meddler
from faultcommands import left_behind, loses_verify
from faultworld import PRESSED, PRESSED_AFTER, RIGHT, WRONG, Host, World, carries_pin

from jpki.agent import CardAccess, CardView, Client, Signer, describe
from jpki.agent.cards import SignatureOrder
from jpki.agent.dialogs import AskpassDialog, Desk, PinentryDialog, Purpose, Use
from jpki.agent.kept import KeptPins
from jpki.card import MyNumberCard, Pin
from jpki.crypto import Digest
from jpki.errors import JpkiError, OutcomeUnknownError, PinBlockedError, WrongPinError
from jpki.identifiers import CertificateKind
from jpki.outside_text import OutsideText
from jpki.pin import Secret
from jpki.transport import ReaderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.agent.dialogs import ChoiceText, Dialog, SecretText
    from jpki.agent.dialogs.questions import Conversation, StillWanted

#: With a PIN that is kept; asked by one program or the other; with one try left; and with a counter that is hidden.
KEPT: Final = "agent"
ASKPASS: Final = "agent, ssh-askpass"
PINENTRY: Final = "agent, pinentry"
LAST_TRY: Final = "agent, last try"
HIDDEN: Final = "agent, hidden counter"
FAMILIES: Final = (KEPT, ASKPASS, PINENTRY, LAST_TRY, HIDDEN)
#: Signals come to the agent's main thread, which uses no card and wipes what is kept.
SIGNALS: Final = frozenset({PRESSED, PRESSED_AFTER})
#: At the agent's dialog, and before the transaction of a number.
AT_DIALOG: Final = "at the dialog: "
_OWNER: Final = "client"
_HIDES: Final = "sw-before:status+=6300"
_ASKPASS: Final = """#!/bin/sh
[ -n "$SSH_ASKPASS_PROMPT" ] || echo {pin}
"""
_PINENTRY: Final = """#!/bin/sh
echo OK
while read -r line; do
    case "$line" in GETPIN) printf 'D {pin}\\nOK\\n' ;; *) echo OK ;; esac
done
"""


class AgentCase(NamedTuple):
    """A fault at the command of a number, or what others do at the dialog or before the transaction of it."""

    family: str
    is_right: bool
    number: int
    fault: str

    @property
    def others(self) -> str:
        """What others do, empty where that is nothing."""
        done = self.fault.removeprefix(AT_DIALOG)
        return done if done in MEANWHILE else ""


def agent_cases(family: str) -> Iterator[AgentCase]:
    """All cases of a family."""
    left = 1 if family == LAST_TRY else None
    for is_right in (True, False):
        plain = AgentCase(family, is_right, 0, "")
        quiet = _undisturbed(plain)
        for number, sent in enumerate(quiet.sent, 1):
            for fault in FAULTS:
                is_lie = is_believable("auth", sent, fault, left=left, is_hidden=family == HIDDEN)
                if fault not in SIGNALS and not is_lie:
                    yield plain._replace(number=number, fault=fault)
        for fault in MEANWHILE:
            first = 1 if family == KEPT else 2  # what lies there at the first is the card that is meant
            yield from [plain._replace(number=number, fault=fault) for number in range(first, quiet.begun + 1)]
            at = range(1, quiet.asked + 1)
            yield from [plain._replace(number=number, fault=AT_DIALOG + fault) for number in at]


class _Quiet(NamedTuple):
    """Commands, transactions and questions where nothing goes wrong."""

    sent: tuple[bytes, ...]
    begun: int
    asked: int


@cache
def _undisturbed(plain: AgentCase) -> _Quiet:
    world = _world(plain)
    asked = _serve(plain, world, None).asked
    return _Quiet(tuple(world.sent), world.begun, asked)


def _world(case: AgentCase) -> World:
    return World(
        fault="" if case.others else case.fault,
        number=case.number,
        always=_HIDES if case.family == HIDDEN else "",
        tries=1 if case.family == LAST_TRY else None,
    )


class _Reader:
    """The one reader of an agent, with the card of a world on it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def readers(self) -> tuple[ReaderState, ...]:
        """The reader with its card."""
        return (ReaderState(READER, 0, is_card_present=True),)

    def wait_for_change(self, known: tuple[ReaderState, ...], _timeout: float) -> tuple[ReaderState, ...]:
        """Nothing changes."""
        return known

    def connect(self, _reader: str, *, patience: float | None = None) -> Host:
        """Open the card."""
        del patience
        return self.world.connect()


class _Watched:
    """A dialog, before each of whose answers something happens."""

    def __init__(self, inner: Dialog, meanwhile: Callable[[int], None]) -> None:
        self._inner, self._meanwhile = inner, meanwhile
        self.asked = 0

    @contextmanager
    def open(self, is_wanted: StillWanted) -> Iterator[Conversation]:
        """Open the dialog, and be its conversation."""
        with self._inner.open(is_wanted) as self._talk:
            yield self

    def ask_secret(self, text: SecretText) -> Secret:
        """Pass on."""
        self._note()
        return self._talk.ask_secret(text)

    def choose(self, text: ChoiceText) -> int:
        """Pass on."""
        self._note()
        return self._talk.choose(text)

    def _note(self) -> None:
        self.asked += 1
        self._meanwhile(self.asked)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for programs, which is there as long as this process."""
    return tempfile.TemporaryDirectory()


@cache
def _dialog(family: str, pin: str) -> Dialog:
    is_askpass = family in (ASKPASS, HIDDEN)
    program = Path(_folder().name) / f"{'askpass' if is_askpass else 'pinentry'}-{pin}"
    program.write_text((_ASKPASS if is_askpass else _PINENTRY).format(pin=pin), encoding="ascii")
    program.chmod(stat.S_IRWXU)
    maker = AskpassDialog if is_askpass else PinentryDialog
    return maker({"DISPLAY": ":7"}, program=str(program))


class _Served(NamedTuple):
    """What an agent did for a request: the signature or the error, whether the PIN is kept, how much was asked."""

    signature: bytes | None
    error: BaseException | None
    is_kept: bool
    asked: int


def _serve(case: AgentCase, world: World, other: World | None) -> _Served:
    """Have an agent sign; where it has a kept PIN, nobody answers what it asks."""
    certificate = _certificate()
    fingerprint = certificate[:32]
    pin = (RIGHT if case.is_right else WRONG)["auth"]
    reader = _Reader(world)
    kept, cards = KeptPins(), CardAccess(reader)
    dialog = _Watched(_dialog(case.family, pin), lambda number: _at_dialog(case, number, reader, other))
    if case.family == KEPT:
        kept.keep(_OWNER, Pin.AUTH, fingerprint, Secret(pin), seconds=600)
    signer = Signer(cards, Desk([] if case.family == KEPT else [dialog], PlainWords()), kept)
    client = Client(describe(os.getpid(), os.geteuid()), lambda: True, _OWNER)
    view = CardView(OutsideText(READER), fingerprint, certificate, None)
    order = SignatureOrder(CertificateKind.AUTH, certificate, Digest.SHA256, Digest.SHA256.of(b"TEST"))
    signature: bytes | None = None
    error: BaseException | None = None
    try:
        signature = signer.sign(client, view, order, Purpose(Use.LOGIN_KEY))
    except (JpkiError, KeyboardInterrupt) as exc:
        error = exc
    finally:
        cards.close()
    return _Served(signature, error, kept.has(_OWNER, Pin.AUTH, fingerprint), dialog.asked)


def _at_dialog(case: AgentCase, number: int, reader: _Reader, other: World | None) -> None:
    if not case.fault.startswith(AT_DIALOG) or number != case.number:
        return
    if other is not None:
        reader.world = other
    else:
        meddler("auth", case.others, reader.world, None)(reader.world.connect())


@cache
def _certificate() -> bytes:
    world = World()
    card = MyNumberCard(world.connect())
    with card.transaction():
        return card.read_certificate(CertificateKind.AUTH)


def agent_misreports(case: AgentCase) -> list[str]:
    """Everything that the agent says and that is not so, and a PIN that it keeps though it was not found right."""
    other = another(case.others)
    _certificate()  # beforehand: there is one card for all worlds
    world = _world(case)
    if case.others and not case.fault.startswith(AT_DIALOG):
        world.meanwhile = meddler("auth", case.others, world, other)
    served = _serve(case, world, other)
    lies = [] if other is None else harm(other, "auth")
    if sum(map(carries_pin, world.sent)) > 1:
        lies.append("presented again")
    if not case.others:
        lies += left_behind(world, "auth")
    is_right = world.recorder.verified == [b"\x90\x00"]
    if served.signature is not None and not is_right:
        lies.append("signed with a wrong PIN")
    if served.is_kept and served.signature is None:
        lies.append("the PIN is kept")
    if served.signature is None and not case.fault and case.is_right:
        lies.append("nothing was signed")
    return [*lies, *_about_error(case, world, served.error)]


def _about_error(case: AgentCase, world: World, error: BaseException | None) -> Iterator[str]:
    left = world.tries("auth")
    told = getattr(error, "retries_remaining", None)
    if not case.others and told not in (None, left):
        yield f"{told} tries left: {left}"
    if isinstance(error, PinBlockedError) and left:
        yield "it is not locked"
    if isinstance(error, WrongPinError) and not world.recorder.refused:
        yield "it was not wrong"
    if not case.others and loses_verify(case.number, case.fault, world) and not isinstance(error, OutcomeUnknownError):
        yield "the answer to a PIN was lost"
