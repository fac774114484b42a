"""A running program that holds a secret: its command line, its environment, and what is left when it is killed."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from agentclient import SIGN_RESPONSE, AgentClient
from canaries import HELD, NEW, canaries_in

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card
from terminal import TerminalSession, own_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
resource = pytest.importorskip("resource", reason="limits of Unix")
AUTH = "user certificate PIN (4 digits)"
JPKI = [sys.executable, "-m", "jpki_cli"]
# Tells on SIGUSR1 what prctl(PR_GET_DUMPABLE) says, and is the program otherwise.
_ASKED = """
import ctypes, signal, sys
from jpki_cli.main import main
pipe = sys.argv.pop(1)
def tell(number, frame):
    with open(pipe, "w") as file:
        file.write(str(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)))
signal.signal(signal.SIGUSR1, tell)
main()
"""


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """A card that holds canaries."""
    path = tmp_path / "card.json"
    card = new_card(find_persona("adult"), today=japan_today(), generate_keys=False)
    for name, value in HELD.items():
        card.pins[name].value = value
    save(card, path)
    return path


def _allow_core_files() -> None:
    """In a child before it becomes the program: what a shell with ``ulimit -c unlimited`` allows."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    os.setsid()


def _start(folder: Path, arguments: list[str]) -> Callable[[int], subprocess.Popen[str]]:
    def start(terminal: int) -> subprocess.Popen[str]:
        def prepare() -> None:
            import fcntl
            import termios

            _allow_core_files()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

        return subprocess.Popen(
            arguments,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=folder,
            env=own_environment(),
            text=True,
            preexec_fn=prepare,  # noqa: PLW1509 - no threads are started before
            pass_fds=[terminal],
        )

    return start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where core files would be written."""
    path = tmp_path / "here"
    path.mkdir()
    return path


@pytest.fixture
def session(folder: Path, card_file: Path) -> Iterator[TerminalSession]:
    """``pin change`` that holds the current PIN and the new one, and asks for the new one again."""
    command = [*JPKI, "--sim", str(card_file), "pin", "change", "auth"]
    with TerminalSession(_start(folder, command)) as running:
        _type_both(running)
        yield running


def _type_both(running: TerminalSession) -> None:
    running.answer(f"Current {AUTH}: ", HELD["auth"])
    running.answer(f"New {AUTH}: ", NEW["auth"])
    running.expect(f"New {AUTH} again: ")


def _proc(running: TerminalSession, name: str) -> str:
    """What anybody sees of the process; its environment is closed to all but root, as no core of it may be written."""
    if name == "environ" and os.geteuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{running.process.pid}/environ").read_bytes()
        return ""
    return Path(f"/proc/{running.process.pid}/{name}").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def test_neither_command_line_nor_environment_has_it(session: TerminalSession) -> None:
    """Others see what the program was called with, and no PIN; the screen has marks."""
    assert "jpki_cli" in _proc(session, "cmdline")
    assert os.geteuid() != 0 or "LC_ALL=C.UTF-8" in _proc(session, "environ")
    for name in ("cmdline", "environ", "comm", "status"):
        assert canaries_in(_proc(session, name)) == []
    assert canaries_in(session.shown) == []


def test_no_core_file_is_allowed(session: TerminalSession) -> None:
    """Both limits are zero, whatever was allowed to its parent."""
    line = next(line for line in _proc(session, "limits").splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]


def _abort(pid: int) -> bool:
    """Abort a process as a crash does; whether the kernel dumped its memory somewhere."""
    os.kill(pid, signal.SIGABRT)
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    assert ended.si_status == signal.SIGABRT
    return ended.si_code == os.CLD_DUMPED


def test_a_crash_leaves_no_memory_behind(session: TerminalSession, folder: Path) -> None:
    """Aborted while it holds two PINs, with core files allowed to its parent: none is written, none is piped away."""
    assert _abort(session.process.pid) is False
    assert list(folder.iterdir()) == []


def test_another_program_would_leave_its_memory_behind(folder: Path) -> None:
    """The same crash of a program that does nothing about it, where the system allows that."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this system allows no core files at all")
    waiting = [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(60)"]
    with TerminalSession(_start(folder, waiting)) as other:
        other.expect("ready")
        if not _abort(other.process.pid):
            pytest.skip("this system writes no core files here")


def test_the_memory_is_closed_to_others_while_a_pin_is_asked_for(folder: Path, card_file: Path, tmp_path: Path) -> None:
    """PR_GET_DUMPABLE is 0 at the prompt: no debugger of the same user, no crash reporter."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    answers = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-c", _ASKED, str(pipe), "--sim", str(card_file), "pin", "change", "auth"]
    with TerminalSession(_start(folder, command)) as running:
        _type_both(running)
        running.process.send_signal(signal.SIGUSR1)
        assert select.select([answers], [], [], 30.0)[0], "the program does not answer"
        assert os.read(answers, 10) == b"0"
    os.close(answers)


@pytest.fixture
def agent(folder: Path, card_file: Path) -> Iterator[tuple[TerminalSession, AgentClient, bytes]]:
    """``ssh agent`` on a terminal of its own, which keeps the PIN that was typed for a first signature."""
    place = folder.parent / "agent.sock"
    command = [*JPKI, "--sim", str(card_file), "ssh", "agent", "--socket", str(place), "--cache", "600"]
    with TerminalSession(_start(folder, command)) as running, ExitStack() as stack:
        running.expect("The SSH agent is running")
        client = stack.enter_context(closing(AgentClient(str(place))))
        key = client.first_key()
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(client.sign(key, 1)))
        asking.start()
        running.expect("tries left")
        running.answer(f"{AUTH}: ", HELD["auth"])
        running.expect("Signed.")
        asking.join(30)
        assert answers == [SIGN_RESPONSE]
        yield running, client, key


def test_an_agent_that_keeps_the_pin_shows_it_nowhere(
    agent: tuple[TerminalSession, AgentClient, bytes], folder: Path
) -> None:
    """Not on its command line, in its environment, on its screen, or in what a crash of it leaves; it signs on."""
    running, client, key = agent
    assert "ssh agent" in _proc(running, "cmdline").replace("\0", " ")
    for name in ("cmdline", "environ", "comm", "status"):
        assert canaries_in(_proc(running, name)) == []
    assert client.sign(key, 2) == SIGN_RESPONSE
    running.expect("Signed.")
    assert canaries_in(running.shown) == []
    assert _abort(running.process.pid) is False
    assert list(folder.iterdir()) == []


def test_a_script_s_secret_is_in_no_place_of_the_process(folder: Path, card_file: Path) -> None:
    """Given by --pin-stdin, it is on neither the command line nor in the environment."""
    command = [*JPKI, "--sim", str(card_file), "pin", "change", "auth", "--pin-stdin"]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=folder, text=True)
    assert program.stdin is not None
    program.stdin.write(f"{HELD['auth']}\n")
    program.stdin.flush()
    seen = [Path(f"/proc/{program.pid}/cmdline").read_bytes()]
    with contextlib.suppress(PermissionError):  # closed to all but root once the process has closed itself
        seen.append(Path(f"/proc/{program.pid}/environ").read_bytes())
    program.communicate(f"{NEW['auth']}\n", timeout=120)
    assert program.returncode == 0
    assert len(seen) > (os.geteuid() == 0)
    assert canaries_in(b" ".join(seen).replace(b"\0", b" ").decode()) == []
