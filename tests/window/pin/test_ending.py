"""The program ends amid the use of a PIN, in whatever way: what came of it was not seen, and the next start says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from jpki.card import Pin
from jpki_window.pin import left_behind, tell_unseen

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from jpki.words import Message

#: Starts the window with a simulated card and types a PIN; at the VERIFY that presents it the program ends.
PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from jpki_sim.card import SimulatedConnection
from jpki_window.app import main_window, start
from jpki_window.card import actions
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import SecretPage
from jpki.card import Pin

how, notes = sys.argv.pop(1), Path(sys.argv.pop(1))
ended = threading.Event()
inner = SimulatedConnection.transmit

def end():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, main_window.MainWindow))
    dialog = window.findChild(PinDialog)
    if how == "dialog":
        QTest.keyClick(dialog, chr(27))
        dialog.close()
        QApplication.quit()
        print("stays" if dialog.isVisible() else "is gone")
        return ended.set()
    QApplication.instance().aboutToQuit.connect(ended.set)
    window.close()

class Ender(main_window.MainWindow):
    def __init__(self, context):
        super().__init__(context)
        self.timer = QTimer(self, interval=20)
        self.timer.timeout.connect(self.go)
        self.timer.start()
        context.status_changed.connect(self.look)
    def look(self, glance):
        if glance.status is not None and not self.findChild(PinDialog):
            QTimer.singleShot(0, lambda: actions.PIN_ACTIONS[0].start(self.context, Pin.AUTH, self))
    def go(self):
        if ended.is_set() and how == "dialog":
            found = self.findChild(PinDialog)
            if found and not found.is_at_work and not list(notes.glob("*.json")):  # which waits for the screen
                print(found.visible_texts()[1])
                found.page.closed.emit()
                self.timer.stop()
                QTimer.singleShot(0, self.close)
        found = self.findChild(PinDialog)
        if found and isinstance(found.page, SecretPage) and not found.page.field.count:
            QTest.keyClicks(found.page.field, "2846")
            found.page.buttons[0].click()

def transmit(self, command):
    if bytes(command[:2]) == bytes([0, 0x20]) and len(command) > 5:
        print(len(list(notes.glob("*.json"))), flush=True)
        if how.startswith("SIG"):
            os.kill(os.getpid(), signal.Signals[how])
            signal.pause()
        QTimer.singleShot(0, QApplication.instance(), end)
        ended.wait(20)
    return inner(self, command)

SimulatedConnection.transmit = transmit
main_window.MainWindow = Ender
sys.exit(start.main(sys.argv[1:]))
"""


def ended(folder: Path, how: str) -> tuple[int, list[str]]:
    """Run it to its end; its exit code, and how many notes lay on the disk when the PIN went out."""
    kept = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how, str(folder / "jpki" / "unseen"), "--sim", "adult", "--lang", "en"],
        env={**kept, "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, done.stdout.splitlines()


def english(message: Message) -> str:
    """Say it in English."""
    return message.text("en")


@pytest.mark.skipif(os.name == "nt", reason="there is no such signals on Windows")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "window"])
def test_what_nobody_saw_is_told_at_the_next_start(application: QApplication, tmp_path: Path, how: str) -> None:
    """Killed as by a crash, terminated as by a log-out, or its window closed, while the card has the PIN."""
    code, told = ended(tmp_path, how)
    assert (code, told) == (-signal.Signals[how] if how != "window" else 0, ["1"])
    notes = left_behind(tmp_path / "jpki" / "unseen")
    assert [note.pin for note in notes] == [Pin.AUTH]
    dialog = tell_unseen(english, None, folder=tmp_path / "jpki" / "unseen")
    assert dialog is not None
    assert any("user certificate PIN (4 digits) was being used" in line for line in dialog.visible_texts())
    dialog.page.closed.emit()
    assert left_behind(tmp_path / "jpki" / "unseen") == ()


def test_the_dialog_cannot_be_closed_meanwhile(tmp_path: Path) -> None:
    """Escape, the window manager and quitting do nothing then; the outcome is shown, and no note is left."""
    code, told = ended(tmp_path, "dialog")
    assert (code, told[:2]) == (0, ["1", "stays"])
    assert told[2].startswith("✓ Correct: that is the user certificate PIN")
    assert left_behind(tmp_path / "jpki" / "unseen") == ()
