"""The folders of the agent's sockets: where they are, and that nobody else can put another socket there.

Whoever can write to a folder can remove a socket from it and put one of his own in its place, which then gets what
programs ask for. So a socket lies where its user alone can write, as with GnuPG, and what is on the way there is as
sshd wants it (StrictModes): nobody else's, and not writable by others.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_MODE: Final = 0o700
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_ROOT: Final = 0
#: In a user namespace what belongs to nobody in it, the root of the file system for one (user_namespaces(7)).
_UNMAPPED: Final = 65534
#: The home of accounts that have none, as Debian names it: nothing can be made there, and that is then said.
_NO_HOME: Final = "/nonexistent"
#: As many links on one way as Linux follows (path_resolution(7)).
_MOST_LINKS: Final = 40


class UnsafeFolderError(Exception):
    """Another user could exchange a socket: ``path`` is his, or he can write to it (``is_foreign`` tells which)."""

    def __init__(self, path: Path, *, is_foreign: bool) -> None:
        super().__init__(str(path))
        self.path = path
        self.is_foreign = is_foreign


def home_folder(environment: Mapping[str, str]) -> Path:
    """Find the user's home, where nothing names it too (services, ``env -i``)."""
    if sys.platform == "win32":
        return Path.home()
    named = environment.get("HOME", "")
    return Path(named if named.startswith("/") else _account_home())


def _account_home() -> str:
    """Ask for the home of the user's account, which a container's user has not, nor one whose directory is away."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        return _NO_HOME


def login_folder(environment: Mapping[str, str]) -> Path | None:
    """Find the folder that this login has for sockets; None where it has none, as below cron or ``su``."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    named = environment.get("XDG_RUNTIME_DIR")
    if named and os.path.isabs(named):
        return Path(named)
    usual = Path(f"/run/user/{os.geteuid()}")
    return usual if usual.is_dir() else None


def runtime_folder(environment: Mapping[str, str]) -> Path:
    """Find the folder for the agent's sockets, as p11-kit does (p11_get_runtime_directory)."""
    found = login_folder(environment)
    if found is not None:
        return found
    cache = environment.get("XDG_CACHE_HOME", "")
    # Of the account: p11-kit looks at no HOME here. A relative folder would be another one to each program.
    return Path(cache) if cache.startswith("/") else home_folder({}) / ".cache"


def make_own_folder(folder: Path) -> None:
    """Make a folder that its user alone can enter, with those above it, where there is none.

    Raises:
        UnsafeFolderError: another user could exchange what lies in it.
        OSError: it cannot be made.
    """
    # A folder of root's in the runtime folder of a user, to whom root came by sudo -E, would shut that user out.
    _require_kept(_walk(next((above for above in folder.absolute().parents if above.is_dir()), Path("/")), 0))
    before = os.umask(0o777 & ~_OWN_MODE)
    try:
        folder.mkdir(mode=_OWN_MODE, parents=True, exist_ok=True)
    finally:
        os.umask(before)
    require_own_folder(folder)


def require_own_folder(folder: Path) -> None:
    """Require that nobody but its user and root can put something into a folder or exchange it; raises as above."""
    target = _walk(folder.absolute(), 0)
    found = target.stat()
    if found.st_mode & _OTHERS_WRITE:  # the sticky bit keeps others from removing what is there, not from being first
        raise UnsafeFolderError(target, is_foreign=False)
    if found.st_uid not in _trusted():
        raise UnsafeFolderError(target, is_foreign=True)


def _walk(path: Path, links: int) -> Path:
    """Look at each folder and link on the way to a folder, which is returned without links."""
    reached = Path("/")
    for name in path.parts[1:]:
        _require_kept(reached)
        reached = Path(os.path.normpath(reached / name))
        found = reached.lstat()
        if stat.S_ISLNK(found.st_mode):
            if found.st_uid not in _trusted():
                raise UnsafeFolderError(reached, is_foreign=True)
            if links == _MOST_LINKS:
                raise OSError(f"too many links: {path}")
            links += 1
            reached = _walk(reached.parent / os.readlink(reached), links)
    return reached


def _require_kept(folder: Path) -> None:
    """Require of a folder on the way that others cannot exchange what belongs to this user in it."""
    found = folder.stat()
    if found.st_uid not in (*_trusted(), _UNMAPPED):
        raise UnsafeFolderError(folder, is_foreign=True)
    if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
        raise UnsafeFolderError(folder, is_foreign=False)


def _trusted() -> tuple[int, int]:
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    return _ROOT, os.geteuid()
