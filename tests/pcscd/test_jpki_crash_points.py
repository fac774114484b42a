"""A sample of the crash points of a PIN change, with the real command over the real PC/SC service.

The whole enumeration is in tests/application/crash; here its troubles come through pcscd and the virtual reader.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
SECRETS = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
LIMIT = {"auth": 3, "sign": 5, "input": 3, "juki": 3}
#: Selecting the application, the counter, VERIFY, CHANGE, and selecting another application at the end.
_LAST = {"auth": 3, "sign": 3, "input": 3, "juki": 4}
_ANY_PIN = [
    ("remove:select#1", "right"),
    ("remove:verify", "right"),
    ("remove-after:verify", "right"),
    ("remove:change", "right"),
    ("remove-after:change", "right"),
    ("remove-after:select#{last}", "right"),
    ("sw:verify=6F00", "right"),
    ("sw:change=6F00", "right"),
    ("sw-before:change=6982", "right"),
    ("truncate:change=1", "right"),
    ("sw-before:select#{last}=6F00", "right"),
    ("remove-after:verify", "wrong"),
    ("sw:verify=6581", "wrong"),
]
_SIGNALS = [(name, number) for name in ("verify", "change") for number in (signal.SIGINT, signal.SIGTERM)]


@dataclass(frozen=True)
class Case:
    """One change with one trouble: a fault plan, or a signal while the card is busy with a command."""

    pin: str
    plan: str
    current: str = "right"
    pause: str = ""
    number: int = 0

    @property
    def stdin(self) -> str:
        """What a script gives."""
        current = (SECRETS if self.current == "right" else WRONG)[self.pin]
        return f"{current}\n{NEW[self.pin]}\n"

    @property
    def may_be_unknown(self) -> bool:
        """Whether the answer to CHANGE itself is lost."""
        return ":change" in self.plan and "6982" not in self.plan

    def __str__(self) -> str:
        """Name it in a failure."""
        return f"{self.pin}, {self.current}, {self.plan or f'signal {self.number} at {self.pause}'}"


def sample() -> list[Case]:
    """The cases."""
    cases = [Case(pin, plan.format(last=_LAST[pin]), current) for plan, current in _ANY_PIN for pin in SECRETS]
    return cases + [Case(pin, "", pause=name, number=number) for pin in ("auth", "sign") for name, number in _SIGNALS]


class Cards:
    """The other end of crash_cards.py."""

    def __init__(self, path: Path) -> None:
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._link.settimeout(60)
        self._link.connect(str(path))
        self._lines = self._link.makefile("rw", encoding="ascii")

    def ask(self, slot: int, **request: object) -> dict[str, Any]:
        """Send a request and return its answer."""
        self.send(slot, **request)
        return self.receive()

    def send(self, slot: int, **request: object) -> None:
        """Send a request; its answer is received later."""
        self._lines.write(json.dumps({"slot": slot, **request}) + "\n")
        self._lines.flush()

    def receive(self) -> dict[str, Any]:
        """Receive the next answer."""
        value: dict[str, Any] = json.loads(self._lines.readline())
        return value

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._link.close()


@pytest.fixture
def cards(pcscd: Pcscd, tmp_path: Path) -> Iterator[list[Cards]]:
    """Cards in both readers; one link for each, so that one can wait for its reader while the other is used."""
    path = tmp_path / "cards.sock"
    served = pcscd.start_card_process([sys.executable, Path(__file__).with_name("crash_cards.py"), path])
    links = [Cards(path), Cards(path)]
    yield links
    for link in links:
        link.close()
    served.stop()
    pcscd.await_empty(served.port + 1)


def run(pcscd: Pcscd, cards: Cards, slot: int, case: Case, trace: Path) -> subprocess.CompletedProcess[str]:
    """Change the PIN of a card with the trouble of the case."""
    options = ["--reader", f"Virtual PCD 00 0{slot}", "--timeout", "5", "--wait", "10", "--trace", str(trace)]
    command = [*JPKI, *options, "pin", "change", case.pin, "--pin-stdin", "--json", "--yes"]
    if not case.pause:
        return pcscd.run(command, case.stdin)
    cards.ask(slot, pause=case.pause)
    pipe = subprocess.PIPE
    program = pcscd.popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    assert program.stdin is not None
    program.stdin.write(case.stdin)
    program.stdin.close()
    program.stdin = None
    assert cards.ask(slot, reached=True)["ok"]
    program.send_signal(case.number)
    cards.ask(slot, go=True)
    out, err = program.communicate(timeout=120)
    return subprocess.CompletedProcess(command, program.returncode, out, err)


def judge(case: Case, result: subprocess.CompletedProcess[str], held: dict[str, Any], trace: str) -> list[str]:
    """What is wrong about a case."""
    told = json.loads(result.stdout)
    truth = {SECRETS[case.pin]: "unchanged", NEW[case.pin]: "changed"}[held["value"]]
    faults = []
    if told["outcome"] not in (truth, "unknown") or (told["outcome"] == "unknown" and not case.may_be_unknown):
        faults.append(f"said {told['outcome']}, is {truth}")
    if told["retries_remaining"] not in (None, held["tries"]):
        faults.append(f"told {told['retries_remaining']} tries, there are {held['tries']}")
    lost = LIMIT[case.pin] - held["tries"]
    if lost > (case.current == "wrong" and held["presented"] > 0) or held["presented"] > 1:
        faults.append(f"{lost} tries lost, {held['presented']} PINs presented")
    was_lost = ":verify" in case.plan
    codes = {"changed": {0}, "unknown": {8}, "unchanged": {8} if was_lost else {3, 4, 6, 130, 143}}
    if result.returncode not in codes[told["outcome"]]:
        faults.append(f"exit code {result.returncode} for {told['outcome']}")
    shown = result.stdout + result.stderr + trace
    secrets = (SECRETS[case.pin], WRONG[case.pin], NEW[case.pin])
    faults += ["a PIN is shown" for secret in secrets for form in forms_of(secret) if form in shown]
    return faults


def forms_of(secret: str) -> tuple[str, str]:
    """A PIN as text and as an APDU's hex."""
    return secret, secret.encode().hex(" ").upper()


