"""Faults as text: what goes wrong, at which command.

A plan is a list of ``KIND:WHEN`` or ``KIND:WHEN=VALUE``, separated by commas:
``remove-after:5,slow:verify=1.5``.

WHEN counts the commands that reach the card from 1 on, or names them:

===========  ==============================================================================
``5``        the fifth command, once
``5+``       the fifth and every later one
``verify``   the first command of this name, once (names: see :data:`COMMAND_NAMES`)
``verify#2`` the second of this name, once
``verify+``  every command of this name
===========  ==============================================================================

Kinds, their values and what the two ways to the card make of them: docs/simulator-protocol.md and
:data:`KINDS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.errors import JpkiError

if TYPE_CHECKING:
    from collections.abc import Callable

_CASE_1: Final = 4
_CASE_2: Final = 5


class FaultPlanError(JpkiError):
    """The text is not a fault plan."""


def _is(cla: int, ins: int) -> Callable[[bytes], bool]:
    header = bytes((cla, ins))
    return lambda command: command[:2] == header


def _is_status(command: bytes) -> bool:
    return command[:2] == b"\x00\x20" and len(command) <= _CASE_2


def _is_verify(command: bytes) -> bool:
    return command[:2] == b"\x00\x20" and len(command) > _CASE_2


def _is_change(command: bytes) -> bool:
    return command[:2] in (b"\x00\x24", b"\x80\x32")


#: Names of commands in a plan; ``status`` is a VERIFY without data, ``change`` is both ways to change a PIN.
COMMAND_NAMES: Final[dict[str, Callable[[bytes], bool]]] = {
    "any": lambda _: True,
    "select": _is(0x00, 0xA4),
    "read": _is(0x00, 0xB0),
    "record": _is(0x00, 0xB2),
    "status": _is_status,
    "verify": _is_verify,
    "change": _is_change,
    "sign": _is(0x80, 0x2A),
    "authenticate": _is(0x00, 0x88),
    "challenge": _is(0x00, 0x84),
    "get-data": _is(0x00, 0xCA),
    "get-response": _is(0x00, 0xC0),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What can go wrong; ``value`` says what the value means, ``default`` is used without one (None: must be given)."""

    meaning: str
    value: str = ""
    default: float | None = 0.0


_SECONDS_AWAY: Final = "seconds until it is back (without: it stays away)"
#: Every kind of fault.
KINDS: Final[dict[str, Kind]] = {
    "remove": Kind("the card is taken away before the command", _SECONDS_AWAY, -1.0),
    "remove-after": Kind(
        "the command is executed, then the card is taken away; the answer is lost", _SECONDS_AWAY, -1.0
    ),
    "reader-gone": Kind("the reader is unplugged before the command", _SECONDS_AWAY, -1.0),
    "mute": Kind("the command is not executed and not answered", "seconds until the reader gives up"),
    "mute-after": Kind("the command is executed and not answered", "seconds until the reader gives up"),
    "reset": Kind("another program resets the card before the command, which is not executed"),
    "unpower": Kind("another program cuts the card's power before the command, which is not executed"),
    "slow": Kind("the answer comes late", "seconds", None),
    "sw": Kind("the command is executed, and answered with this status word alone", "status word in hex", None),
    "sw-before": Kind("the command is not executed, and answered with this status word", "status word in hex", None),
    "truncate": Kind("only the first bytes of the answer arrive", "bytes that arrive", 1.0),
    "empty": Kind("the answer has no byte at all"),
    "garbage": Kind("other bytes arrive instead of the answer", "how many", 16.0),
    "endless": Kind("data goes on for as long as Le asks, with 9000"),
    "split": Kind(
        "data comes in pieces, with 61xx and GET RESPONSE", "bytes in the first answer and in each piece", 0.0
    ),
    "wrong-le": Kind("6Cxx first, the data when the command comes again with that Le"),
}
_STATUS_WORD_KINDS: Final = frozenset({"sw", "sw-before"})


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; ``number`` counts the commands for which ``matches`` is true."""

    kind: str
    matches: Callable[[bytes], bool]
    number: int
    is_repeated: bool
    value: float
    seen: int = 0

    def is_due(self, command: bytes) -> bool:
        """Count a command; whether the fault happens at it."""
        if not self.matches(command):
            return False
        self.seen += 1
        return self.seen == self.number or (self.is_repeated and self.seen > self.number)


_FAULT: Final = re.compile(
    r"(?P<kind>[a-z-]+):(?P<when>[a-z-]+(?:#[1-9]\d{0,5})?|[1-9]\d{0,5})(?P<plus>\+)?(?:=(?P<value>.+))?"
)


def parse_faults(text: str) -> list[Fault]:
    """Read a fault plan as it is written on the command line.

    Raises:
        FaultPlanError: not of the form, an unknown kind or command, or a value that the kind cannot have.
    """
    return [_parse_fault(part.strip()) for part in text.split(",") if part.strip()]


def _parse_fault(text: str) -> Fault:
    found = _FAULT.fullmatch(text)
    if found is None:
        raise FaultPlanError(f"not KIND:WHEN or KIND:WHEN=VALUE: {text}")
    kind = found["kind"]
    if kind not in KINDS:
        raise FaultPlanError(f"unknown kind of fault: {kind} (known: {', '.join(KINDS)})")
    name, number = _when(found["when"])
    if name not in COMMAND_NAMES:
        raise FaultPlanError(f"unknown command: {name} (known: {', '.join(COMMAND_NAMES)})")
    return Fault(kind, COMMAND_NAMES[name], number, found["plus"] is not None, _value(kind, found["value"]))


def _when(text: str) -> tuple[str, int]:
    if text.isdecimal():
        return "any", int(text)
    name, _, number = text.partition("#")
    return name, int(number or 1)


def _value(kind: str, text: str | None) -> float:
    rule = KINDS[kind]
    if text is None:
        if rule.default is None:
            raise FaultPlanError(f"{kind} needs a value: {rule.value}")
        return rule.default
    if not rule.value:
        raise FaultPlanError(f"{kind} takes no value")
    if kind in _STATUS_WORD_KINDS:
        if re.fullmatch(r"[0-9A-Fa-f]{4}", text) is None:
            raise FaultPlanError(f"{kind} needs a status word of four hex digits")
        return int(text, 16)
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) is None:
        raise FaultPlanError(f"{kind} needs a number: {rule.value}")
    return float(text)
