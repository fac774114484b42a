"""No core is written of a window in which a PIN was typed; one that root takes after the dialog does not hold it."""

from __future__ import annotations

import mmap
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from memoryscan import require_cores

_CHILD: Final = Path(__file__).with_name("core_child.py")
#: A password that occurs nowhere by chance.
_TYPED: Final = "KANARI73QX"
_KEYS: Final = "".join(f"{ord(character) + 1000}\n" for character in _TYPED) + "\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asked with calls that Linux has")


def run_child(how: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start it where cores of any size are allowed, and have the PIN typed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(folder))
    command = "import os, resource, sys\nresource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)\n"
    command += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    child = subprocess.Popen(
        [sys.executable, "-c", command, str(_CHILD), how],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    write(child.stdin, _KEYS)
    return child


def write(stream: IO[bytes] | None, text: str) -> None:
    """Write to a child at once."""
    assert stream is not None
    stream.write(text.encode())
    stream.flush()


def is_dumped(how: str, folder: Path) -> bool:
    """Whether the system wrote a core of it."""
    child = run_child(how, folder)
    ended = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGABRT
    assert ended is not None
    return ended.si_code == os.CLD_DUMPED


def codes_in(core: Path) -> list[str]:
    """In which codes a core holds the PIN as a whole."""
    with core.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return [code for code in ("utf-8", "utf-16-le") if held.find(_TYPED.encode(code)) >= 0]


def cores(folder: Path) -> list[Path]:
    """The cores that lie there, as core(5) names them where nobody else does."""
    return list(folder.glob("core*"))


def test_no_core_is_written_of_a_window_in_which_a_pin_was_typed(tmp_path: Path) -> None:
    """Neither with the limit that the window sets nor, as for a crash reporter, without; of a bare program one is."""
    require_cores()
    if not is_dumped("bare", tmp_path):
        pytest.skip("this system writes no cores")
    for core in cores(tmp_path):  # it is somewhere else where the system's pattern says so
        assert codes_in(core) == ["utf-8"]
        core.unlink()
    assert not is_dumped("abort", tmp_path)
    assert not is_dumped("piped", tmp_path)
    assert cores(tmp_path) == []


@pytest.mark.skipif(shutil.which("gcore") is None, reason="gdb is not installed, which takes a core of a program")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root takes a core of a shielded process")
def test_a_core_that_root_takes_after_the_dialog_holds_no_pin(tmp_path: Path) -> None:
    """Of all its memory; while the PIN is typed, it holds it once, in its buffer."""
    child = run_child("wait", tmp_path)
    found = []
    for word in (b"typed\n", b"over\n"):
        assert child.stdout is not None
        assert child.stdout.readline() == word
        taken = tmp_path / f"taken.{child.pid}"
        done = subprocess.run(
            ["gcore", "-a", "-o", tmp_path / "taken", str(child.pid)], capture_output=True, check=False
        )
        assert taken.exists(), done.stderr.decode()
        found.append(codes_in(taken))
        taken.unlink()
        write(child.stdin, "\n")
    child.communicate(timeout=60)
    assert found == [["utf-8"], []]
