"""Starting: the arguments, the command line that starts it, and what a program of its own does at its end."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from jpki_cli.commands import window as command
from jpki_cli.main import run
from jpki_window.app import start

if TYPE_CHECKING:
    from pathlib import Path

#: Starts the program as a desktop entry does, and closes its window when a card is shown.
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from jpki_window.app import main_window, start

class Closing(main_window.MainWindow):
    def __init__(self, context):
        super().__init__(context)
        context.status_changed.connect(self.look)
    def look(self, glance):
        if glance.status is not None or glance.failure is not None:
            words = glance.status.token.kind.value if glance.status else glance.failure.code
            print(words, glance.is_simulated, self.windowTitle(), QApplication.windowIcon().isNull())
            QTimer.singleShot(0, self.close)

main_window.MainWindow = Closing
sys.exit(start.main(sys.argv[1:]))
"""


def environment(folder: Path) -> dict[str, str]:
    """What a program needs of its surroundings, with settings of its own."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
        "LANGUAGE": "C",
    }


def started(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_simulated_card_in_japanese(tmp_path: Path) -> None:
    """The program starts, shows the card that was named, and ends with 0 when its window is closed."""
    found = started(tmp_path, "--sim", "adult", "--lang", "ja")
    assert (found.returncode, found.stdout) == (0, "card True マイナンバーカード False\n"), found.stderr
    assert "language=ja" in (tmp_path / "jpki" / "window.ini").read_text()


def test_options_and_what_is_for_qt() -> None:
    """Arguments that the window does not know are Qt's."""
    options, others = start.arguments_of(["--reader", "A", "-style", "fusion"])
    assert (options.reader, options.sim, options.lang, others) == ("A", None, None, ["-style", "fusion"])


def test_the_command_line_becomes_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the global options that both have, and without anything of the window in its own process."""
    monkeypatch.delenv("JPKI_LANG", raising=False)
    became: list[list[str]] = []
    monkeypatch.setattr(command, "_become", became.append)
    for options in (["--lang", "en", "--sim", "adult"], ["--reader", "A"], []):
        assert run([*options, "window"], {"LANG": "C.UTF-8"}) == 0
        assert became.pop() == [sys.executable, "-m", "jpki_window", *options]


def test_without_the_extra_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is started; the exit code is that of a usage error."""

    def found(name: str, *more: Any) -> Any:
        return None if name == "PySide6" else find_spec(name, *more)

    monkeypatch.setattr("importlib.util.find_spec", found)
    assert run(["window"], {"LANG": "C.UTF-8"}) == 2
    said = capfd.readouterr().err
    assert "pipx install --force '.[window]'" in said
    assert "jpki-window" in said


def test_the_command_line_imports_nothing_of_the_window() -> None:
    """No help page and no status loads Qt."""
    script = "import sys\nfrom jpki_cli.main import run\n"
    script += "run(['--sim', 'adult', 'status'], {})\nrun(['window', '--help'], {})\n"
    script += "print(sorted(m for m in sys.modules if m.startswith(('PySide6', 'shiboken6', 'jpki_window'))))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_debians_command_starts_debians_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There the libraries of the window lie apart, and its own program knows where."""
    program = tmp_path / "jpki-window"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "jpki")])
    monkeypatch.setattr(command, "sys", SimpleNamespace(flags=SimpleNamespace(isolated=1), argv=sys.argv))
    assert command._program() == [str(program)]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no exec on Windows")
def test_the_process_goes_on_as_the_window() -> None:
    """No process of the command line waits behind the window."""
    script = "import sys\nfrom jpki_cli.commands.window import _become\n"
    script += "_become([sys.executable, '-c', 'print(\"the window\")'])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout == "the window\n"
