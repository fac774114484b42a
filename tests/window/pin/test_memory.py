"""After the dialog no PIN stands in the memory of the process as a whole, in UTF-8 or UTF-16."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

_CHILD = Path(__file__).parent / "memory_child.py"
#: A password that occurs nowhere by chance; four digits do.
_TYPED = "KANARI73QX"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process its memory as a file")


def run_child(dialog: str, mode: str) -> list[int]:
    """Type in a process of its own; how often it found the PIN while it was typed, and afterwards."""
    shifted = "".join(chr(ord(character) + 1) for character in _TYPED)
    keys = "".join(f"{ord(character) + 1000}\n" for character in _TYPED)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    result = subprocess.run(
        [sys.executable, str(_CHILD), dialog, mode, shifted],
        input=keys.encode(),
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr.decode()
    return [int(word) for word in result.stdout.split()]


@pytest.mark.parametrize("dialog", ["ask", "pin"])
def test_nothing_is_left_of_a_pin(dialog: str) -> None:
    """While it is typed it stands in its one buffer, judged at each key or not; afterwards nowhere."""
    amid, narrow, wide = run_child(dialog, "wipe")
    assert amid == 1
    assert (narrow, wide) == (0, 0)


def test_the_search_finds_what_is_kept() -> None:
    """A secret that is not wiped and a text that is made of it are found."""
    amid, narrow, wide = run_child("ask", "keep")
    assert amid == 1
    assert narrow == 2
    assert wide >= 1
