"""Where the window cannot be drawn: what is missing, and how to get it, in the language of the user."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from jpki_window.look import DEBIAN, missing_words

ROOT = Path(__file__).parents[3]
#: A name that no plugin of the toolkit has, so that it ends as where none can be loaded.
NO_PLUGIN = "none-of-them"
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="X is Linux's")


def ended(folder: Path, before: str = "", *arguments: str, **environment: str) -> tuple[int, str]:
    """Start the window after some lines of Python; its exit code, and what it says on stderr."""
    script = f"import sys\n{before}\nfrom jpki_window.app import main\nsys.exit(main(sys.argv[1:]))"
    kept = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", **environment}
    question = '{"kind": "choice", "title": "t", "description": "d", "choices": [], "cancel": "c"}\n'
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script, *arguments],
        env=kept,
        input=question,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


def test_without_the_toolkit_one_line_installs_it(tmp_path: Path) -> None:
    """And the exit code is that of `jpki window` in that case."""
    code, said = ended(tmp_path, "sys.modules['PySide6'] = None")
    assert code == 2
    assert said.splitlines() == [
        "The window is not installed: it needs the library PySide6.",
        "In the folder of the project: pipx install --force '.[window]'",
    ]
    assert "pipx install --force" in ended(tmp_path, "sys.modules['PySide6'] = None", LANG="ja_JP.UTF-8")[1]


def test_a_library_of_the_toolkit_itself() -> None:
    """Its name and the packages; a fault of this program is not taken for one."""
    words = missing_words(ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"))
    assert words is not None
    assert "(libEGL.so.1)" in words[0].text("en")
    assert words[1].text("en").startswith("Debian, Ubuntu: sudo apt install libdbus-1-3 libegl1 ")
    assert missing_words(ModuleNotFoundError("No module named 'jpki_window.none'", name="jpki_window.none")) is None
    assert missing_words(ImportError("cannot import name 'none'")) is None


@ON_LINUX
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":none"}])
def test_without_a_screen(tmp_path: Path, display: dict[str, str]) -> None:
    """None at all, or one that does not answer: two sentences in the place of an abort."""
    code, said = ended(tmp_path, QT_QPA_PLATFORM="xcb", **display)
    assert (code, said.splitlines()[0]) == (
        2,
        "The window cannot be drawn: there is no screen here that this user may draw on.",
    )


@ON_LINUX
def test_a_library_of_the_plugin_for_x(tmp_path: Path) -> None:
    """Which one, and every package that may be missing; in Japanese where that is spoken."""
    absent = "OSError('libxcb-cursor.so.0: cannot open shared object file: No such file or directory')"
    before = f"import ctypes\ndef refuse(name):\n    raise {absent}\nctypes.CDLL = refuse"
    code, said = ended(tmp_path, before, "--lang", "ja", QT_QPA_PLATFORM=NO_PLUGIN)
    assert code == 2
    assert said.splitlines() == [
        "ウィンドウを表示できません。システムのライブラリーが足りません（libxcb-cursor.so.0）。",
        f"Debian、Ubuntuの場合：sudo apt install {' '.join(DEBIAN)}",
    ]


def test_the_dialog_of_the_agent_says_that_it_cannot_ask(tmp_path: Path) -> None:
    """So that the agent asks in another way; an abort would be taken for something else."""
    assert ended(tmp_path, "", "--ask", QT_QPA_PLATFORM=NO_PLUGIN)[0] == 3


def test_the_packages_are_those_of_the_debian_package() -> None:
    """And those of the page about installing."""
    control = (ROOT / "packaging" / "debian" / "control").read_text(encoding="utf-8")
    (depends,) = re.findall(r"^Package: jpki-window\n(?:.*\n)*?Depends: ((?:.*\n)(?: .*\n)*)", control, re.MULTILINE)
    wanted = {name.split()[0] for name in depends.split(",")} - {"${misc:Depends}", "jpki"}
    assert wanted - {"libglib2.0-0"} == set(DEBIAN)
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert f"sudo apt install {' '.join(DEBIAN)}\n" in page
