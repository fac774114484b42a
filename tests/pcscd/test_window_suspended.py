"""The window on a computer that sleeps amid the change of a PIN: it is stopped, and something befalls the card.

Continued days later, it says what the card holds, or that it is not certain; the note that outlives a crash is there as
long as nobody has seen what came of it. A part of the cases runs here; all of them where JPKI_LONG is set.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from faultworld import NEW, RIGHT
from screenlies import lies_about

from jpki.card import Pin
from jpki_window.pin import left_behind

from .test_jpki_crash_points import Cards
from .test_window import PERSON, READER, name, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcscd.conftest import Pcscd

    Sleep = Callable[[str], "Sleeper"]

SUSPENDED: Final = Path(__file__).with_name("suspended_person.py")
CLOCK: Final = PERSON.parents[2] / "scripts" / "shifted-clock.c"
#: Seconds that the computer slept: three days.
SLEPT: Final = 3 * 86400
PIN: Final = Pin.AUTH
#: When it falls asleep, and what happens to the card meanwhile.
WHEN: Final = ("typing", "before:verify", "before:change", "after:change")
MEANWHILE: Final = ("nothing", "put back", "taken away", "exchanged", "service restarted")
CASES: Final = [*product(WHEN, MEANWHILE), ("typing", "reset")]
CHOSEN: Final = CASES if os.environ.get("JPKI_LONG") else CASES[1::3]
#: Says how many notes another window would take for left behind, and what time it is there.
OTHER: Final = """
import sys, time
from pathlib import Path
from jpki_window.pin import left_behind
print(len(left_behind(Path(sys.argv[1]))), time.time())
"""


@pytest.fixture(scope="module")
def moved_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that moves the time of day of the program that it is loaded into."""
    made = tmp_path_factory.mktemp("clock") / "clock.so"
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed, which makes the library that moves the clock")
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-shared", "-fPIC", "-o", made, CLOCK], check=True)
    return made


class Sleeper:
    """A window whose process stops itself at some moment of the change of a PIN."""

    def __init__(self, pcscd: Pcscd, when: str, clock: Path, state: Path) -> None:
        """Open it."""
        self.notes = state / "jpki" / "unseen"
        self._more = {"LD_PRELOAD": str(clock), "JPKI_TEST_CLOCK_SHIFT": "0", "XDG_STATE_HOME": str(state)}
        self.window = opened(pcscd, SUSPENDED, when, str(SLEPT), READER, **self._more)

    def fall_asleep(self) -> None:
        """Have the PIN changed; returns when the process sleeps."""
        self.window.do(until="5 of 5 tries left")
        secrets = [RIGHT[PIN.value], NEW[PIN.value], NEW[PIN.value]]
        self.window.begin(press=name("Change PIN", PIN), secrets=secrets, yes=9)
        _, status = os.waitpid(self.window.program.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

    def wake(self) -> str:
        """Let it go on; returns what is on the screen in the end."""
        self.window.program.send_signal(signal.SIGCONT)
        return self.window.told()

    def notes_for_others(self) -> int:
        """How many notes another window, days later, takes for those of a program that has ended."""
        environment = {**os.environ, **self._more, "JPKI_TEST_CLOCK_SHIFT": str(SLEPT)}
        command = [sys.executable, "-c", OTHER, str(self.notes)]
        told = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.split()
        assert float(told[1]) - time.time() > SLEPT / 2
        return int(told[0])


@pytest.fixture
def only(pcscd: Pcscd, tmp_path: Path) -> Iterator[Cards]:
    """The only card, in the first reader; made anew for each case."""
    path = tmp_path / "cards.sock"
    served = pcscd.start_card_process([sys.executable, PERSON.with_name("crash_cards.py"), path, "1"])
    link = Cards(path)
    yield link
    link.close()
    served.stop()


@pytest.fixture
def go_to_sleep(pcscd: Pcscd, only: Cards, moved_clock: Path, tmp_path: Path) -> Iterator[Sleep]:
    """Open a window that will sleep, with the card on its reader."""
    opened_ones: list[Sleeper] = []

    def open_one(when: str) -> Sleeper:
        opened_ones.append(Sleeper(pcscd, when, moved_clock, tmp_path / "state"))
        return opened_ones[-1]

    yield open_one
    for each in opened_ones:
        each.window.program.kill()
        each.window.program.communicate(timeout=120)


def befall(pcscd: Pcscd, only: Cards, meanwhile: str) -> None:
    """What happens to the card while nobody looks."""
    if meanwhile == "reset":
        pcscd.reset_card()
    elif meanwhile == "service restarted":
        pcscd.stop_daemon()
        pcscd.start_daemon()
        pcscd.await_card()
    elif meanwhile != "nothing":
        assert only.ask(0, away=True)["ok"]
        pcscd.await_empty()
        if meanwhile != "taken away":
            assert only.ask(0, **({"back": True} if meanwhile == "put back" else {"other": "foreign-resident"}))["ok"]
            pcscd.await_card()


@pytest.mark.parametrize(("when", "meanwhile"), CHOSEN)
def test_what_is_told_after_a_sleep_is_so(
    pcscd: Pcscd, only: Cards, go_to_sleep: Sleep, when: str, meanwhile: str
) -> None:
    """Neither verdict nor tries are untrue, another card gets no PIN, and the note lives until the outcome was seen."""
    sleeper = go_to_sleep(when)
    sleeper.fall_asleep()
    assert len(list(sleeper.notes.glob("*.json"))) == (0 if when == "typing" else 1)
    assert sleeper.notes_for_others() == 0
    befall(pcscd, only, meanwhile)
    screen = sleeper.wake()
    held = only.ask(0, before=PIN.value)
    is_changed = held["value"] == NEW[PIN.value]
    told = lies_about(screen, PIN, is_changed=is_changed, left=held["tries"], is_right=True, before=PIN.retry_limit)
    assert told == [], screen
    assert held["presented"] <= 2
    if meanwhile == "exchanged":
        assert only.ask(0, state=PIN.value)["presented"] == 0
    if when == "after:change" or meanwhile == "nothing":
        assert is_changed
        assert "was changed." in screen
    assert list(sleeper.notes.glob("*")) == []


@pytest.mark.parametrize("when", WHEN)
def test_a_computer_that_does_not_wake_is_told_of_at_the_next_start(go_to_sleep: Sleep, when: str) -> None:
    """Its battery ran out: what was sent by then was noted before, and nothing is noted where nothing was sent."""
    sleeper = go_to_sleep(when)
    sleeper.fall_asleep()
    sleeper.window.program.kill()
    sleeper.window.program.wait(60)
    assert [note.pin for note in left_behind(sleeper.notes)] == ([] if when == "typing" else [PIN])
