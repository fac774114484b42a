"""``jpki pin change`` at a terminal, ended or stopped at a prompt: exit code, truth, and the terminal's settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from terminal import TerminalSession, own_environment

if TYPE_CHECKING:
    from pathlib import Path

    from terminal.conftest import Start

termios = pytest.importorskip("termios", reason="POSIX terminals")
fcntl = pytest.importorskip("fcntl", reason="POSIX terminals")
JPKI = [sys.executable, "-m", "jpki_cli", "--sim", "adult", "pin", "change", "auth", "--json"]
AUTH = "user certificate PIN (4 digits)"


def _start(terminal: int, out: Path) -> subprocess.Popen[str]:
    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    with out.open("w") as file:
        return subprocess.Popen(
            JPKI,
            stdin=terminal,
            stdout=file,
            stderr=terminal,
            env=own_environment(),
            text=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no threads are started before
        )


@pytest.mark.parametrize(
    ("how", "code", "word"),
    [
        ("\x03", 130, "interrupted"),
        *((number, 143, "terminated") for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)),
    ],
)
@pytest.mark.parametrize("question", ["Current", "New"])
def test_ended_at_a_prompt(tmp_path: Path, question: str, how: str | signal.Signals, code: int, word: str) -> None:
    """The exit code says how, the PIN is unchanged, and the terminal echoes again as before."""
    out = tmp_path / "out"
    before: list[object] = []

    def start(terminal: int) -> subprocess.Popen[str]:
        before.extend(termios.tcgetattr(terminal))
        return _start(terminal, out)

    with TerminalSession(start) as session:
        session.expect(f"Current {AUTH}: ")
        if question == "New":
            session.type("2846\n")
            session.expect(f"New {AUTH}: ")
        session.type("73")
        session.expect("**")
        if isinstance(how, str):
            session.type(how)
        else:
            session.process.send_signal(how)
        assert session.end() == code
        assert termios.tcgetattr(session.terminal) == before
    value = json.loads(out.read_text(encoding="utf-8"))
    assert (value["outcome"], value["retries_remaining"], value["code"]) == ("unchanged", 3, word)


_CHANGE = """
import sys
from jpki_cli.main import main
sys.argv = ["jpki", "--lang", "en", "--sim", "adult", "pin", "change", "auth", "--json"]
main()
"""


@pytest.mark.parametrize("how", ["key", "signal"])
def test_stopped_at_a_prompt_and_continued(run: Start, how: str) -> None:
    """^Z and SIGTSTP give the terminal its echo back; after fg the prompt is there with its marks, and goes on."""
    job = run(_CHANGE)
    job.see(f"Current {AUTH}: ")
    job.type("28")
    job.see("**")
    assert not job.is_echoing
    if how == "key":
        job.type("\x1a")
    else:
        job.kill(signal.SIGTSTP)
    assert job.told("stopped") == signal.SIGTSTP
    assert job.settings() == job.before
    job.order("fg")
    job.see(f"Current {AUTH}: **")
    job.type("46\n")
    job.see(f"New {AUTH}: ")
    job.type("7392\n")
    job.see(f"New {AUTH} again: ")
    job.type("7392\n")
    assert job.told("ended") == 0
    assert job.settings() == job.before
    value = json.loads(job.output)
    assert (value["outcome"], value["retries_remaining"]) == ("changed", 3)
