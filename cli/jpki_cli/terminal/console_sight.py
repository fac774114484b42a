"""Whether anybody can see a console of Windows; a question that cannot be seen would wait forever.

Git Bash, MSYS2 and Cygwin show a program's standard streams in a window of their own (mintty) and give Windows
programs a console that is hidden: CONIN$ opens, and nothing that is typed comes there (python/cpython#115798,
pallets/click#2021). Task Scheduler and services have a console on a desktop that no one sees, and sshd without a
terminal has pipes. Where the window is hidden and a standard stream is the console anyway, somebody mirrors it:
winpty and ConEmu do.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

# The pipes of Cygwin's and MSYS2's pseudo terminals.
_PTY: Final = re.compile(r"\\(?:msys|cygwin)-[0-9a-f]+-pty[0-9]+-(?:to|from)-master", re.IGNORECASE)


class Stream(enum.Enum):
    """What a standard stream leads to."""

    CONSOLE = "console"
    MINTTY = "mintty"
    OTHER = "other"


def stream_of_name(pipe: str) -> Stream:
    """Tell by a pipe's name what it leads to."""
    return Stream.MINTTY if _PTY.match(pipe) else Stream.OTHER


def is_seen(streams: Collection[Stream], *, has_window: bool) -> bool:
    """Whether a question on the console is seen by somebody, as far as can be determined."""
    if Stream.MINTTY in streams:
        return False
    return has_window or Stream.CONSOLE in streams
