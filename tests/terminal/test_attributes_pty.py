"""``jpki attributes --my-number`` at a terminal: the law's limits, typed words, and only then the PIN."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from terminal import TerminalSession

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "000000000019"
QUESTION = "or press Enter to stop: "
PIN_QUESTION = "PIN (4 digits): "


def session(trace: Path, *options: str) -> TerminalSession:
    """The command on a terminal of its own."""
    argv = [sys.executable, "-m", "jpki_cli", "--lang", "en", "--sim", "adult", "--trace", str(trace), *options]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}

    def start(terminal: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["setsid", "--ctty", *argv], env=environment, stdin=terminal, stdout=terminal, stderr=terminal
        )

    return TerminalSession(start)


@pytest.mark.parametrize(
    "words", ["I may read this My Number", "i may read this my number", "マイナンバーを読み取ります"]
)
def test_the_number_is_read_after_typed_words(tmp_path: Path, words: str) -> None:
    """The articles of the law are named before; the PIN is asked for afterwards, and not shown."""
    with session(tmp_path / "trace", "attributes", "--my-number") as shown:
        shown.expect("articles 15, 19")
        shown.answer(QUESTION, words)
        shown.expect("3 of 3 tries left")
        shown.answer(PIN_QUESTION, "3957")
        shown.expect(NUMBER)
        code = shown.end()

    assert code == 0
    assert "3957" not in shown.shown


@pytest.mark.parametrize("words", ["", "y", "yes", "My Number"])
def test_anything_else_stops_before_the_card_is_touched(tmp_path: Path, words: str) -> None:
    """Exit 2; --i-may-collect, which is for scripts, does not take the place of the words."""
    trace = tmp_path / "trace"
    with session(trace, "attributes", "--my-number", "--i-may-collect") as shown:
        shown.answer(QUESTION, words)
        shown.expect("Nothing was read")
        code = shown.end()

    assert code == 2
    assert not trace.exists()


def test_without_the_number_no_words_are_needed(tmp_path: Path) -> None:
    """The counter, the PIN, the attributes."""
    with session(tmp_path / "trace", "attributes") as shown:
        shown.expect("3 of 3 tries left")
        shown.answer(PIN_QUESTION, "3957")
        shown.expect("架空市")
        code = shown.end()

    assert code == 0
    assert QUESTION not in shown.shown
    assert NUMBER not in shown.shown
