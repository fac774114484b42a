"""Every use of a PIN with a fault at each command: what is said of the PIN, compared with what the card holds.

A family is a way in which a PIN is given; its cases are each task, with the right and a wrong PIN, each command to the
card and each fault, but for answers that lie and cannot be told from the truth.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from faultworld import NEW, PRESSED, PRESSED_AFTER, RIGHT, SURPLUS, WRONG, Host, ScriptedPerson, World, carries_pin
from pinpadreader import PinPadConnection

import jpki
from jpki.card import Pin
from jpki.client import Card
from jpki.errors import JpkiError, PinBlockedError
from jpki.identifiers import CertificateKind
from jpki.pin import PinOutcome, Secret, TryUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.pin import PinReport

WORDS: Final = (
    *("6100", "6110", "6200", "6281", "6282", "6283", "6300", "6381", "63C0", "63C1", "63C2", "63C3", "63C7", "63CF"),
    *("6400", "6401", "6500", "6581", "6600", "6700", "6881", "6882", "6900", "6981", "6982", "6983", "6984", "6985"),
    *("6986", "6988", "6A80", "6A81", "6A82", "6A86", "6A88", "6B00", "6C00", "6C08", "6D00", "6E00", "6F00", "9001"),
    *("9100", "91AE", "FFFF"),
)
FAULTS: Final = (
    *("remove:{at}", "remove-after:{at}", "mute:{at}", "mute-after:{at}", "truncate:{at}=1", "empty:{at}"),
    *("reset:{at}", "unpower:{at}", "reader-gone:{at}", PRESSED, PRESSED_AFTER, SURPLUS),
    *(f"{kind}:{{at}}={word}" for kind in ("sw", "sw-before") for word in WORDS),
)
#: What others do with the card at a question that a person is asked, or between two transactions.
MEANWHILE: Final = ("a try", "a right PIN", "a change", "a reset", "another card", "a phone")


class Task(NamedTuple):
    """One use of a PIN by the library; None is returned by what tells no more than that it was done."""

    pin: Pin
    use: Callable[[Card, Any, Any], PinReport | None]


def _verify(pin: Pin) -> Task:
    return Task(pin, lambda card, entry, _new: card.verify_pin(pin, entry, use_last_try=True))


def _change(pin: Pin) -> Task:
    return Task(pin, lambda card, entry, new: card.change_pin(pin, entry, new, allow_weak=True))


def _doing(pin: Pin, use: Callable[[Card, Any], object]) -> Task:
    def run(card: Card, entry: Any, _new: Any) -> None:
        use(card, entry)

    return Task(pin, run)


TASKS: Final = {
    **{f"verify {pin.value}": _verify(pin) for pin in Pin},
    **{f"change {pin.value}": _change(pin) for pin in Pin},
    "certificate": _doing(Pin.SIGN, lambda card, entry: card.certificate(CertificateKind.SIGN, entry)),
    "attributes": _doing(Pin.INPUT, lambda card, entry: card.attributes(entry)),
    "login": _doing(Pin.AUTH, lambda card, entry: card.sign(CertificateKind.AUTH, b"TEST", entry)),
    "signature": _doing(Pin.SIGN, lambda card, entry: card.sign(CertificateKind.SIGN, b"TEST", entry)),
}
#: Families of the library.
AT_QUESTIONS: Final = "others at a question"
BETWEEN: Final = "others between transactions"
BETWEEN_ON_KEYS: Final = "others, PIN pad"
FAMILIES: Final = ("script", "person", "person who declines", "PIN pad", AT_QUESTIONS, BETWEEN, BETWEEN_ON_KEYS)
_KEYS: Final = ("PIN pad", BETWEEN_ON_KEYS)


class Case(NamedTuple):
    """A fault at the command of a number; of the family ``meanwhile`` what happens at the question of that number."""

    family: str
    task: str
    is_right: bool
    number: int
    fault: str


def cases(family: str) -> Iterator[Case]:
    """All cases of a family."""
    for name, task in TASKS.items():
        if family in _KEYS and task.pin.is_password:
            continue
        for is_right in (True, False):
            yield from (_meanwhile if family.startswith("others") else _at_commands)(family, name, is_right)


def _meanwhile(family: str, name: str, is_right: bool) -> Iterator[Case]:  # noqa: FBT001 - of one caller
    """Before the first transaction nothing was shown, so what lies there then is the card that is meant."""
    questions = 4 if name.startswith("change") else 1
    at = range(1, questions + 1) if family == AT_QUESTIONS else range(2, transactions(family, name, is_right) + 1)
    for number in at:
        yield from (Case(family, name, is_right, number, fault) for fault in MEANWHILE)


def _at_commands(family: str, name: str, is_right: bool) -> Iterator[Case]:  # noqa: FBT001 - of one caller
    pin = TASKS[name].pin.value
    for number, command in enumerate(undisturbed(family, name, is_right), 1):
        for fault in FAULTS:
            is_readers = family == "PIN pad" and is_readers_word(command, fault, is_right=is_right)
            if not is_readers and not is_believable(pin, command, fault):
                yield Case(family, name, is_right, number, fault)


def sample(found: list[Any], share: int, seed: int = 13) -> list[Any]:
    """One of so many cases, chosen by a fixed seed."""
    return random.Random(seed).sample(found, len(found) // share)  # noqa: S311 - a fixed choice of cases


def is_believable(pin: str, command: bytes, fault: str, *, left: int | None = None, is_hidden: bool = False) -> bool:
    """Whether the card's word cannot be told from the truth: a counter that fits, a proof that nothing was changed.

    ``left`` tries were left before, None: all; of a hidden counter any number fits, and so does a refusal without one.
    """
    kind, _, word = fault.partition(":{at}=")
    if not kind.startswith("sw"):
        return False
    if carries_pin(command):
        limit = 5 if pin == "sign" else 3
        if is_hidden:
            return word in ("6300", "6983", "6984") or (word.startswith("63C") and int(word[3], 16) <= limit)
        following = (limit if left is None else left) - 1
        return word == f"63C{following}" or (not following and word in ("6983", "6984"))
    if command[:2] in (b"\x00\x24", b"\x80\x32"):
        return kind == "sw" and word[:2] in ("67", "68", "69", "6A", "6B", "6D", "6E")
    return command[:2] == b"\x00\x20" and word.startswith(("63C", "6983", "6984"))


def is_readers_word(command: bytes, fault: str, *, is_right: bool) -> bool:
    """Whether a card answers with its reader's word for keys that were left; only a counter that changed shows it."""
    kind, _, word = fault.partition(":{at}=")
    if not kind.startswith("sw") or word not in ("6400", "6401"):
        return False
    return command[:2] in (b"\x00\x24", b"\x80\x32") or (carries_pin(command) and (kind == "sw-before" or is_right))


