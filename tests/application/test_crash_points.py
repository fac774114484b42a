"""Every failure at every command of a PIN change: what is said is what the card holds.

Each case runs one change on a fresh card with one trouble at one command, then looks into the card. The cases are
counted and shown as a table at the end of the run.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from jpki.application.pin import Pin
from jpki.application.pin_commands import ChangeReport, ChangeWarning, TryPolicy, change_pin
from jpki.application.secret import Secret
from jpki.errors import (
    AnswerLostError,
    CardError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    JpkiError,
    OutcomeUnknownError,
    PinBlockedError,
    PinChangeError,
    ReaderBusyError,
    ServiceStoppedError,
    WrongPinError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench, CrashTable, Hook

_OK = b"\x90\x00"
# Addresses of objects may hold any four digits.
_ADDRESS = re.compile(" at 0x[0-9a-f]+")
_CONTACT_ATR = bytes.fromhex("3BE000FF8131FE4514")


class _TerminatedError(BaseException):
    """What a program's handler of SIGTERM raises."""


# Troubles


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong at one command: a fault plan for the card, or a hook on the host's side.

    ``is_passing`` tells that the card answers again afterwards, so that its counter can be read.
    """

    plan: str = ""
    error: Callable[[], BaseException] | None = None
    is_after: bool = False
    is_lasting: bool = False
    is_passing: bool = True

    def faults(self, number: int) -> str:
        """The plan with this command's number."""
        return self.plan.format(n=number, m=number + 1)

    def hook(self, number: int) -> Hook:
        """The hook for this command's number."""

        def interfere(count: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
            if self.error is None or count < number or (count > number and not self.is_lasting):
                return send()
            if self.is_after:
                send()
            raise self.error()

        return interfere


_TROUBLES = {
    "removed before the command": Trouble("remove:{n}", is_passing=False),
    "removed after its effect": Trouble("remove-after:{n}", is_passing=False),
    "reader gone": Trouble("reader-gone:{n}", is_passing=False),
    "mute": Trouble("mute:{n}"),
    "mute after its effect": Trouble("mute-after:{n}"),
    "mute for ever": Trouble("mute:{n}+", is_passing=False),
    "reset by another": Trouble("reset:{n}", is_passing=False),
    "unpowered by another": Trouble("unpower:{n}", is_passing=False),
    "6F00": Trouble("sw-before:{n}=6F00"),
    "6F00 after its effect": Trouble("sw:{n}=6F00"),
    "6F00 for ever": Trouble("sw-before:{n}+=6F00", is_passing=False),
    "6400": Trouble("sw-before:{n}=6400"),
    "6581": Trouble("sw-before:{n}=6581"),
    "6581 after its effect": Trouble("sw:{n}=6581"),
    "refused 6700": Trouble("sw-before:{n}=6700"),
    "refused 6982": Trouble("sw-before:{n}=6982"),
    "refused 6985": Trouble("sw-before:{n}=6985"),
    "refused 6A80": Trouble("sw-before:{n}=6A80"),
    "refused 6D00": Trouble("sw-before:{n}=6D00"),
    "no byte": Trouble("empty:{n}"),
    "one byte": Trouble("truncate:{n}=1"),
    "no byte for ever": Trouble("empty:{n}+", is_passing=False),
    "one byte, then removed": Trouble("truncate:{n}=1,remove:{m}", is_passing=False),
    "noise": Trouble("garbage:{n}=16"),
    "Ctrl-C before the command": Trouble(error=KeyboardInterrupt),
    "Ctrl-C after its effect": Trouble(error=KeyboardInterrupt, is_after=True),
    "Ctrl-C again and again": Trouble(error=KeyboardInterrupt, is_lasting=True, is_passing=False),
    "Ctrl-C after each effect": Trouble(error=KeyboardInterrupt, is_after=True, is_lasting=True, is_passing=False),
    "SIGTERM before the command": Trouble(error=_TerminatedError),
    "SIGTERM after its effect": Trouble(error=_TerminatedError, is_after=True),
    "answer lost": Trouble(error=lambda: AnswerLostError("lost")),
    "answer lost after its effect": Trouble(error=lambda: AnswerLostError("lost"), is_after=True),
    "service stopped": Trouble(error=lambda: ServiceStoppedError("gone"), is_lasting=True, is_passing=False),
    "time out after its effect": Trouble(
        error=lambda: CardTimeoutError("late"), is_after=True, is_lasting=True, is_passing=False
    ),
}


# Scenarios


@dataclass(frozen=True)
class Scenario:
    """One way to run a change: which PIN, how the card is, and whether the current PIN is right."""

    pin: Pin
    current: str
    kind: str = "card"
    confirm: bool = False

    @property
    def row(self) -> str:
        """Name of its row in the table."""
        return f"{self.pin.value}, {self.current}{', read back' if self.confirm else ''}"

    def __str__(self) -> str:
        """Name of its test."""
        return f"{self.row}, {self.kind}"

    def put(self, bench: type[Bench], faults: str = "") -> Bench:
        """A fresh card for one case."""
        on_the_table = bench(**_KINDS[self.kind], faults=faults)
        if self.current == "wrong on the last try":
            on_the_table.set_tries(self.pin, 1)
        return on_the_table

    def entered(self, bench: Bench) -> str:
        """The current PIN as it is typed."""
        return bench.SECRETS[self.pin] if self.current == "right" else bench.WRONG[self.pin]


_KINDS: dict[str, dict[str, Any]] = {
    "card": {},
    "contact": {"atr": _CONTACT_ATR},
    "phone": {"persona": "phone"},
    "verified is 9000": {"status_verified": "9000"},
    "no short ids": {"short_ef_identifiers": False},
}
_CURRENT = ["right", "wrong", "wrong on the last try"]
_SCENARIOS = [
    *(Scenario(pin, current) for pin in Pin for current in _CURRENT),
    *(Scenario(pin, "right", confirm=True) for pin in Pin),
    *(Scenario(pin, current, "phone") for pin in (Pin.AUTH, Pin.SIGN) for current in _CURRENT),
    *(Scenario(pin, "right", kind) for pin in Pin for kind in ("contact", "verified is 9000", "no short ids")),
]


# Running and judging


@dataclass
class Case:
    """What was said in one case, and what is wrong about it."""

    bench: Bench
    scenario: Scenario
    said: str = ""
    told: int | None = None
    tries_before: int = 0
    error: PinChangeError | None = None
    report: ChangeReport | None = None
    faults: list[str] = field(default_factory=list)

    def run(self, *, check_interrupts: Callable[[], None] = lambda: None) -> None:
        """Change the PIN and note what is said."""
        bench, pin = self.bench, self.scenario.pin
        self.tries_before = bench.tries(pin)
        policy = TryPolicy(use_last_try=True, check_interrupts=check_interrupts)
        current, new = Secret(self.scenario.entered(bench)), Secret(bench.NEW[pin])
        try:
            self.report = change_pin(bench.card(), pin, current, new, policy, confirm=self.scenario.confirm)
        except PinChangeError as exc:
            self.error = exc
            self.said, self.told = "unknown" if exc.is_unknown else "unchanged", exc.retries_remaining
        else:
            self.said, self.told = "changed", self.report.retries_remaining

    @property
    def tries_lost(self) -> int:
        """Tries that are gone now."""
        return max(0, self.tries_before - self.bench.tries(self.scenario.pin))

    @property
    def unexpectedly_lost(self) -> int:
        """Tries that are gone beyond the one of a wrong PIN that has reached the card."""
        is_wrong = self.scenario.current != "right" and any(map(_is_verify, self.bench.reached))
        return max(0, self.tries_lost - is_wrong)

    def judge(self, table: CrashTable, row: str = "", *, can_answer: bool) -> None:
        """Note everything that is not as it must be, and count the case."""
        self._judge_outcome()
        self._judge_tries(can_answer=can_answer)
        self._judge_leaks()
        lost, unexpectedly = self.tries_lost, self.unexpectedly_lost
        if opened := self.bench.opened(self.scenario.pin):
            self.faults.append(f"left open: {opened}")
        table.add(
            row or self.scenario.row,
            self.said,
            misreports=len(self.faults),
            tries_lost=lost,
            unexpectedly=unexpectedly,
        )

    def _judge_outcome(self) -> None:
        pin = self.scenario.pin
        before, after = self.bench.SECRETS[pin], self.bench.NEW[pin]
        held = {before: "unchanged", after: "changed"}[self.bench.holds(pin)]
        answers = self.bench.link.answers_to(_is_change)
        if self.said not in (held, "unknown"):
            self.faults.append(f"said {self.said}, is {held}")
        if self.said == "unknown" and not (answers and _is_lost(answers[0])):
            self.faults.append(f"unknown without need: {answers}")
        if self.said != "changed" and _OK in answers:
            self.faults.append("a change answered 9000 is no success")
        if len(answers) > 1:
            self.faults.append("CHANGE was sent twice")

    def _judge_tries(self, *, can_answer: bool) -> None:
        pin, bench = self.scenario.pin, self.bench
        presented = [command for command, _ in bench.link.exchanges if _is_verify(command)]
        if len(presented) != len(set(presented)) or len(presented) > 1 + self.scenario.confirm:
            self.faults.append(f"{len(presented)} VERIFY were sent")
        if self.unexpectedly_lost:
            self.faults.append(f"{self.unexpectedly_lost} tries are lost without need")
        if self.told not in (None, bench.tries(pin)):
            self.faults.append(f"told {self.told} tries, there are {bench.tries(pin)}")
        if self.told is None and can_answer:
            self.faults.append("the tries left are not told though the card answers")

    def _judge_leaks(self) -> None:
        pin, bench = self.scenario.pin, self.bench
        texts = [*bench.lines, repr(self.report)]
        if self.error is not None:
            texts += _everything_in(self.error)
            if isinstance(self.error.cause, OutcomeUnknownError | PinChangeError):
                self.faults.append("the cause is hidden")
        for secret in (bench.SECRETS[pin], bench.WRONG[pin], bench.NEW[pin]):
            forms = [secret, secret.encode().hex(), secret.encode().hex(" ").upper(), str(list(secret.encode()))]
            self.faults += [f"a PIN is in: {text}" for text in texts for form in forms if form in text]


def _is_verify(command: bytes) -> bool:
    return command[:2] == b"\x00\x20" and len(command) > 4


def _is_change(command: bytes) -> bool:
    return command[:2] in (b"\x00\x24", b"\x80\x32")


def _is_lost(answer: bytes | BaseException) -> bool:
    """Whether nobody can tell from this answer to CHANGE what the card did."""
    if isinstance(answer, BaseException) or len(answer) != 2:
        return True
    return answer == b"\x6f\x00" or answer[0] in (0x64, 0x65)


def _everything_in(error: BaseException) -> list[str]:
    """Texts of an exception and of all behind it: message, arguments, attributes, traceback, and local variables.

    Variables are those of the library's own frames; the simulated card of course sees the PIN.
    """
    texts = traceback.format_exception(error)
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        exc = waiting.pop()
        if exc is None or exc in seen:
            continue
        seen.append(exc)
        texts += [str(exc), repr(exc), repr(exc.args), repr(vars(exc))]
        for frame, _ in traceback.walk_tb(exc.__traceback__):
            if "/jpki/" in frame.f_code.co_filename:
                texts += [_ADDRESS.sub("", repr(value)) for value in frame.f_locals.values()]
        waiting += [exc.__cause__, exc.__context__]
    return texts


def _commands_of(bench: type[Bench], scenario: Scenario) -> int:
    """How many commands an undisturbed change takes."""
    case = Case(scenario.put(bench), scenario)
    case.run()
    return len(case.bench.link.exchanges)


@pytest.mark.parametrize("scenario", _SCENARIOS, ids=str)
def test_every_trouble_at_every_command(bench: type[Bench], crash_table: CrashTable, scenario: Scenario) -> None:
    """What is said is what the card holds, no try is lost without need, no PIN is shown, nothing is left open."""
    faults = []
    for number in range(1, _commands_of(bench, scenario) + 1):
        for name, trouble in _TROUBLES.items():
            case = Case(scenario.put(bench, trouble.faults(number)), scenario)
            case.bench.link.hook = trouble.hook(number)
            case.run()
            case.judge(crash_table, can_answer=trouble.is_passing)
            faults += [f"command {number}, {name}: {fault}" for fault in case.faults]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scenario", _SCENARIOS, ids=str)
def test_undisturbed(bench: type[Bench], crash_table: CrashTable, scenario: Scenario) -> None:
    """Without trouble the right PIN is changed, the wrong one is refused, and on the last try it locks the PIN."""
    case = Case(scenario.put(bench), scenario)
    case.run()
    case.judge(crash_table, can_answer=True)
    assert not case.faults
    if scenario.current == "right":
        assert case.report == ChangeReport(scenario.pin, scenario.pin.retry_limit, scenario.confirm)
        return
    assert (case.said, case.tries_lost) == ("unchanged", 1)
    assert case.error is not None
    if scenario.current == "wrong":
        assert isinstance(case.error.cause, WrongPinError)
        assert case.error.cause.retries_remaining == case.told == scenario.pin.retry_limit - 1
    else:
        assert isinstance(case.error.cause, PinBlockedError)
        assert case.error.cause.by_this_call
        assert case.told == 0


# Around the commands

_AT_BEGIN: list[Callable[[], BaseException]] = [
    lambda: ReaderBusyError("busy"),
    lambda: CardResetError("reset"),
    lambda: CardRemovedError("gone"),
    KeyboardInterrupt,
    _TerminatedError,
]


@pytest.mark.parametrize("error", _AT_BEGIN)
@pytest.mark.parametrize("pin", Pin)
def test_a_transaction_that_does_not_begin(
    bench: type[Bench], crash_table: CrashTable, pin: Pin, error: Callable[[], BaseException]
) -> None:
    """Nothing reaches the card, and the PIN is unchanged."""
    case = Case(bench(), Scenario(pin, "right"))

    def fail() -> None:
        raise error()

    case.bench.link.on_begin = fail
    case.run()
    case.judge(crash_table, "transaction does not begin", can_answer=False)
    assert (case.said, case.told, case.faults) == ("unchanged", None, [])
    assert case.error is not None
    assert type(case.error.cause) is type(error())
    assert case.bench.link.exchanges == []


@pytest.mark.parametrize("error", _AT_BEGIN)
@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize("current", _CURRENT)
def test_a_transaction_that_does_not_end(
    bench: type[Bench], crash_table: CrashTable, pin: Pin, current: str, error: Callable[[], BaseException]
) -> None:
    """A change that was answered 9000 stays a success with a warning; a refusal keeps its counter."""
    scenario = Scenario(pin, current)
    case = Case(scenario.put(bench), scenario)

    def fail() -> None:
        raise error()

    case.bench.link.on_end = fail
    case.run()
    case.judge(crash_table, "transaction does not end", can_answer=True)
    assert case.faults == []
    if current != "right":
        assert case.said == "unchanged"
        return
    lost = isinstance(error(), JpkiError)
    assert case.report is not None
    assert case.report.warnings == (ChangeWarning.CONNECTION_LOST if lost else ChangeWarning.INTERRUPTED,)


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("error", [KeyboardInterrupt, _TerminatedError])
@pytest.mark.parametrize("pin", Pin)
def test_an_interruption_between_two_commands(
    bench: type[Bench], crash_table: CrashTable, pin: Pin, error: type[BaseException], call: int
) -> None:
    """A remembered signal stops before VERIFY, and again before CHANGE; the PIN is unchanged and the counter told."""
    case = Case(bench(), Scenario(pin, "right"))
    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) == call:
            raise error

    case.run(check_interrupts=check)
    case.judge(crash_table, "interrupted between commands", can_answer=True)
    assert (case.said, case.told, case.faults) == ("unchanged", pin.retry_limit, [])
    assert len(case.bench.link.answers_to(_is_verify)) == call - 1
    assert case.bench.link.answers_to(_is_change) == []


