"""The agent's dialog on a screen: started as the agent starts it, typed into, and read back over the pipe."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from screenreader import screen, session
from windowhand import check_names

from jpki.agent.dialogs import ChoiceText, ProgramDialog, SecretText
from jpki.agent.dialogs.questions import CannotOpenError
from jpki.agent.errors import DialogDeclinedError, RequesterGoneError
from jpki.pin import Secret
from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator

LACKS = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")

ARGV = (sys.executable, "-I", "-m", "jpki_window", "--ask")
TEXT = SecretText("My Number Card: login", "“/bin/program” (process 1) wants to log in.", "PIN:", "OK", "Cancel")
CHOICE = ChoiceText("My Number Card: login", "What?", ("Sign once", "Keep for 5 minutes"), "Cancel")
PATIENCE = 60


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen without a window manager."""
    with screen() as name:
        yield name


def press(display: str, *keys: str) -> None:
    """Wait for the dialog, and press keys in it."""
    command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "My Number Card: login"]
    environment = {"DISPLAY": display}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE)
    window = found.stdout.split()[-1]
    for _ in range(50):  # X refuses the keyboard to a window that is not drawn yet
        focus = ["xdotool", "windowfocus", "--sync", window]
        if subprocess.run(focus, env=environment, capture_output=True, check=False, timeout=PATIENCE).returncode == 0:
            break
        time.sleep(0.1)
    subprocess.run(["xdotool", "key", "--delay", "40", *keys], env=environment, check=True, timeout=PATIENCE)


def pressing(display: str, *keys: str) -> threading.Thread:
    """A person who does that meanwhile."""
    person = threading.Thread(target=press, args=(display, *keys))
    person.start()
    return person


def test_a_pin_comes_back(display: str) -> None:
    """Typed and ended with Enter."""
    with ProgramDialog(ARGV, {"DISPLAY": display}).open(lambda: True) as talk:
        person = pressing(display, *"2846", "Return")
        with talk.ask_secret(TEXT) as secret:
            assert secret == Secret("2846")
        person.join()


@pytest.mark.parametrize("keys", [("Escape",), ("Return",), ("Tab", "Escape")])
def test_a_no_comes_back(display: str, keys: tuple[str, ...]) -> None:
    """Escape, and Enter where a choice is asked for."""
    with ProgramDialog(ARGV, {"DISPLAY": display}).open(lambda: True) as talk:
        person = pressing(display, *keys)
        with pytest.raises(DialogDeclinedError):
            talk.choose(CHOICE)
        person.join()


def test_keeping_for_five_minutes_is_a_choice(display: str) -> None:
    """Reached with Tab, pressed with the space bar."""
    with ProgramDialog(ARGV, {"DISPLAY": display}).open(lambda: True) as talk:
        person = pressing(display, "shift+Tab", "space")
        assert talk.choose(CHOICE) == 1
        person.join()


def test_a_dialog_ends_with_its_client(display: str) -> None:
    """Nobody waits for the answer any more."""
    with ProgramDialog(ARGV, {"DISPLAY": display}).open(lambda: False) as talk, pytest.raises(RequesterGoneError):
        talk.ask_secret(TEXT)


def test_without_a_screen_the_next_dialog_is_asked() -> None:
    """Neither no display nor one that is not there is a person's no."""
    for environment in ({}, {"DISPLAY": ":4711"}):
        with ProgramDialog(ARGV, environment).open(lambda: True) as talk, pytest.raises(CannotOpenError):
            talk.ask_secret(TEXT)


def test_a_pin_is_entered_by_actions_alone(tmp_path: Path) -> None:
    """With the keys on the screen, which a program for assistance presses; the PIN is not in the tree."""
    answer = tmp_path / "answer"
    with session(tmp_path, str(answer), program=(str(Path(__file__).with_name("asking.py")),)) as at:
        assert at.wait(lambda node: node["role"] == "password text")["name"] == TEXT.prompt
        check_names(at.tree())
        at.press(M("Keys on the screen").text("en"))
        for key in "2846":
            at.press(key)
        assert "2846" not in str(at.tree())
        at.press(TEXT.ok)
        end = time.monotonic() + PATIENCE
        while not answer.read_bytes() and time.monotonic() < end:
            time.sleep(0.05)
    assert answer.read_bytes() == b"2846"