@cache
def undisturbed(family: str, task: str, is_right: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - a key of the cache
    """Commands that are sent where nothing goes wrong."""
    world = World()
    _run(Case(family, task, is_right, 0, ""), world)
    return tuple(world.sent)


@cache
def transactions(family: str, task: str, is_right: bool) -> int:  # noqa: FBT001 - a key of the cache
    """How many transactions are begun where nothing goes wrong."""
    world = World()
    _run(Case(family, task, is_right, 0, ""), world)
    return world.begun


class _Told(NamedTuple):
    """What a call says: its report, and the error that ended it."""

    report: PinReport | None
    error: BaseException | None


def _run(case: Case, world: World, other: World | None = None) -> _Told:
    task = TASKS[case.task]
    pin = task.pin.value
    current, new = (RIGHT if case.is_right else WRONG)[pin], NEW[pin]
    host = world.connect()
    connection: Any = host
    if case.family in _KEYS:
        connection = PinPadConnection(host, [current, new, new, new, new])
    card = Card(connection, reopen=world.reopen)
    entry: Any = Secret(current)
    if case.family != "script":
        act = meddler(pin, case.fault, world, other)
        at = (lambda number: act(host) if number == case.number else None) if case.family == AT_QUESTIONS else None
        entry = ScriptedPerson(current, new, says=case.family != "person who declines", meanwhile=at)
        if case.family in (BETWEEN, BETWEEN_ON_KEYS):
            world.meanwhile = act
    try:
        return _Told(task.use(card, entry, Secret(new) if case.family == "script" else None), None)
    except (JpkiError, KeyboardInterrupt) as exc:
        return _Told(jpki.pin_report(exc), exc)
    finally:
        card.close()


def meddler(pin: str, fault: str, world: World, other: World | None) -> Callable[[Host], None]:
    """What others do with the card of a world, or with the reader."""

    def act(host: Host) -> None:
        if other is not None:
            host.exchange(other)
        elif fault == "a reset":
            world.card.reset()
        else:
            secret = WRONG[pin] if fault == "a try" else RIGHT[pin]
            world.other_program(pin, secret, new="9264" if fault == "a change" and pin != "sign" else None)

    return act


def another(fault: str) -> World | None:
    """The card that is laid in the place of the first one, if one is."""
    others = {"another card": "youth", "a phone": "phone"}
    return World(others[fault]) if fault in others else None


def misreports(case: Case) -> list[str]:
    """Everything that is claimed in a case and is not so; nothing where all is well."""
    is_others = case.family.startswith("others")
    other = another(case.fault)
    world = World(fault="" if is_others else case.fault, number=case.number)
    told = _run(case, world, other)
    pin = TASKS[case.task].pin.value
    lies = [] if other is None else harm(other, pin)
    lies += _lies(case, world, told, pin)
    if case.fault != "a right PIN" and case.fault != "a change" and world.is_open(pin):
        lies.append("something is open")
    if len([one for one in world.sent if carries_pin(one)]) > (2 if "change" in case.task else 1):
        lies.append("presented again")
    return lies


def harm(other: World, pin: str) -> list[str]:
    """What was done to a card that nobody was shown."""
    sent = [one for one in other.sent if carries_pin(one)]
    return (
        ["a PIN went to another card"]
        if sent or (pin in other.before and other.tries(pin) != other.before[pin])
        else []
    )


def _lies(case: Case, world: World, told: _Told, pin: str) -> list[str]:
    report = told.report
    was_sent = any(map(carries_pin, world.sent))
    if report is None:
        if told.error is not None:
            return ["nothing is told of a PIN that was sent"] if was_sent else []
        return [] if b"\x90\x00" in world.recorder.verified else ["done, and the PIN was not right"]
    left, holds = world.tries(pin), world.holds(pin)
    is_mine = not case.family.startswith("others")
    lies = list(_about_outcome(report.outcome, world, holds == NEW[pin]))
    if report.outcome is PinOutcome.NOT_SENT and was_sent:
        lies.append("it was sent")
    if report.try_used is TryUse.NO and (world.recorder.refused if not is_mine else left < world.before[pin]):
        lies.append("a try was used")
    if report.try_used is TryUse.YES and not world.recorder.refused:
        lies.append("no try was used")
    if is_mine and report.retries_remaining not in (None, left) and pin != "juki":
        lies.append(f"{report.retries_remaining} tries left: {left}")
    if isinstance(told.error, PinBlockedError) and left:
        lies.append("it is not locked")
    return lies


def _about_outcome(outcome: PinOutcome, world: World, is_new: bool) -> Iterator[str]:  # noqa: FBT001 - of one caller
    verified = world.recorder.verified
    if outcome is PinOutcome.CHANGED and not is_new:
        yield "it was not changed"
    if outcome is PinOutcome.UNCHANGED and is_new:
        yield "it was changed"
    if outcome is PinOutcome.RIGHT and verified[-1:] != [b"\x90\x00"]:
        yield "it was not right"
    if outcome is PinOutcome.WRONG and (not verified or verified[-1] == b"\x90\x00"):
        yield "it was not wrong"
