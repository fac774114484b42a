"""Programs that run: from /proc on Linux (proc(5)), by ps on macOS, by tasklist on Windows.

What ps and tasklist print, as users posted it: tests/support/recordedoutputs.py.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.facts import Program, System

from .bounded import LocalFiles, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 5000
_LIBRARY: Final = "libpcsclite"
#: Programs that have the library loaded and hold no card: the service itself, and what only forwards to it.
_NO_CLIENTS: Final = frozenset({"pcscd", "p11-kit-server"})


class LinuxPrograms:
    """Programs in /proc; what they have loaded shows only for those of the same user, or to root."""

    def __init__(self, files: LocalFiles, own_pid: int) -> None:
        """``own_pid`` is the process that asks, which is left out."""
        self._files = files
        self._own_pid = own_pid

    def running(self) -> tuple[Program, ...]:
        """All that this user can see."""
        return tuple(self._programs())

    def _programs(self) -> Iterator[Program]:
        pids = [name for name in self._files.names("/proc") if name.isdecimal()][:_MOST]
        for pid in pids:
            name = self._files.read_text(f"/proc/{pid}/comm")
            if name is None or int(pid) == self._own_pid:
                continue
            plain = name.strip()
            arguments = (self._files.read_text(f"/proc/{pid}/cmdline") or "").split("\0")[1:]
            given = tuple(a for a in arguments if a)
            yield Program(plain, given, self._uses_pcsc(pid, plain), int(pid), self._is_own(pid))

    def _is_own(self, pid: str) -> bool:
        # The owner of the folder in /proc is root where a program allows no core files, as the agent does.
        lines = (self._files.read_text(f"/proc/{pid}/status") or "").splitlines()
        users = next((line.split()[1:] for line in lines if line.startswith("Uid:")), None)
        return users is None or str(_own_user()) in users

    def _uses_pcsc(self, pid: str, name: str) -> bool:
        return name not in _NO_CLIENTS and _LIBRARY in (self._files.read_text(f"/proc/{pid}/maps") or "")


def _own_user() -> int:
    if sys.platform == "win32":
        raise OSError("only POSIX systems have numbers of users")
    return os.geteuid()


class PsPrograms:
    """Programs that ps lists (macOS)."""

    def running(self) -> tuple[Program, ...]:
        """All processes; each column is an option of its own, since BSD's ps takes what follows ``=`` as a heading."""
        return parse_ps(output_of(["ps", "-axww", "-o", "pid=", "-o", "comm="]) or "", os.getpid())


def parse_ps(text: str, own_pid: int) -> tuple[Program, ...]:
    """Read lines of a process number and the path of a program, which may hold blanks (ps(1) of macOS, comm)."""
    found = []
    for line in text.splitlines()[:_MOST]:
        pid, _, path = line.strip().partition(" ")
        name = PurePosixPath(path.strip()).name
        if pid.isdecimal() and name and int(pid) != own_pid:
            found.append(Program(name, pid=int(pid)))
    return tuple(found)


class TasklistPrograms:
    """Programs that tasklist lists (Windows)."""

    def running(self) -> tuple[Program, ...]:
        """All processes by name and number; tasklist tells no command line."""
        return parse_tasklist(output_of(["tasklist", "/fo", "csv", "/nh"]) or "", os.getpid())


def parse_tasklist(text: str, own_pid: int) -> tuple[Program, ...]:
    """Read the lines of ``tasklist /fo csv /nh``: image name, process number, and more."""
    rows = csv.reader(text.splitlines()[:_MOST])
    numbered = [(row[0], int(row[1])) for row in rows if len(row) > 1 and row[1].isdecimal()]
    return tuple(Program(name, pid=pid) for name, pid in numbered if pid != own_pid)


class NoPrograms:
    """A system that this program cannot ask."""

    def running(self) -> tuple[Program, ...]:
        """Nothing, where processes cannot be listed."""
        return ()


def programs_of(system: System, files: LocalFiles) -> LinuxPrograms | PsPrograms | TasklistPrograms | NoPrograms:
    """The way to ask on this system."""
    if system is System.LINUX:
        return LinuxPrograms(files, os.getpid())
    if system is System.MACOS:
        return PsPrograms()
    return TasklistPrograms() if system is System.WINDOWS else NoPrograms()
