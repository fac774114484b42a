"""``jpki-window --ask``: the agent's dialog shows who asks for what, and answers as the agent's other programs do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import press_keys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from jpki.agent.dialogs import ProgramDialog
from jpki_cli.agent import dialog_order as agent_dialogs
from jpki_window.pin import main
from jpki_window.pin.ask import ANSWERED, CANNOT, DECLINED, AskDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = {
    "kind": "secret",
    "title": "My Number Card: login",
    "description": "“<b>/bin/program</b>” (process 1) wants to log in.\n\nIf you did not start this, choose Cancel.",
    "prompt": "user certificate PIN (4 digits):",
    "ok": "OK",
    "cancel": "Cancel",
}
CHOICE = {"kind": "choice", "title": "T", "description": "What?", "choices": ["Sign once", "Keep"], "cancel": "Cancel"}


@pytest.fixture(autouse=True)
def hardened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program does to its process first; here it is noted only, since other tests go on in this one."""
    done: list[str] = []
    for name in ("harden_process", "shield_memory"):
        monkeypatch.setattr(f"jpki.hygiene.{name}", partial(done.append, name))
    return done


def answer(question: dict[str, Any], act: Callable[[AskDialog], None]) -> tuple[int, bytes]:
    """Run the program in this process, and act on its dialog; the exit code and what it wrote."""
    reading, writing = os.pipe()

    def find() -> None:
        shown = [found for found in QApplication.topLevelWidgets() if isinstance(found, AskDialog)]
        act(next(found for found in shown if found.isVisible()))

    QTimer.singleShot(0, find)
    code = main([], io.StringIO(json.dumps(question) + "\n"), writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return code, pipe.read()


def press(name: str) -> Callable[[AskDialog], None]:
    """Press a button."""

    def act(dialog: AskDialog) -> None:
        button = next(found for found in dialog.findChildren(QPushButton) if found.text() == name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    return act


def type_pin(dialog: AskDialog) -> None:
    """Type a PIN and press Enter."""
    assert dialog.field is not None
    press_keys(dialog.field, "2846")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)


def escape(dialog: AskDialog) -> None:
    """Press Escape."""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_pin_goes_out_on_the_pipe(application: QApplication) -> None:
    """And nothing but it; the field has been emptied."""
    assert answer(SECRET, type_pin) == (ANSWERED, b"2846")


@pytest.mark.parametrize("question", [SECRET, CHOICE])
@pytest.mark.parametrize("act", [escape, press("Cancel"), lambda dialog: dialog.close()])
def test_a_no(application: QApplication, question: dict[str, Any], act: Callable[[AskDialog], None]) -> None:
    """Escape, Cancel and the window's own button: exit code 1, and nothing is written."""
    assert answer(question, act) == (DECLINED, b"")


@pytest.mark.parametrize(("name", "number"), [("Sign once", b"0"), ("Keep", b"1")])
def test_a_choice(application: QApplication, name: str, number: bytes) -> None:
    """Its number is written."""
    assert answer(CHOICE, press(name)) == (ANSWERED, number)


def test_enter_is_no_choice(application: QApplication) -> None:
    """A dialog that comes up under somebody's typing is answered with no by Enter."""
    code, written = answer(CHOICE, lambda dialog: QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return))
    assert (code, written) == (DECLINED, b"")


def test_what_others_claim_is_plain_text(application: QApplication) -> None:
    """Who asks is shown as it is written, never as markup, and is read to a screen reader with the field."""
    dialog = AskDialog(SECRET)
    labels = dialog.findChildren(QLabel)
    assert any("<b>/bin/program</b>" in label.text() for label in labels)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert dialog.field is not None
    assert dialog.field.accessibleName() == SECRET["prompt"]
    assert "wants to log in" in dialog.field.accessibleDescription()
    dialog.deleteLater()


@pytest.mark.parametrize("line", ["", "{}\n", "[]\n", "no\n", '{"kind": 1}\n', json.dumps(CHOICE | {"choices": 3})])
def test_a_question_of_another_form_is_not_shown(application: QApplication, line: str) -> None:
    """The agent takes its next dialog."""
    assert main([], io.StringIO(line)) == CANNOT


def test_no_core_is_written_of_the_process_that_asks(hardened: list[str]) -> None:
    """That is seen to before anything is read or shown."""
    source = io.StringIO()
    source.close()  # so that reading it fails
    assert main([], source) == CANNOT
    assert hardened == ["harden_process", "shield_memory"]


def test_without_a_screen_the_next_dialog_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toolkit would end the process; exit code 1 would be a person's no."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([], io.StringIO(json.dumps(SECRET))) == CANNOT


def test_without_the_toolkit_the_next_dialog_is_taken() -> None:
    """The program is installed with the wheel, and the toolkit with the extra."""
    code = (
        "import sys; sys.modules['PySide6'] = None; from jpki_window.app.start import main; sys.exit(main(['--ask']))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == CANNOT


@pytest.mark.parametrize(
    ("kind", "terminal_first", "first"),
    [("auto", False, "window"), ("window", False, "window"), ("auto", True, "window")],
)
def test_the_agent_asks_with_the_window_first(
    monkeypatch: pytest.MonkeyPatch, kind: str, first: str, *, terminal_first: bool
) -> None:
    """Run by the agent's own Python, apart from its environment; nothing of it comes from a client."""
    monkeypatch.setattr(agent_dialogs, "_own_terminal", lambda: None)
    made = agent_dialogs.dialogs(agent_dialogs.DialogKind(kind), None, {"PATH": "/evil"}, terminal_first=terminal_first)
    assert isinstance(made[0], ProgramDialog)
    assert made[0]._argv == (sys.executable, "-I", "-m", "jpki_window", "--ask")
    assert len(made) == (1 if kind == first else 3)


def test_a_window_that_is_named_is_taken(tmp_path: Path) -> None:
    """A path of the user's own configuration stands for itself; without the window the others are asked with."""
    program = tmp_path / "jpki-window"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o700)
    (made,) = agent_dialogs.dialogs(agent_dialogs.DialogKind.WINDOW, str(program), {}, terminal_first=False)
    assert isinstance(made, ProgramDialog)
    assert made._argv == (str(program), "--ask")
    assert (
        agent_dialogs.dialogs(agent_dialogs.DialogKind.WINDOW, str(tmp_path / "none"), {}, terminal_first=False) == []
    )
