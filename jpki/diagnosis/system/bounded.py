"""Looks at the system that end: a file's beginning, a program's output within seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE_BYTES: Final = 1 << 20
FOLDER_NAMES: Final = 10_000
_SECONDS: Final = 5.0
_OUTPUT_CHARACTERS: Final = 1 << 22
_CONSOLE_ENCODING: Final = "oem" if sys.platform == "win32" else "utf-8"
_SYSTEM_FOLDERS: Final = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")


class LocalFiles:
    """The files below a folder, which is the whole file system unless a test says otherwise."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Look below ``root``."""
        self._root = root

    def path(self, path: str) -> Path:
        """Where an absolute path of the system is."""
        return self._root / path.lstrip("/")

    def exists(self, path: str) -> bool:
        """Whether there is such a file, folder or socket."""
        try:
            return self.path(path).exists()
        except OSError:
            return False

    def read_text(self, path: str) -> str | None:
        """The beginning of a file as text; None if it cannot be read."""
        data = self.read_bytes(path)
        return None if data is None else data.decode("utf-8", "replace")

    def read_bytes(self, path: str) -> bytes | None:
        """The beginning of a regular file."""
        place = self.path(path)
        try:
            if not place.is_file():  # a pipe would keep us waiting
                return None
            with place.open("rb") as file:
                return file.read(FILE_BYTES)
        except OSError:
            return None

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of what is in a folder; empty if it cannot be read."""
        try:
            with os.scandir(self.path(folder)) as entries:
                return tuple(sorted(entry.name for entry in islice(entries, FOLDER_NAMES)))
        except OSError:
            return ()

    def link_name(self, path: str) -> str:
        """Last part of where a symbolic link points to, empty if it is not a link."""
        try:
            return self.path(path).readlink().name
        except OSError:
            return ""


def output_of(argv: Sequence[str]) -> str | None:
    """What a program of the system prints, regardless of its exit code; None if it is not there or does not end."""
    program = _program(argv[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - the callers name programs of the system, and no argument is typed by anybody
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return decoded(done.stdout)[:_OUTPUT_CHARACTERS]


def _program(name: str) -> str | None:
    """Where a program of the system is: on Windows in its own folder alone, since a search begins where the user is."""
    if sys.platform == "win32":
        root = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
        # A 32-bit Python is shown another folder under the first of these names.
        places = [root / folder / f"{name}.exe" for folder in ("Sysnative", "System32")]
        return next((str(place) for place in places if place.is_file()), None)
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    return shutil.which(name, path=path)


def decoded(data: bytes, otherwise: str = _CONSOLE_ENCODING) -> str:
    """Turn a program's output into text: UTF-8, or else in the code page of consoles that Windows is set to."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(otherwise, "replace")