def test_what_is_said_is_what_the_card_holds(
    pcscd: Pcscd, cards: list[Cards], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At least 40 crash points: no misreport, no try lost without need, no PIN shown."""
    cases = sample()
    told: Counter[str] = Counter()
    faults = []
    for slot in (0, 1):
        cards[slot].send(slot, new=cases[slot].plan)
    for number, case in enumerate(cases):
        slot = number % 2
        assert cards[slot].receive()["ok"]
        trace = tmp_path / f"trace-{number}"
        result = run(pcscd, cards[slot], slot, case, trace)
        held = cards[slot].ask(slot, state=case.pin)
        if number + 2 < len(cases):  # its reader needs a moment; meanwhile the other one is used
            cards[slot].send(slot, new=cases[number + 2].plan)
        text = trace.read_text() if trace.exists() else ""
        faults += [f"{case}: {fault}; {result.stderr}" for fault in judge(case, result, held, text)]
        told[json.loads(result.stdout)["outcome"]] += 1
    with capsys.disabled():
        print(f"\ncrash points over PC/SC: {len(cases)} cases, {dict(told)}, {len(faults)} misreports", end=" ")  # noqa: T201
    assert len(cases) >= 40
    assert set(told) == {"changed", "unchanged", "unknown"}
    assert not faults, "\n".join(faults)


def test_the_service_ends_while_the_card_changes(pcscd: Pcscd, cards: list[Cards], tmp_path: Path) -> None:
    """pcscd is killed while the card is busy with CHANGE: unknown, exit 8, and it does not hang."""
    case = Case("auth", "", pause="change")
    cards[0].ask(0, pause=case.pause)
    pipe = subprocess.PIPE
    command = [*JPKI, "--reader", "0", "--timeout", "5", "pin", "change", "auth", "--pin-stdin", "--json"]
    program = pcscd.popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    assert program.stdin is not None
    program.stdin.write(case.stdin)
    program.stdin.close()
    program.stdin = None
    assert cards[0].ask(0, reached=True)["ok"]
    pcscd.stop_daemon(signal.SIGKILL)
    cards[0].ask(0, go=True)
    out, err = program.communicate(timeout=120)
    assert program.returncode == 8, err
    assert json.loads(out)["outcome"] == "unknown"
