"""Files that are made beside their place and put there when they are complete, without ever replacing one."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Characters that Windows allows in no name, and ends that it drops (Microsoft: Naming Files, Paths, and Namespaces).
_NOT_IN_NAMES: Final = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
_PREFIX: Final = ".jpki-"
#: How many other names are tried for a file whose own was taken meanwhile.
_OTHER_NAMES: Final = 9


class KeptError(OSError):
    """A file was made and could not be put in its place; ``kept`` is where it is."""

    def __init__(self, cause: OSError, kept: Path) -> None:
        super().__init__(cause.errno, cause.strerror)
        self.kept = kept


def is_name_forbidden(name: str) -> bool:
    """Whether Windows takes no file of this name, or something else than a file for it."""
    return sys.platform == "win32" and bool(_NOT_IN_NAMES.search(name) or _DEVICES.fullmatch(name))


def try_out(path: Path) -> None:
    """Make sure that a file can be put there, and leave nothing behind.

    Raises:
        OSError: it cannot: the name, the folder, a file system that is read only, or another program has it open.
    """
    if path.exists():
        os.replace(path, path)  # on Windows this needs what replacing it will need
        return
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    path.unlink()


def write_beside(path: Path, pieces: Iterable[bytes], *, force: bool) -> None:
    """Write a file of mode 0600, whole or not at all; one that exists is replaced with ``force`` only.

    Raises:
        KeptError: it is complete, and elsewhere.
        OSError: nothing was written.
    """
    # The name is not made of the target's: that may already be as long as a name can be.
    made = write_temporary(path.parent, "", pieces)
    try:
        place(made, path, force=force)
    except OSError as exc:
        raise KeptError(exc, _keep(made, path)) from exc
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def write_temporary(folder: Path, suffix: str, pieces: Iterable[bytes]) -> Path:
    """Write a file of mode 0600 under an unused name."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=suffix)
    made = folder / name
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def place(made: Path, path: Path, *, force: bool) -> None:
    """Give a file its name.

    Raises:
        FileExistsError: there is one already, and ``force`` was not given.
        OSError: it cannot be put there; it is where it was.
    """
    if force:
        made.replace(path)
    elif sys.platform == "win32":
        made.rename(path)  # refuses a name that is taken, there and nowhere else
    else:
        try:
            os.link(made, path)
        except FileExistsError:
            raise
        except OSError:  # no hard links on this file system: FAT, exFAT, some network shares
            _copy(made, path)
        made.unlink()


def _copy(made: Path, path: Path) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as copy, made.open("rb") as file:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _keep(made: Path, path: Path) -> Path:
    """Put a file that cannot have its own name under one like it; where that fails too, it stays where it is."""
    for number in range(1, _OTHER_NAMES + 1):
        other = path.with_name(f"{path.stem}-{number}{path.suffix}")
        try:
            place(made, other, force=False)
        except OSError:
            continue
        return other
    return made
