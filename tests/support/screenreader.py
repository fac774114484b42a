"""A session with a screen of its own, in which a window runs and a screen reader looks at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

READER = Path(__file__).parent.parent / "window" / "accessibility" / "reader.py"
PYTHON = "/usr/bin/python3"
#: Seconds after which a session is ended, whatever it does.
LIMIT = 300
PATIENCE = 30.0
#: Screens of this process.
_COUNTED = count()
#: What the window and the reader complained about, beside their settings.
LOG = "complaints"


def missing() -> str | None:
    """What this computer lacks for such a session; None where nothing."""
    for program in ("Xvfb", "dbus-run-session", "xdotool", PYTHON):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    probe = subprocess.run([PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return None if probe.returncode == 0 else "python3-pyatspi is not installed"


class Session:
    """A window that runs, and what a screen reader can do with it."""

    def __init__(self, process: subprocess.Popen[str], state: Path) -> None:
        """Talk to the reader of one session."""
        self._process = process
        self.state = state

    def do(self, what: str, **more: Any) -> Any:
        """Have one thing done; gives its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("= "):
                answer = json.loads(line[2:])
                if isinstance(answer, dict) and "ended" in answer:
                    raise EOFError(f"the window ended with {answer['ended']}: {self._complaints()}")
                return answer
        raise EOFError(f"the session ended: {self._complaints()}")

    def _complaints(self) -> str:
        return (self.state / LOG).read_text(encoding="utf-8", errors="replace")

    def tree(self) -> list[dict[str, Any]]:
        """Everything that is on the screen, as a screen reader gets it."""
        for _ in range(5):  # a page that is being replaced has no tree for a moment
            found = self.do("tree")
            if isinstance(found, list):
                return found
        raise LookupError(found)

    def wait(self, is_there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a node."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for node in self.tree():
                if is_there(node):
                    return node
        nodes = [(node["role"], node["name"]) for node in self.tree()]
        if not nodes:  # a window that answers nothing: where its threads stand
            self.do("stop")
        raise TimeoutError(nodes or self._complaints())

    def wait_for(self, words: str) -> dict[str, Any]:
        """Wait until a name holds these words."""
        return self.wait(lambda node: words in str(node["name"]))

    def press(self, name: str) -> None:
        """Press a button by its name, through the tree."""
        self.wait(lambda node: node["name"] == name and "enabled" in node["states"])
        assert self.do("press", name=name) is True

    def keys(self, *keys: str) -> None:
        """Press keys on the keyboard."""
        assert self.do("keys", keys=list(keys)) is True

    def focused(self) -> dict[str, Any]:
        """What has the keyboard; the last of those that say so, as a menu's items do too."""
        return next(node for node in reversed(self.tree()) if "focused" in node["states"])


@contextmanager
def session(
    folder: Path,
    *arguments: str,
    size: str = "1280x1024",
    program: Sequence[str] = ("-m", "jpki_window"),
    limit: float = LIMIT,
) -> Iterator[Session]:
    """Open a screen, a bus and a window with these arguments, for the length of the block."""
    state = folder / "state"
    state.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        display = stack.enter_context(screen(size))
        names = ("PATH", "HOME", "LD_PRELOAD", "JPKI_TEST_CLOCK_SHIFT")  # the last two: scripts/sweep-dates
        environment = {name: os.environ[name] for name in names if name in os.environ}
        environment |= dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"), str(state))
        environment |= {
            "LANG": "C.UTF-8",
            "PYTHONFAULTHANDLER": "1",
            "DISPLAY": display,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        command = ["dbus-run-session", "--", PYTHON, str(READER), sys.executable, *program, *arguments]
        log = stack.enter_context((state / LOG).open("wb"))
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        stack.callback(_end, process)
        timer = Timer(limit, _end, [process])
        timer.start()
        stack.callback(timer.cancel)
        yield Session(process, state)


@contextmanager
def screen(size: str = "1280x1024") -> Iterator[str]:
    """Open a screen of its own; gives the name of the display."""
    reading, writing = os.pipe()
    # -noreset: a server that begins anew when its last client has left refuses the next one meanwhile.
    # A number that no other run of tests takes: servers that look for a free one at once take each other's socket away.
    number = 100 + os.getpid() % 5000 * 10 + next(_COUNTED) % 10
    command = [
        "Xvfb",
        f":{number}",
        "-noreset",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        f"{size}x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="ascii") as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _end(process: subprocess.Popen[str]) -> None:
    """End a session with everything that it started."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(3)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    if process.stdout is not None:
        process.stdout.close()
