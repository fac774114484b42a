"""The counter over the real PC/SC service: one process for each card, and nothing of a card after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from memoryscan import can_scan, children_of, is_in_memory
from screenreader import screen

import jpki
from jpki.client import Card
from jpki.report import sheet
from jpki.words import speak
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcscd.conftest import Pcscd

#: Seconds after which something that was waited for counts as never coming, on a busy machine too.
NEVER = 120.0

pytestmark = pytest.mark.skipif(not can_scan(), reason="only root reads the memory of another process")


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds outside this process, which nothing tells of."""
    end = time.monotonic() + NEVER
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def verdict_of(persona: str) -> bytes:
    """What the window says of this card, as the toolkit holds it; no other text of the program is held like that."""
    now = datetime.now(UTC)
    with Card(SimulatedConnection(open_card(persona).card)) as card:
        advice = jpki.advise(card.status(at=now), at=now)
    speak("en")
    return sheet(advice, now, is_simulated=False).verdict.encode("utf-16-le")


def card_process(counter: int) -> int | None:
    """The process of the card that lies there."""
    found = [pid for pid in children_of(counter) if b"--counter-card" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found[0] if found else None


def windows_of(pid: int, display: str) -> list[str]:
    """The size of each window of a process that is to be seen."""
    environment = {"PATH": os.defpath, "DISPLAY": display}

    def said(*command: str) -> list[str]:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.split()

    shown = said("xdotool", "search", "--onlyvisible", "--pid", str(pid))
    return [said("xdotool", "getwindowgeometry", window)[-1] for window in shown]


def files_in(folder: Path) -> set[Path]:
    """Every file that was written there."""
    return {found for found in folder.rglob("*") if found.is_file()}


@pytest.mark.skipif(None in map(shutil.which, ("Xvfb", "xdotool")), reason="no screen of its own can be opened")
def test_a_card_has_the_whole_screen_until_it_leaves(pcscd: Pcscd) -> None:
    """Its window covers the screen; with the card, window and process go, and no file was written."""
    with screen("1024x768") as display:
        counter = pcscd.popen(
            [sys.executable, "-P", "-m", "jpki_window", "--counter", "--lang", "en"],
            env={"QT_QPA_PLATFORM": "xcb", "DISPLAY": display, "XDG_RUNTIME_DIR": str(pcscd.home)},
        )
        until(lambda: windows_of(counter.pid, display) == ["1024x768"])
        before = files_in(pcscd.home)
        card = pcscd.start_card("locked-auth")
        until(lambda: card_process(counter.pid) is not None)
        child = card_process(counter.pid)
        assert child is not None
        until(lambda: windows_of(child, display) == ["1024x768"])
        until(lambda: is_in_memory(child, verdict_of("locked-auth")))
        card.stop()
        until(lambda: not Path(f"/proc/{child}").exists())
        assert windows_of(child, display) == []
        assert windows_of(counter.pid, display) == ["1024x768"]
        assert files_in(pcscd.home) == before
        counter.terminate()
        counter.wait(NEVER)


def test_nothing_of_a_card_is_there_when_the_next_one_lies_there(pcscd: Pcscd) -> None:
    """Its process has ended; what was said of it is in neither of the processes that run, but was in its own."""
    first, second = verdict_of("locked-auth"), verdict_of("adult")
    assert first != second
    counter = pcscd.popen(
        [sys.executable, "-P", "-m", "jpki_window", "--counter", "--lang", "en"],
        env={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(pcscd.home)},
    )
    card = pcscd.start_card("locked-auth")
    until(lambda: card_process(counter.pid) is not None)
    before = card_process(counter.pid)
    assert before is not None
    until(lambda: is_in_memory(before, first))
    assert not is_in_memory(counter.pid, first)
    card.stop()
    until(lambda: not Path(f"/proc/{before}").exists())
    pcscd.start_card("adult")
    until(lambda: card_process(counter.pid) is not None)
    after = card_process(counter.pid)
    assert after not in (None, before)
    assert after is not None
    until(lambda: is_in_memory(after, second))
    assert [is_in_memory(pid, first) for pid in (counter.pid, after)] == [False, False]
    counter.terminate()
    counter.wait(NEVER)