@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize("trouble", ["6F00 for ever", "mute for ever", "no byte for ever"])
def test_a_card_that_cannot_be_left_is_unpowered(bench: type[Bench], pin: Pin, trouble: str) -> None:
    """Where no other application can be selected after the change, power is cut, even if that fails as well."""
    number = _commands_of(bench, Scenario(pin, "right"))
    for error in (None, CardRemovedError("gone")):
        case = Case(bench(faults=_TROUBLES[trouble].faults(number)), Scenario(pin, "right"))
        case.bench.link.unpower_error = error
        case.run()
        assert case.said == "changed"
        assert case.bench.link.was_unpowered
        if error is None:
            assert case.bench.opened(pin) == []


@pytest.mark.parametrize("sw", ["6A80", "6700", "6982", "6985"])
@pytest.mark.parametrize("pin", Pin)
def test_a_new_pin_that_the_card_refuses(bench: type[Bench], crash_table: CrashTable, pin: Pin, sw: str) -> None:
    """A refusal of CHANGE leaves the PIN unchanged, with the card's word as the cause and the counter full."""
    case = Case(bench(faults=f"sw-before:change={sw}"), Scenario(pin, "right"))
    case.run()
    case.judge(crash_table, "CHANGE refused", can_answer=True)
    assert (case.said, case.told, case.faults) == ("unchanged", pin.retry_limit, [])
    assert case.error is not None
    assert isinstance(case.error.cause, CardError)
    assert case.error.cause.sw == int(sw, 16)
    assert "CHANGE" in case.error.cause.command
