"""The counter: the waiting process reads no card, and the process of a card ends with it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QProcess, Qt
from PySide6.QtTest import QTest
from windowpages import READER, empty_below, press, texts

from jpki.errors import ServiceStoppedError
from jpki_sim.serve import SimulatedReaders
from jpki_window.app import main
from jpki_window.help import counter, counter_card
from jpki_window.help.counter import CounterWindow
from jpki_window.help.counter_card import CounterCard
from jpki_window.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from windowpages import PageDesk

    from jpki.transport import ReaderState

    SitDown = Callable[..., PageDesk]
    Counter = tuple[PageDesk, SimulatedReaders, CounterWindow]


@pytest.fixture
def at_counter(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """A counter with an empty reader, where a process that sleeps stands for that of a card."""
    monkeypatch.setattr(counter, "command_of", lambda *_: (sys.executable, ["-c", "import time; time.sleep(600)"]))
    desk = sit_down(None)
    readers = SimulatedReaders({READER: None})
    window = CounterWindow(desk.context, readers)
    desk.show(window)
    yield desk, readers, window
    window.stop()
    readers.close()


def test_a_card_has_a_process_that_ends_with_it(at_counter: Counter) -> None:
    """One process for one card; afterwards the card is to be taken away before the next one is shown."""
    desk, readers, window = at_counter
    assert "Put the card on the reader." in texts(window)
    readers.insert(READER, "adult")
    desk.wait(lambda: window.has_card)
    process = window.findChild(QProcess)
    assert process is not None
    desk.wait(lambda: process.state() is QProcess.ProcessState.Running)
    process.kill()
    desk.wait(lambda: not window.has_card)
    assert "Take the card away." in texts(window)
    readers.remove(READER)
    desk.wait(lambda: "Put the card on the reader." in texts(window))
    readers.insert(READER, "child")
    desk.wait(lambda: window.has_card)


@pytest.mark.parametrize("has_next", [False, True])
def test_a_process_that_ends_after_its_card_has_left(at_counter: Counter, *, has_next: bool) -> None:
    """Nothing is to be taken away then: the next card is shown, also where it lies there already."""
    desk, readers, window = at_counter
    changes: list[bool] = []
    window.changed.connect(lambda: changes.append(window.has_card))
    readers.insert(READER, "adult")
    desk.wait(lambda: window.has_card)
    process = window.findChild(QProcess)
    assert process is not None
    desk.wait(lambda: process.state() is QProcess.ProcessState.Running)
    readers.remove(READER)
    desk.wait(lambda: "Put the card on the reader." in texts(window))
    if has_next:
        readers.insert(READER, "child")
    process.kill()
    desk.wait(lambda: len(changes) > 1)
    assert "Take the card away." not in texts(window)
    if not has_next:
        readers.insert(READER, "child")
    desk.wait(lambda: len(changes) == 3 and window.has_card)


def test_the_waiting_process_connects_to_no_card(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told by the readers that a card lies there, and no more."""
    connected: list[str] = []
    monkeypatch.setattr(SimulatedReaders, "connect", lambda _self, name: connected.append(name))
    monkeypatch.setattr(counter, "command_of", lambda *_: (sys.executable, ["-c", "pass"]))
    desk = sit_down(None)
    readers = SimulatedReaders({READER: "adult"})
    window = CounterWindow(desk.context, readers)
    desk.show(window)
    desk.wait(lambda: "Take the card away." in texts(window))
    assert connected == []
    window.stop()
    readers.close()


def test_a_process_that_cannot_begin(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter goes on."""
    monkeypatch.setattr(counter, "command_of", lambda *_: ("/nowhere/python", []))
    desk = sit_down(None)
    readers = SimulatedReaders({READER: "adult"})
    window = CounterWindow(desk.context, readers)
    desk.show(window)
    desk.wait(lambda: "Take the card away." in texts(window))
    window.stop()
    readers.close()


class Stopped(SimulatedReaders):
    """A service that does not run."""

    def readers(self) -> tuple[ReaderState, ...]:
        """There is nobody to ask."""
        raise ServiceStoppedError("stopped")


def test_what_keeps_readers_from_being_seen_is_told(sit_down: SitDown) -> None:
    """In large type, as everything there."""
    desk = sit_down(None)
    readers = Stopped({READER: None})
    window = CounterWindow(desk.context, readers)
    desk.show(window)
    desk.wait(lambda: any("service" in line for line in texts(window)))
    window.stop()
    readers.close()


def test_escape_ends_it(at_counter: Counter) -> None:
    """As the button does."""
    _, _, window = at_counter
    QTest.keyClick(window, Qt.Key.Key_A)
    assert window.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


@pytest.mark.parametrize("card", ["adult", "locked-auth", "phone"])
def test_a_card_is_shown_and_gone_when_it_is_taken_away(sit_down: SitDown, card: str) -> None:
    """Verdict, PINs, certificates and the sheet; then no text of it is left, and the process is told to end."""
    desk = sit_down(card)
    page = CounterCard(desk.context)
    desk.show(page)
    over: list[bool] = []
    page.over.connect(lambda: over.append(True))
    desk.context.look_again()
    desk.wait(lambda: any("tries left" in line or "is locked" in line for line in texts(page)))
    assert "PINs" in texts(page)
    assert empty_below(page) < 8 * Look.em
    desk.readers.remove(READER)
    desk.wait(lambda: bool(over))
    assert texts(page) == []


def test_the_sheet_is_printed_at_the_counter(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the card's window closed by button or Esc."""
    printed: list[str] = []
    monkeypatch.setattr(counter_card, "print_html", lambda _parent, title, _html: printed.append(title))
    desk = sit_down("all-locked")
    page = CounterCard(desk.context)
    desk.show(page)
    over: list[bool] = []
    page.over.connect(lambda: over.append(True))
    desk.context.look_again()
    desk.wait(lambda: "PINs" in texts(page))
    press(page, "Print the sheet …")
    press(page, "Close")
    QTest.keyClick(page, Qt.Key.Key_A)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert (printed, over) == (["About your My Number Card"], [True, True])


def test_a_card_that_cannot_be_read_is_told_of(sit_down: SitDown) -> None:
    """Without facts and without a sheet."""
    desk = sit_down("other-card")
    page = CounterCard(desk.context)
    desk.show(page)
    desk.context.look_again()
    desk.wait(lambda: any("not a My Number Card" in line for line in texts(page)))
    assert "PINs" not in texts(page)


def test_the_whole_way_in_processes_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """``--counter-card`` of a simulated card comes up, and ends when it is told to."""
    process = QProcess()
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path_factory.mktemp("home")), "PATH": os.defpath}
    process.setEnvironment([f"{name}={value}" for name, value in environment.items()])
    process.start(sys.executable, ["-P", "-m", "jpki_window", "--counter-card", "--sim", "adult", "--lang", "ja"])
    assert process.waitForStarted(30_000)
    assert not process.waitForFinished(2_000)  # it waits for the card to be taken away
    process.terminate()
    assert process.waitForFinished(30_000)
    assert callable(main)
