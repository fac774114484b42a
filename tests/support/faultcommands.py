"""Every command that presents a PIN, and the SSH agent, with a fault at each command to the card (faultcases.py)."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest import mock

from agentdesk import READER, ListedPerson, PlainWords
from faultcases import FAULTS, MEANWHILE, another, harm, is_believable, meddler
from faultworld import NEW, PRESSED, PRESSED_AFTER, RIGHT, WRONG, Host, World, carries_pin
from pdfsamples import plain

from jpki.agent import CardAccess, CardView, Client, Signer, describe
from jpki.agent.cards import SignatureOrder
from jpki.agent.dialogs import Desk, Purpose, Use
from jpki.agent.kept import KeptPins
from jpki.card import MyNumberCard, Pin
from jpki.crypto import Digest
from jpki.errors import JpkiError, PinBlockedError
from jpki.identifiers import CertificateKind
from jpki.outside_text import OutsideText
from jpki.pin import Secret
from jpki.transport import ReaderState
from jpki_cli.app import AppContext
from jpki_cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Words of a command, where FILE is a PDF to sign, and the PIN that it presents.
COMMANDS: Final = {
    **{f"pin verify {pin}": pin for pin in RIGHT},
    **{f"pin change {pin} --yes": pin for pin in RIGHT},
    "cert show sign": "sign",
    "cert check sign": "sign",
    "attributes": "input",
    "auth sign --challenge 0011223344556677": "auth",
    "auth test": "auth",
    "sign --cms --yes FILE": "sign",
    "sign --yes FILE": "sign",
}
AGENT: Final = "agent"
OWNER: Final = "client"
SIGNALS: Final = frozenset({PRESSED, PRESSED_AFTER})
_BLOCKED, _REFUSED, _LOST = 5, 6, 8
#: Faults that lose the answer to the command at which they come.
_LOSING: Final = ("remove", "mute", "truncate", "empty", "reset", "unpower", "reader-gone")


class CommandCase(NamedTuple):
    """A fault at the command of a number, in a call of the command line by a script, or a request to the SSH agent."""

    command: str
    is_right: bool
    number: int
    fault: str


def command_cases() -> Iterator[CommandCase]:
    """All cases of the command line."""
    for command, pin in COMMANDS.items():
        yield from _cases(command, pin)


def agent_cases() -> Iterator[CommandCase]:
    """All cases of the agent, which has a kept PIN; what others do between its transactions is among them.

    Signals are not among them: they come to its main thread, which uses no card and wipes what is kept.
    """
    yield from (case for case in _cases(AGENT, "auth") if case.fault not in SIGNALS)
    for is_right in (True, False):
        world = World()
        _serve(CommandCase(AGENT, is_right, 0, ""), world)
        for number in range(1, world.begun + 1):
            yield from (CommandCase(AGENT, is_right, number, fault) for fault in MEANWHILE)


def _cases(command: str, pin: str) -> Iterator[CommandCase]:
    for is_right in (True, False):
        for number, sent in enumerate(_undisturbed(command, is_right), 1):
            for fault in FAULTS:
                if not is_believable(pin, sent, fault):
                    yield CommandCase(command, is_right, number, fault)


@cache
def _undisturbed(command: str, is_right: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - a key of the cache
    world = World(as_signal=True)
    case = CommandCase(command, is_right, 0, "")
    _serve(case, world) if command == AGENT else _call(case, world)
    return tuple(world.sent)


class _Stdin(io.TextIOWrapper):
    """A pipe as standard input."""

    def fileno(self) -> int:
        raise OSError("no descriptor")


def _call(case: CommandCase, world: World) -> dict[str, Any]:
    """Run the command line and return its JSON object, its exit code under ``exit``."""
    pin = COMMANDS[case.command]
    secret = (RIGHT if case.is_right else WRONG)[pin]
    lines = f"{secret}\n{NEW[pin]}\n" if "change" in case.command else secret

    @contextmanager
    def connect(_app: AppContext, _wait: float) -> Iterator[Any]:
        host = world.connect()
        try:
            yield host
        finally:
            host.close()

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    stdin = _Stdin(io.BytesIO(lines.encode()))
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(AppContext, "_connect", connect):
        file = Path(folder) / "contract.pdf"
        file.write_bytes(plain())
        words = [str(file) if word == "FILE" else word for word in case.command.split()]
        with mock.patch.object(sys, "stdin", stdin), redirect_stdout(out), redirect_stderr(err):
            code = run((*words, "--json", "--pin-stdin"), {"LANG": "C.UTF-8", "LANGUAGE": "en"})
        out.flush()
    return {**json.loads(out.buffer.getvalue()), "exit": code}


def command_misreports(case: CommandCase, validate: Callable[[dict[str, Any]], None] | None = None) -> list[str]:
    """Everything that the JSON object of a command claims and that is not so."""
    world = World(fault=case.fault, number=case.number, as_signal=True)
    told = _call(case, world)
    code = told.pop("exit")
    if validate is not None:
        validate(told)
    pin = COMMANDS[case.command]
    outcome = told.get("outcome" if case.command.startswith("pin ") else "pin")
    lies = [*_about_outcome(outcome, world, pin), *_about_tries(told, world, pin)]
    if code == _BLOCKED and world.tries(pin):
        lies.append("exit 5: it is not locked")
    if outcome == "unknown" and code not in (_REFUSED, _LOST):
        lies.append(f"exit {code}: nobody knows")
    if _loses_verify(case, world) and code != _LOST:
        lies.append(f"exit {code}: the answer to a PIN was lost")
    if code == 0 and b"\x90\x00" not in world.recorder.verified:
        lies.append("exit 0: it was not right")
    return lies + _left_behind(world, pin)


def _loses_verify(case: CommandCase, world: World) -> bool:
    is_at_verify = len(world.sent) >= case.number and carries_pin(world.sent[case.number - 1])
    return is_at_verify and case.fault.startswith(_LOSING)


def _about_outcome(outcome: str | None, world: World, pin: str) -> Iterator[str]:
    verified, is_new = world.recorder.verified, world.holds(pin) == NEW[pin]
    was_sent = any(map(carries_pin, world.sent))
    if outcome in ("changed", "unchanged") and is_new is not (outcome == "changed"):
        yield f"{outcome}: the card holds another PIN"
    if outcome == "right" and verified != [b"\x90\x00"]:
        yield "it was not right"
    if outcome == "wrong" and (not verified or verified == [b"\x90\x00"]):
        yield "it was not wrong"
    if outcome == "not_sent" and was_sent:
        yield "it was sent"


def _about_tries(told: dict[str, Any], world: World, pin: str) -> Iterator[str]:
    left, before = world.tries(pin), world.before[pin]
    if told.get("try_used", "no" if left == before else "nothing") not in ("unknown", "yes" if left < before else "no"):
        yield f"try_used {told.get('try_used')}: {before}, then {left}"
    if told.get("retries_remaining") not in (None, left) and pin != "juki":
        yield f"{told['retries_remaining']} tries left: {left}"


def _left_behind(world: World, pin: str) -> list[str]:
    lies = ["something is open"] if world.is_open(pin) else []
    return lies + (["presented again"] if sum(map(carries_pin, world.sent)) > 1 else [])


class _Reader:
    """The one reader of an agent, with the card of a world on it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def readers(self) -> tuple[ReaderState, ...]:
        """The reader with its card."""
        return (ReaderState(READER, 0, is_card_present=True),)

    def wait_for_change(self, known: tuple[ReaderState, ...], _timeout: float) -> tuple[ReaderState, ...]:
        """Nothing changes."""
        return known

    def connect(self, _reader: str, *, patience: float | None = None) -> Host:
        """Open the card."""
        del patience
        return self._world.connect()


