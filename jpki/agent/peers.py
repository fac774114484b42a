"""Which program is at the other end of a connection: a claim to show to a person, never a proof.

The kernel tells process and user of whoever connected. What file the process runs can be read from /proc; a process id
is used again when its process has ended, so the time when the process was started goes with it.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jpki.outside_text import OutsideText, as_it_came

_CREDENTIALS: Final = struct.Struct("3i")  # struct ucred: pid, uid, gid (unix(7))
_PROC: Final = Path("/proc")
#: In /proc/PID/stat, counted after the program's name: the parent, and when the process was started (proc(5)).
_PARENT: Final = 1
_STARTED: Final = 19
#: What the system writes behind the name of a file that has been removed or replaced.
_DELETED: Final = " (deleted)"


@dataclass(frozen=True, slots=True)
class Peer:
    """A process: its id, its user, when it was started (clock ticks since boot) and the file that it runs.

    ``started`` is 0 and ``program`` empty where the system does not tell.
    """

    pid: int
    uid: int
    started: int
    program: OutsideText

    @property
    def name(self) -> str:
        """Name of the program's file without its folder."""
        return os.path.basename(self.program)

    def is_same_process(self) -> bool:
        """Whether the process is there still, and runs the file that it ran when it connected."""
        if self.started == 0:
            return True
        now = describe(self.pid, self.uid)
        # A package that is updated takes the file away below the program, which goes on running it.
        is_same_file = now.program in (self.program, as_it_came(self.program) + _DELETED)
        return now.started == self.started and is_same_file


def peer_of(connection: socket.socket) -> Peer | None:
    """Ask the kernel who is at the other end; None where it is another user, or not told."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    if sys.platform != "linux":
        return Peer(0, os.geteuid(), 0, OutsideText(""))
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _ = _CREDENTIALS.unpack(raw)
    return describe(pid, uid) if uid == os.geteuid() else None


def describe(pid: int, uid: int) -> Peer:
    """Read what is known of a process."""
    stat = _stat(pid)
    started = int(stat[_STARTED]) if len(stat) > _STARTED else 0
    return Peer(pid, uid, started, _program(pid))


def parent_of(peer: Peer) -> Peer:
    """Describe the process that started another one: who uses a relay is the one that runs it."""
    stat = _stat(peer.pid)
    return describe(int(stat[_PARENT]), peer.uid) if len(stat) > _PARENT else peer


def _stat(pid: int) -> list[str]:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name stands in parentheses and may hold some itself.
    return text.rpartition(")")[2].split()


def _program(pid: int) -> OutsideText:
    try:
        return OutsideText(os.readlink(_PROC / str(pid) / "exe"))
    except OSError:
        return OutsideText("")
