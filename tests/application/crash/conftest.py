"""One case of a PIN change that something goes wrong with, how it is judged, and the table of all cases."""

from __future__ import annotations

import re
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import tables

from jpki.errors import AnswerLostError, CardTimeoutError, PinChangeError, ServiceStoppedError
from jpki.pin import ChangeReport, Secret, TryPolicy
from jpki.pin.commands import change_pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench, Hook
    from jpki.card import Pin

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


TROUBLES = {
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


# Cases

_KINDS: dict[str, dict[str, Any]] = {
    "card": {},
    "contact": {"atr": _CONTACT_ATR},
    "phone": {"persona": "phone"},
    "verified is 9000": {"status_verified": "9000"},
    "no short ids": {"short_ef_identifiers": False},
}


@dataclass
class Case:
    """What was said in one case, and what is wrong about it."""

    bench: Bench
    pin: Pin
    current: str
    confirm: bool
    said: str = ""
    told: int | None = None
    tries_before: int = 0
    error: PinChangeError | None = None
    report: ChangeReport | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def row(self) -> str:
        """Name of its row in the table."""
        return f"{self.pin.value}, {self.current}{', read back' if self.confirm else ''}"

    def run(self, *, check_interrupts: Callable[[], None] = lambda: None) -> None:
        """Change the PIN and note what is said."""
        bench, pin = self.bench, self.pin
        self.tries_before = bench.reference(pin).retries_remaining
        secrets = bench.SECRETS if self.current == "right" else bench.WRONG
        policy = TryPolicy(use_last_try=True, check_interrupts=check_interrupts)
        current, new = Secret(secrets[pin]), Secret(bench.NEW[pin])
        try:
            self.report = change_pin(bench.card(), pin, current, new, policy, confirm=self.confirm)
        except PinChangeError as exc:
            self.error = exc
            self.said, self.told = "unknown" if exc.is_unknown else "unchanged", exc.retries_remaining
        else:
            self.said, self.told = "changed", self.report.retries_remaining

    @property
    def tries_lost(self) -> int:
        """Tries that are gone now."""
        return max(0, self.tries_before - self.bench.reference(self.pin).retries_remaining)

    @property
    def unexpectedly_lost(self) -> int:
        """Tries that are gone beyond the one of a wrong PIN that has reached the card."""
        is_wrong = self.current != "right" and any(map(_is_verify, self.bench.reached))
        return max(0, self.tries_lost - is_wrong)

    def judge(self, table: CrashTable, row: str = "", *, can_answer: bool) -> None:
        """Note everything that is not as it must be, and count the case."""
        self._judge_outcome()
        self._judge_tries(can_answer=can_answer)
        self._judge_leaks()
        lost, unexpectedly = self.tries_lost, self.unexpectedly_lost
        if opened := self.bench.opened(self.pin):
            self.faults.append(f"left open: {opened}")
        table.add(
            row or self.row,
            self.said,
            misreports=len(self.faults),
            tries_lost=lost,
            unexpectedly=unexpectedly,
        )

    def _judge_outcome(self) -> None:
        pin = self.pin
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
        if self.report is not None and self._is_troubled_after_change() and not self.report.warnings:
            self.faults.append("no warning names what happened after the change")

    def _is_troubled_after_change(self) -> bool:
        exchanges = self.bench.link.exchanges
        change = next(index for index, (command, _) in enumerate(exchanges) if _is_change(command))
        answers = [answer for _, answer in exchanges[change + 1 :]]
        return any(isinstance(answer, BaseException) or len(answer) < 2 for answer in answers)

    def _judge_tries(self, *, can_answer: bool) -> None:
        pin, bench = self.pin, self.bench
        presented = [command for command, _ in bench.link.exchanges if _is_verify(command)]
        if len(presented) != len(set(presented)) or len(presented) > 1 + self.confirm:
            self.faults.append(f"{len(presented)} VERIFY were sent")
        if self.unexpectedly_lost:
            self.faults.append(f"{self.unexpectedly_lost} tries are lost without need")
        if self.told not in (None, bench.tries(pin)):
            self.faults.append(f"told {self.told} tries, there are {bench.tries(pin)}")
        if self.told is None and can_answer:
            self.faults.append("the tries left are not told though the card answers")

    def _judge_leaks(self) -> None:
        pin, bench = self.pin, self.bench
        texts = [*bench.lines, repr(self.report)]
        if self.error is not None:
            texts += _everything_in(self.error)
            if isinstance(self.error.cause, PinChangeError):
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


class NewCase:
    """Puts a fresh card on the table for one case."""

    def __init__(self, bench: type[Bench]) -> None:
        """Keep the class of cards."""
        self._bench = bench

    def __call__(self, pin: Pin, current: str, kind: str = "card", *, confirm: bool = False, faults: str = "") -> Case:
        """A case: ``current`` is ``right``, ``wrong`` or ``wrong on the last try``, ``kind`` how the card is."""
        on_the_table = self._bench(**_KINDS[kind], faults=faults)
        if current == "wrong on the last try":
            on_the_table.set_tries(pin, 1)
        return Case(on_the_table, pin, current, confirm)


@pytest.fixture
def new_case(bench: type[Bench]) -> NewCase:
    """Make cases."""
    return NewCase(bench)


@pytest.fixture
def troubles() -> dict[str, Trouble]:
    """Everything that can go wrong at one command, by name."""
    return TROUBLES


# The table

_COLUMNS = ("cases", "changed", "unchanged", "unknown", "misreports", "tries lost", "unexpectedly")


class CrashTable:
    """Outcomes of all crash points: how many cases of each kind, and what came of them."""

    def __init__(self) -> None:
        """Begin with an empty table."""
        self.rows: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, name: str, said: str, *, misreports: int, tries_lost: int, unexpectedly: int) -> None:
        """Count one case."""
        found = {"misreports": misreports, "tries lost": tries_lost, "unexpectedly": unexpectedly}
        for row in (self.rows[name], self.rows["all"]):
            row.update({"cases": 1, said: 1} | found)

    def lines(self) -> list[str]:
        """The table as text; its last line has the sums."""
        names = [*sorted(self.rows.keys() - {"all"}), "all"]
        header = f"{'':30}" + "".join(f"{column:>13}" for column in _COLUMNS)
        return [header, *(f"{name:30}" + "".join(f"{self.rows[name][c]:>13}" for c in _COLUMNS) for name in names)]


_TABLE = pytest.StashKey[CrashTable]()


@pytest.fixture
def crash_table(request: pytest.FixtureRequest) -> CrashTable:
    """The table of this run."""
    return request.config.stash.setdefault(_TABLE, CrashTable())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of crash points at the end of the run, with -v."""
    table = config.stash.get(_TABLE, None)
    if table is not None and tables.are_wanted(terminalreporter):
        terminalreporter.section("crash points of a PIN change")
        for line in table.lines():
            terminalreporter.write_line(line)
