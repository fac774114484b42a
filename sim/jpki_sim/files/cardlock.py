"""Keeps a card file to one program at a time, so that two of them cannot both use the same try of a PIN.

A lock of the operating system on a file beside it (``.card.json.lock``), which goes away with the program that holds
it, however that ends. The card file itself cannot carry the lock: saving replaces it.
"""

from __future__ import annotations

import os
import sys
import time
import weakref
from pathlib import Path
from typing import Final, Self

from jpki_sim.errors import CardFileError, CardFileInUseError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


#: Windows refuses access to a file that its last owner is removing, for a moment: seconds to go on trying, and between.
_PATIENCE: Final = 1.0 if sys.platform == "win32" else 0.0
_PAUSE: Final = 0.02


class CardFileLock:
    """The right to use a card file; held until :meth:`release`, the end of the ``with`` block, or the program's end."""

    def __init__(self, path: Path) -> None:
        """Take the lock of a card file.

        Raises:
            CardFileInUseError: another program has it.
            CardFileError: no lock can be made in that folder.
        """
        real = Path(os.path.realpath(path))
        self._lock_path = real.with_name(f".{real.name}.lock")
        descriptor = None
        while descriptor is None:
            descriptor = self._take(path)
        self._finalizer = weakref.finalize(self, _release, descriptor, self._lock_path)

    def _take(self, path: Path) -> int | None:
        """Lock the file of the moment; None when its last owner removed it meanwhile."""
        try:
            descriptor = _open(self._lock_path)
        except OSError as exc:
            raise CardFileError(f"{path} cannot be locked: {exc.strerror}") from exc
        try:
            _try_lock(descriptor)
        except OSError as exc:
            os.close(descriptor)
            raise CardFileInUseError(f"another program uses the card file {path}") from exc
        if _is_same(descriptor, self._lock_path):
            return descriptor
        os.close(descriptor)
        return None

    @property
    def is_held(self) -> bool:
        """Whether the right is still there."""
        return self._finalizer.alive

    def release(self) -> None:
        """Give the card file free; a second call does nothing."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _open(path: Path) -> int:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_PAUSE)


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (FileNotFoundError, PermissionError):  # gone, or on Windows about to go
        return False


def _release(descriptor: int, path: Path) -> None:
    # Removed while the lock is held, so that whoever opens it later locks another file; Windows does not let go of an
    # open file, and removes it after closing unless somebody else has it by then.
    if sys.platform == "win32":
        os.close(descriptor)
        _remove(path)
    else:
        _remove(path)
        os.close(descriptor)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return
