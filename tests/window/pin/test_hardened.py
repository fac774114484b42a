"""The process in which PINs are typed writes no core file, and from the first dialog on shows nobody its memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from memoryscan import require_cores

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asked with calls that Linux has")

PROGRAM = """
import ctypes, os, resource, sys
from PySide6.QtCore import QTimer
from jpki.card import Pin
from jpki_window.app import main_window, start
from jpki_window.pin import start_check
PR_GET_DUMPABLE = 3
aborts = sys.argv[1:] == ["abort"]
def tell():
    print(*resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
class Asking(main_window.MainWindow):
    def __init__(self, context):
        super().__init__(context)
        context.status_changed.connect(self.look)
    def look(self, glance):
        if glance.status is not None:
            tell()
            start_check(self.context, Pin.AUTH, self)
            tell()
            sys.stdout.flush()
            QTimer.singleShot(0, os.abort if aborts else self.close)
main_window.MainWindow = Asking
sys.exit(start.main(["--sim", "adult"]))
"""


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of the program, which keeps its files in this folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(folder))
    return environment | {"QT_QPA_PLATFORM": "offscreen"}


def is_dumped(program: str, folder: Path) -> bool:
    """Whether the system wrote a core of a program that ended by SIGABRT, with every size of a core allowed before."""
    command = "import os, resource, sys\nresource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)\n"
    command += "os.execv(sys.executable, [sys.executable, '-c', *sys.argv[1:]])"
    said = folder / "said"
    streams = (os.devnull, str(said), str(said))
    opened = [
        (os.POSIX_SPAWN_OPEN, at, path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) for at, path in enumerate(streams)
    ]
    arguments = ["env", "-C", str(folder), sys.executable, "-c", command, program, "abort"]
    _, ended = os.waitpid(os.posix_spawnp("env", arguments, surroundings(folder), file_actions=opened), 0)
    assert os.WIFSIGNALED(ended), (ended, said.read_text(encoding="utf-8", errors="replace"))
    assert os.WTERMSIG(ended) == signal.SIGABRT
    return os.WCOREDUMP(ended)


def test_no_core_is_written_of_a_window_that_asked_for_a_pin(tmp_path: Path) -> None:
    """Although it was started where cores of any size are allowed, and another program's is written there."""
    require_cores()
    if not is_dumped("import os; os.abort()", tmp_path):
        pytest.skip("this system writes no cores")
    assert not is_dumped(PROGRAM, tmp_path)


def test_no_core_and_no_look_into_the_memory(tmp_path: Path) -> None:
    """No core file from the start on; not dumpable, which keeps other programs out, once a PIN is asked for."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=surroundings(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    before, after = done.stdout.splitlines()
    assert before.split()[:2] == ["0", "0"], done.stderr
    assert after.split() == ["0", "0", "0"]
