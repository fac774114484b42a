"""The process in which PINs are typed writes no core file, and from the first dialog on shows nobody its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asked with calls that Linux has")

PROGRAM = """
import ctypes, resource, sys
from PySide6.QtCore import QTimer
from jpki.card import Pin
from jpki_window.app import main_window, start
from jpki_window.pin import start_check
PR_GET_DUMPABLE = 3
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
            QTimer.singleShot(0, self.close)
main_window.MainWindow = Asking
sys.exit(start.main(["--sim", "adult"]))
"""


def test_no_core_and_no_look_into_the_memory(tmp_path: Path) -> None:
    """No core file from the start on; not dumpable, which keeps other programs out, once a PIN is asked for."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    before, after = done.stdout.splitlines()
    assert before.split()[:2] == ["0", "0"], done.stderr
    assert after.split() == ["0", "0", "0"]
