"""Every command that presents a PIN, by a script, with a fault at each command to the card (faultcases.py)."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest import mock

from faultcases import FAULTS, is_believable
from faultworld import NEW, RIGHT, WRONG, Host, World, carries_pin
from pdfsamples import plain

from jpki_cli.app import AppContext
from jpki_cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport import CardConnection

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
_BLOCKED, _REFUSED, _LOST = 5, 6, 8
#: Faults that lose the answer to the command at which they come.
LOSING: Final = ("remove", "mute", "truncate", "empty", "reset", "unpower", "reader-gone")


class CommandCase(NamedTuple):
    """A fault at the command of a number, in a call of the command line by a script."""

    command: str
    is_right: bool
    number: int
    fault: str


def command_cases() -> Iterator[CommandCase]:
    """All cases of a script at the command line."""
    for command, pin in COMMANDS.items():
        for is_right in (True, False):
            for number, sent in enumerate(_undisturbed(command, is_right), 1):
                for fault in FAULTS:
                    if not is_believable(pin, sent, fault):
                        yield CommandCase(command, is_right, number, fault)


@cache
def _undisturbed(command: str, is_right: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - a key of the cache
    world = World(as_signal=True)
    _call_of(CommandCase(command, is_right, 0, ""), world)
    return tuple(world.sent)


class _Stdin(io.TextIOWrapper):
    """A pipe as standard input."""

    def fileno(self) -> int:
        raise OSError("no descriptor")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a document and its signatures, which is there as long as this process."""
    return tempfile.TemporaryDirectory()


def _document() -> Path:
    """The document to sign, alone in its folder."""
    folder = Path(_folder().name)
    for left in folder.iterdir():
        left.unlink()
    file = folder / "contract.pdf"
    file.write_bytes(plain())
    return file


def call(
    command: str,
    world: World,
    lines: str | None,
    lay: Callable[[Host], CardConnection] = lambda host: host,
) -> dict[str, Any]:
    """Run the command line and return its JSON object, its exit code under ``exit``.

    ``lines`` are a script's secrets, None where a person is asked; ``lay`` may put something around each connection.
    """

    @contextmanager
    def connect(_app: AppContext, _wait: float) -> Iterator[CardConnection]:
        host = world.connect()
        try:
            yield lay(host)
        finally:
            host.close()

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    stdin = _Stdin(io.BytesIO((lines or "").encode()))
    words = [str(_document()) if word == "FILE" else word for word in command.split()]
    options = ("--json",) if lines is None else ("--json", "--pin-stdin")
    with mock.patch.object(AppContext, "_connect", connect), mock.patch.object(sys, "stdin", stdin):
        with redirect_stdout(out), redirect_stderr(err):
            code = run((*words, *options), {"LANG": "C.UTF-8", "LANGUAGE": "en"})
        out.flush()
    return {**json.loads(out.buffer.getvalue()), "exit": code}


def _call_of(case: CommandCase, world: World) -> dict[str, Any]:
    pin = COMMANDS[case.command]
    secret = (RIGHT if case.is_right else WRONG)[pin]
    return call(case.command, world, f"{secret}\n{NEW[pin]}\n" if "change" in case.command else secret)


def command_misreports(case: CommandCase, validate: Callable[[dict[str, Any]], None] | None = None) -> list[str]:
    """Everything that the JSON object of a command claims and that is not so."""
    world = World(fault=case.fault, number=case.number, as_signal=True)
    told = _call_of(case, world)
    lies = lies_of(case.command, told, world, validate)
    if loses_verify(case.number, case.fault, world) and told["exit"] != _LOST:
        lies.append(f"exit {told['exit']}: the answer to a PIN was lost")
    return lies + left_behind(world, COMMANDS[case.command])


def lies_of(
    command: str,
    told: dict[str, Any],
    world: World,
    validate: Callable[[dict[str, Any]], None] | None,
    *,
    is_alone: bool = True,
) -> list[str]:
    """What of an object and its exit code is not so; of tries only where no other program uses the card."""
    code = told["exit"]
    if validate is not None:
        validate({name: value for name, value in told.items() if name != "exit"})
    pin = COMMANDS[command]
    outcome = told.get("outcome" if command.startswith("pin ") else "pin")
    lies = [*_about_outcome(outcome, world, pin), *_about_try(told, world)]
    if is_alone and told.get("retries_remaining") not in (None, world.tries(pin)) and pin != "juki":
        lies.append(f"{told['retries_remaining']} tries left: {world.tries(pin)}")
    if is_alone and code == _BLOCKED and world.tries(pin) and told["code"] not in ("last_try", "hidden_counter"):
        lies.append("exit 5: it is not locked")
    if outcome == "unknown" and code not in (_REFUSED, _LOST):
        lies.append(f"exit {code}: nobody knows")
    if code == 0 and b"\x90\x00" not in world.recorder.verified:
        lies.append("exit 0: it was not right")
    return lies


def loses_verify(number: int, fault: str, world: World) -> bool:
    """Whether a fault loses the answer to a PIN."""
    is_at_verify = 0 < number <= len(world.sent) and carries_pin(world.sent[number - 1])
    return is_at_verify and fault.startswith(LOSING)


def _about_outcome(outcome: str | None, world: World, pin: str) -> Iterator[str]:
    verified, is_new = world.recorder.verified, world.holds(pin) == NEW[pin]
    was_sent = any(map(carries_pin, world.sent))
    if outcome == "changed" and not is_new:
        yield "changed: the card holds another PIN"
    if outcome == "unchanged" and is_new:
        yield "unchanged: the card holds another PIN"
    if outcome == "right" and verified != [b"\x90\x00"]:
        yield "it was not right"
    if outcome == "wrong" and (not verified or verified == [b"\x90\x00"]):
        yield "it was not wrong"
    if outcome == "not_sent" and was_sent:
        yield "it was sent"


def _about_try(told: dict[str, Any], world: World) -> Iterator[str]:
    """A try is used by a PIN that the card refused, whatever restored the counter since."""
    was_used = "yes" if world.recorder.refused else "no"
    if told.get("try_used", was_used) not in ("unknown", was_used):
        yield f"try_used {told['try_used']}: {world.recorder.refused} refused"


def left_behind(world: World, pin: str, *, at_most: int = 1) -> list[str]:
    """What is open on the card, and a PIN that went there more often than it may."""
    lies = ["something is open"] if world.is_open(pin) else []
    return lies + (["presented again"] if sum(map(carries_pin, world.sent)) > at_most else [])