class _Served(NamedTuple):
    """What an agent did for a request: the signature or the error, and whether it keeps the PIN still."""

    signature: bytes | None
    error: BaseException | None
    is_kept: bool


def _serve(case: CommandCase, world: World) -> _Served:
    """Have an agent sign with a kept PIN; its question is not answered."""
    certificate = _certificate()
    fingerprint = certificate[:32]
    kept, cards = KeptPins(), CardAccess(_Reader(world))
    kept.keep(OWNER, Pin.AUTH, fingerprint, Secret((RIGHT if case.is_right else WRONG)["auth"]), seconds=600)
    signer = Signer(cards, Desk([ListedPerson()], PlainWords()), kept)
    client = Client(describe(os.getpid(), os.geteuid()), lambda: True, OWNER)
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
    return _Served(signature, error, kept.has(OWNER, Pin.AUTH, fingerprint))


@cache
def _certificate() -> bytes:
    world = World()
    card = MyNumberCard(world.connect())
    with card.transaction():
        return card.read_certificate(CertificateKind.AUTH)


def agent_misreports(case: CommandCase) -> list[str]:
    """Everything that the agent says and that is not so, and a PIN that it keeps though it was not found right."""
    is_others = case.fault in MEANWHILE
    other = another(case.fault)
    world = World(fault="" if is_others else case.fault, number=case.number)
    if is_others:
        world.meanwhile = meddler("auth", case.fault, world, other)
    signature, error, is_kept = _serve(case, world)
    is_right = world.recorder.verified == [b"\x90\x00"]
    lies = [] if other is None else harm(other, "auth")
    if not is_others:
        lies += _left_behind(world, "auth")
    if signature is not None and not is_right:
        lies.append("signed with a wrong PIN")
    if is_kept and signature is None:
        lies.append("the PIN is kept")
    if signature is None and not case.fault and case.is_right:
        lies.append("nothing was signed")
    left = world.tries("auth")
    told = getattr(error, "retries_remaining", None)
    if not is_others and told not in (None, left):
        lies.append(f"{told} tries left: {left}")
    if isinstance(error, PinBlockedError) and left:
        lies.append("it is not locked")
    return lies
