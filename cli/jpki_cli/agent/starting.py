"""Reaching the agent, which the user's service manager starts where it does not run."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from jpki.agent import connect_to_agent

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.agent import Socket

_SYSTEMCTL: Final = "/usr/bin/systemctl"
_SECONDS: Final = 10.0
_PAUSE: Final = 0.1


def connect_or_start(place: Path) -> Socket | None:
    """Connect to the agent's socket; None if it does not run and cannot be started.

    The service manager starts it in an environment of its own: nothing of the program that asks reaches it.

    Raises:
        UnsafeFolderError: another user could put a socket of his in its place, or has done so.
    """
    found = connect_to_agent(place)
    if found is not None or not _start():
        return found
    deadline = monotonic() + _SECONDS
    while found is None and monotonic() < deadline:
        sleep(_PAUSE)
        found = connect_to_agent(place)
    return found


def _start() -> bool:
    from .installing import UNIT

    with suppress(OSError, subprocess.SubprocessError):
        argv = [_SYSTEMCTL, "--user", "start", UNIT]
        ended = subprocess.run(argv, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - fixed
        return ended.returncode == 0
    return False
