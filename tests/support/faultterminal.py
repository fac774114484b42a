"""Every command that presents a PIN, by a person at a terminal, with a fault at each command to the card.

The person types at the hidden prompt, or on the keys of a reader, types the words out where it may be the last try, and
puts a card back that was lost; or ends the command at a question that nobody asks where all goes well.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest import mock

from faultcases import FAULTS, MEANWHILE, another, harm, is_believable, is_readers_word, meddler
from faultcommands import COMMANDS, LOSING, call, left_behind, lies_of, loses_verify
from faultworld import NEW, RIGHT, WRONG, World
from pinpadreader import PinPadConnection

from jpki.card import Pin
from jpki.pin import Secret
from jpki_cli.terminal import prompts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faultworld import Host

TERMINAL: Final = "terminal"
KEYS: Final = "terminal, PIN pad"
LAST_TRY: Final = "terminal, last try"
HIDDEN: Final = "terminal, hidden counter"
ENDING: Final = "terminal, ended at a question"
AT_QUESTIONS: Final = "others at a terminal's question"
BETWEEN: Final = "others between a terminal's transactions"
FAMILIES: Final = (TERMINAL, KEYS, LAST_TRY, HIDDEN, ENDING, AT_QUESTIONS, BETWEEN)
_WORDS_OF_TRIES: Final = (
    "6300",
    "63C0",
    "63C1",
    "63C2",
    "6700",
    "6982",
    "6983",
    "6984",
    "6985",
    "6A82",
    "6F00",
    "9100",
)
#: How a person ends a command at a question.
ENDS: Final = {"Ctrl-C": KeyboardInterrupt, "Ctrl-D": EOFError}
#: Of the faults, where the try is what is special.
FEW: Final = tuple(fault for fault in FAULTS if not fault.startswith("sw") or fault[-4:] in _WORDS_OF_TRIES)
_LOST: Final = 8
_WORDS: Final = "use the last try"
_PATIENCE: Final = 12
#: The card never tells its counter.
_HIDES: Final = "sw-before:status+=6300"


class TerminalCase(NamedTuple):
    """A fault at the command of a number; of others, what happens at the question or the transaction of it.

    ``end`` is how the person ends the command at the first question beyond those that are asked where all goes well.
    """

    family: str
    command: str
    is_right: bool
    number: int
    fault: str
    end: str = ""


class _First(NamedTuple):
    """How many commands were sent and transactions begun before the first question."""

    sent: int = 0
    begun: int = 0


class Typist:
    """What a person at a terminal types; ``meanwhile`` is called with the number of each question, from 1 on."""

    def __init__(self, world: World, current: str, new: str, meanwhile: Callable[[int], None]) -> None:
        """Sit down."""
        self._world = world
        self._current, self._new, self._meanwhile = current, new, meanwhile
        self.asked = 0
        self.first = _First()

    def secret(self, question: str) -> Secret:
        """Type at the hidden prompt."""
        self._note()
        return Secret(self._new if question.startswith("New ") else self._current)

    def line(self, question: str) -> str:
        """Type the words out, or yes; no where it goes on without end."""
        self._note()
        return _WORDS if _WORDS in question else "yes" if self.asked < _PATIENCE else "no"

    def _note(self) -> None:
        self.asked += 1
        if self.asked == 1:
            self.first = _First(len(self._world.sent), self._world.begun)
        if self.asked > 2 * _PATIENCE:
            raise AssertionError("asked without end")
        self._meanwhile(self.asked)


def terminal_cases(family: str) -> Iterator[TerminalCase]:
    """All cases of a family."""
    for command, pin in COMMANDS.items():
        if family == KEYS and Pin(pin).is_password:
            continue
        for is_right in (True, False):
            plain = TerminalCase(family, command, is_right, 0, "")
            yield from _of_others(plain) if family in (AT_QUESTIONS, BETWEEN) else _of_faults(plain, pin)


def _of_others(plain: TerminalCase) -> Iterator[TerminalCase]:
    """Before the first question nothing was shown, so what lies there then is the card that is meant."""
    quiet = _undisturbed(plain.family, plain.command, plain.is_right)
    is_at_questions = plain.family == AT_QUESTIONS
    numbers = range(1, quiet.asked + 1) if is_at_questions else range(quiet.first.begun + 1, quiet.begun + 1)
    for number in numbers:
        for fault in (*MEANWHILE, *(ENDS if is_at_questions else ())):
            yield plain._replace(number=number, fault=fault)


def _of_faults(plain: TerminalCase, pin: str) -> Iterator[TerminalCase]:
    quiet = _undisturbed(plain.family, plain.command, plain.is_right)
    # Up to the words that have to be typed out a last try is like another.
    begin = quiet.first.sent if plain.family in (LAST_TRY, HIDDEN) else 0
    for number, sent in enumerate(quiet.sent[begin:], begin + 1):
        for fault in FEW if begin else FAULTS:
            case = plain._replace(number=number, fault=fault)
            if _is_told_apart(case, pin, sent):
                yield from [case._replace(end=end) for end in ENDS] if plain.family == ENDING else [case]


def _is_told_apart(case: TerminalCase, pin: str, sent: bytes) -> bool:
    """Whether what is told can be true; the person is asked a question more only where an answer was lost."""
    if case.family == ENDING:
        return case.fault.startswith(LOSING)
    if case.family == KEYS and is_readers_word(sent, case.fault, is_right=case.is_right):
        return False
    left = 1 if case.family == LAST_TRY else None
    return not is_believable(pin, sent, case.fault, left=left, is_hidden=case.family == HIDDEN)


class _Quiet(NamedTuple):
    """Commands, transactions and questions where nothing goes wrong."""

    sent: tuple[bytes, ...]
    begun: int
    asked: int
    first: _First


@cache
def _undisturbed(family: str, command: str, is_right: bool) -> _Quiet:  # noqa: FBT001 - a key of the cache
    world = _world(TerminalCase(family, command, is_right, 0, ""))
    typist, _told = _call(TerminalCase(family, command, is_right, 0, ""), world, None)
    return _Quiet(tuple(world.sent), world.begun, typist.asked, typist.first)


def _world(case: TerminalCase) -> World:
    is_others = case.family in (AT_QUESTIONS, BETWEEN)
    return World(
        fault="" if is_others else case.fault,
        number=case.number,
        as_signal=True,
        always=_HIDES if case.family == HIDDEN else "",
        tries=1 if case.family == LAST_TRY else None,
    )


def _call(case: TerminalCase, world: World, other: World | None) -> tuple[Typist, dict[str, Any]]:
    pin = COMMANDS[case.command]
    current, new = (RIGHT if case.is_right else WRONG)[pin], NEW[pin]
    hosts: list[Host] = []
    act = meddler(pin, case.fault, world, other)
    if case.family == BETWEEN:
        world.meanwhile = act
    typist = Typist(world, current, new, lambda number: _meanwhile(case, number, lambda: act(hosts[-1])))

    def lay(host: Host) -> Any:
        hosts.append(host)
        entries = [new] * _PATIENCE if hosts[1:] else [current, *[new] * _PATIENCE]
        return PinPadConnection(host, entries) if case.family == KEYS else host

    hands: dict[str, Any] = {"prompt_secret": typist.secret, "prompt_line": typist.line}
    with mock.patch.multiple(prompts, require_terminal=lambda: None, **hands):
        return typist, call(case.command, world, None, lay)


def _meanwhile(case: TerminalCase, number: int, act: Callable[[], None]) -> None:
    if case.end and number > _undisturbed(case.family, case.command, case.is_right).asked:
        raise ENDS[case.end]
    if case.family == AT_QUESTIONS and number == case.number:
        if case.fault in ENDS:
            raise ENDS[case.fault]
        act()


def terminal_misreports(case: TerminalCase, validate: Callable[[dict[str, Any]], None] | None = None) -> list[str]:
    """Everything that the JSON object of a command claims and that is not so."""
    pin = COMMANDS[case.command]
    is_others = case.family in (AT_QUESTIONS, BETWEEN)
    other = another(case.fault)
    _undisturbed(case.family, case.command, case.is_right)  # beforehand: there is one card for all worlds
    world = _world(case)
    _typist, told = _call(case, world, other)
    lies = [] if other is None else harm(other, pin)
    lies += lies_of(case.command, told, world, validate, is_alone=not is_others)
    if _is_never_learned(case, world, told):
        lies.append(f"exit {told['exit']}: the answer to a PIN was lost")
    behind = left_behind(world, pin, at_most=2 if "change" in case.command else 1)
    # What another program left open after the last transaction is its own.
    return lies + [lie for lie in behind if lie != "something is open" or case.fault not in ("a right PIN", "a change")]


def _is_never_learned(case: TerminalCase, world: World, told: dict[str, Any]) -> bool:
    """Whether the answer to a PIN was lost and the exit code is not that of it; a counter full again says "right"."""
    if case.family in (AT_QUESTIONS, BETWEEN) or told.get("outcome") == "right":
        return False
    return loses_verify(case.number, case.fault, world) and told["exit"] != _LOST
