"""A terminal, and a small shell on it that starts, stops and continues one program as its job."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECONDS = 120.0  # a limit for hanging tests, never waited for by passing ones
_LFLAG = 3

# Leader of the terminal's session: runs the job as a shell does, tells what becomes of it, and takes orders.
_SHELL = """
import fcntl, os, resource, signal, sys, termios
tty, start = int(sys.argv[1]), sys.argv[2]
fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    if start == "fg":
        os.tcsetpgrp(tty, os.getpid())
    os.close(tty)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.dup2(os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execv(sys.executable, [sys.executable, "-c", sys.argv[5]])
print("job", job, flush=True)
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(tty, os.getpgrp())
    print("stopped", os.WSTOPSIG(status), flush=True)
    if sys.stdin.readline() == "fg\\n":
        os.tcsetpgrp(tty, job)
    os.killpg(job, signal.SIGCONT)
print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""

#: Asks for a secret and prints it in hex.
ASK = """
from jpki_cli.terminal.prompts import prompt_secret
secret = prompt_secret("PIN? ")
print("RESULT", secret.reveal().hex())
"""


class Job:
    """A Python program that runs as a job on a terminal of its own."""

    def __init__(self, folder: Path, program: str, start: str) -> None:
        import pty

        self.master, self.slave = pty.openpty()
        self.before = self.settings()
        self.screen = b""
        self._seen = 0
        self._outputs = [folder / "stdout", folder / "stderr"]
        command = [sys.executable, "-SE", "-c", _SHELL, str(self.slave), start]
        self._shell = subprocess.Popen(
            [*command, *map(str, self._outputs), program.encode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
            start_new_session=True,
            pass_fds=[self.slave],
        )
        self._told = b""
        self._is_over = False
        self._pid = self.told("job")

    def settings(self) -> list[Any]:
        """The terminal's settings as they are now."""
        import termios

        settings: list[Any] = termios.tcgetattr(self.slave)
        return settings

    @property
    def is_echoing(self) -> bool:
        """Whether the terminal shows what is typed."""
        import termios

        return bool(self.settings()[_LFLAG] & termios.ECHO)

    def see(self, text: str) -> None:
        """Wait for the text on the terminal, after everything that was waited for before."""
        wanted = text.encode()
        while (found := self.screen.find(wanted, self._seen)) < 0:
            self.screen += self._read(self.master)
        self._seen = found + len(wanted)

    def type(self, keys: str | bytes) -> None:
        """Type on the terminal's keyboard."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def kill(self, number: int) -> None:
        """Send a signal to the job."""
        os.kill(self._pid, number)

    def order(self, word: str) -> None:
        """Tell the shell to continue the job: ``fg`` or ``bg``."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{word}\n".encode())
        self._shell.stdin.flush()

    def told(self, event: str) -> int:
        """Wait for what the shell says next about the job, which must be this event; give its number."""
        assert self._shell.stdout is not None
        while b"\n" not in self._told:
            self._told += self._read(self._shell.stdout.fileno())
        line, self._told = self._told.split(b"\n", 1)
        word, number = line.decode().split()
        self._is_over = word == "ended"
        assert word == event, (line, self.errors)
        return int(number)

    def answer(self) -> str:
        """Wait for the good end of a program that prints a secret, as ``ASK`` does; give the secret."""
        word, value = self.result().split(" ")
        assert word == "RESULT"
        return bytes.fromhex(value).decode()

    def result(self) -> str:
        """Wait for the program's good end and give its standard output."""
        assert (self.told("ended"), self.errors) == (0, "")
        return self.output

    @property
    def output(self) -> str:
        """The program's standard output."""
        return self._outputs[0].read_text()

    @property
    def errors(self) -> str:
        """The program's standard error."""
        return self._outputs[1].read_text() if self._outputs[1].exists() else ""

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.master)
        self.master = -1

    def rest(self) -> bytes:
        """Everything that has come to the terminal, the last bytes included."""
        mark = "<end of test>"  # written behind everything that the program wrote
        os.write(self.slave, mark.encode())
        self.see(mark)
        return self.screen.removesuffix(mark.encode())

    def close(self) -> None:
        """End what still runs."""
        if not self._is_over:
            with suppress(ProcessLookupError):
                self.kill(signal.SIGKILL)
        self._shell.kill()
        self._shell.communicate()
        for fd in {self.master, self.slave} - {-1}:
            os.close(fd)

    def _read(self, fd: int) -> bytes:
        if not select.select([fd], [], [], _SECONDS)[0]:
            pytest.fail(f"nothing came; screen {self.screen!r}, stderr {self.errors!r}")
        data = os.read(fd, 4096)
        if not data:
            pytest.fail(f"it ended; screen {self.screen!r}, stderr {self.errors!r}")
        return data


class Start(Protocol):
    """Starts a program on a new terminal, in the foreground unless told otherwise."""

    def __call__(self, program: str = ASK, *, before: str = "", start: str = "fg") -> Job:
        """Start ``before`` and then ``program``."""
        ...


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Start]:
    """Start one program as a job on a terminal of its own."""
    jobs: list[Job] = []

    def begin(program: str = ASK, *, before: str = "", start: str = "fg") -> Job:
        jobs.append(Job(tmp_path, textwrap.dedent(before) + textwrap.dedent(program), start))
        return jobs[-1]

    yield begin
    for job in jobs:
        job.close()
