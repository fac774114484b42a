"""A picture of a page, drawn by poppler's pdftoppm in a process of its own that is given nothing but the file.

That process has no card, no PIN, an environment of two variables, no network where the system can take it away, and is
ended after five seconds. Whatever a PDF does to it, the window has an empty page of the right size then.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds after which the process is ended.
SECONDS: Final = 5.0
_SIDE: Final = "1200"
_MOST_BYTES: Final = 32 * 1024 * 1024
_PLACES: Final = "/usr/local/bin:/usr/bin:/bin"
_ENVIRONMENT: Final = {"PATH": _PLACES, "LC_ALL": "C"}


def draw_page(file: Path, number: int) -> bytes | None:
    """Draw a page, counted from 1, as a PNG; None where it cannot be drawn."""
    program = _program()
    if program is None:
        return None
    page = str(number)
    command = [*_without_network(), program, "-png", "-f", page, "-l", page, "-scale-to", _SIDE, "-cropbox", "-"]
    try:
        with file.open("rb") as source:
            done = subprocess.run(  # noqa: S603 - a fixed program, and the file comes on stdin
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
                env=_ENVIRONMENT if sys.platform != "win32" else None,
                cwd="/" if sys.platform != "win32" else None,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 and 0 < len(done.stdout) <= _MOST_BYTES else None


@cache
def _program() -> str | None:
    """The program, in the places of the system; a search path that somebody set is used on Windows and macOS only."""
    places = _PLACES if sys.platform == "linux" else None
    return shutil.which("pdftoppm", path=places)


@cache
def _without_network() -> tuple[str, ...]:
    """What takes the network away from a process, on a Linux that lets a user do so; else nothing."""
    program = shutil.which("unshare", path=_PLACES) if sys.platform == "linux" else None
    if program is None:
        return ()
    command = (program, "--user", "--map-current-user", "--net")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program
            [*command, "true"], env=_ENVIRONMENT, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return command if done.returncode == 0 else ()
