"""What outlives a crash while a PIN is used, and what is told of it at the next start."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from jpki.card import Pin
from jpki_window.pin import default_folder, left_behind, tell_unseen
from jpki_window.pin.unseen import NotNotedError, Unseen, UnseenNote, forget

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from jpki.words import Message

_CRASH = """
import os, sys
from pathlib import Path
from jpki.card.pin import Pin
from jpki_window.pin.unseen import UnseenNote
with UnseenNote(Pin(sys.argv[2]), Path(sys.argv[1])).shield() as check:
    check()
    os._exit(9)
"""


def crash(folder: Path, pin: Pin) -> None:
    """Have a program end amid the use of a PIN."""
    command = [sys.executable, "-c", _CRASH, str(folder), pin.value]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9


def english(message: Message) -> str:
    """Say it in English."""
    return message.text("en")


def test_a_program_that_ended_amid_the_use_of_a_pin_is_told_of(application: QApplication, tmp_path: Path) -> None:
    """With the name of the PIN and the time, once: whoever closes that has read it."""
    crash(tmp_path, Pin.AUTH)
    crash(tmp_path, Pin.SIGN)
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    dialog = tell_unseen(english, None, folder=tmp_path)
    assert dialog is not None
    said = "\n".join(dialog.visible_texts())
    assert "(Japan time) the user certificate PIN (4 digits) was being used" in said
    assert "the signature password" in said
    assert "A PIN was being used, and what came of it was not shown." in said
    assert "either the old or the new one holds" in said
    dialog.page.closed.emit()
    assert tell_unseen(english, None, folder=tmp_path) is None


def test_a_dialog_that_was_not_read_comes_again(application: QApplication, tmp_path: Path) -> None:
    """Escape is no reading."""
    crash(tmp_path, Pin.AUTH)
    first = tell_unseen(english, None, folder=tmp_path)
    assert first is not None
    first.reject()
    again = tell_unseen(english, None, folder=tmp_path)
    assert again is not None
    again.reject()


def test_the_note_of_another_window_is_none_that_was_left(tmp_path: Path) -> None:
    """It is locked while its program runs; removed, nothing is left of it."""
    note = UnseenNote(Pin.AUTH, tmp_path)
    with note.shield():
        assert left_behind(tmp_path) == ()
    with note.shield():  # once more, for the new PIN after a change
        assert len(list(tmp_path.glob("*.json"))) == 1
    note.remove()
    note.remove()
    assert list(tmp_path.iterdir()) == []


def test_it_says_the_pin_and_the_time(tmp_path: Path) -> None:
    """The oldest first; only its user can read it."""
    before = datetime.now(UTC).replace(microsecond=0)
    crash(tmp_path, Pin.JUKI)
    (found,) = left_behind(tmp_path)
    assert found.pin is Pin.JUKI
    assert found.at is not None
    assert before <= found.at <= datetime.now(UTC)
    if os.name != "nt":
        assert found.path.stat().st_mode & 0o77 == 0
    forget((found, Unseen(tmp_path / "none")))
    assert left_behind(tmp_path) == ()
    assert left_behind(tmp_path / "none") == ()


@pytest.mark.parametrize("where", ["write", "fsync", "open"])
def test_a_note_that_cannot_be_written_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """A full disk raises before anything is sent, and leaves nothing behind."""

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, where, (lambda *_: 0) if where == "write" else fail)
    with pytest.raises(NotNotedError, match=r"full|No space"), UnseenNote(Pin.AUTH, tmp_path).shield():
        pytest.fail("nothing may be sent")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_it_lies_in_a_folder_of_the_user() -> None:
    """Beside other things that have to outlive a program."""
    assert default_folder().parts[-2:] == ("jpki", "unseen")


@pytest.mark.skipif(os.name == "nt", reason="Windows flushes no folders")
def test_file_and_folder_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written, and the name that it has, before the PIN goes out."""
    flushed: list[bool] = []

    def note(descriptor: int) -> None:
        flushed.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))

    monkeypatch.setattr(os, "fsync", note)
    with UnseenNote(Pin.AUTH, tmp_path).shield():
        assert flushed == [False, True]
