"""What outlives a crash: a note that a PIN was about to be sent and that nobody has seen what came of it.

It is flushed to the disk before the PIN goes out, and removed once the outcome was on the screen. It holds the name of
the PIN and the time, and nothing of the card. While its program runs it is locked, so that another window does not take
it for one that was left behind.
"""

from __future__ import annotations

import json
import os
import uuid
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QLockFile, QStandardPaths

from jpki.card import Pin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SUFFIX: Final = ".json"
_LOCK: Final = ".lock"
#: No note is longer; what is longer is none of ours.
_MAX_BYTES: Final = 1024


class NotNotedError(OSError):
    """The note cannot be written, so nothing may be sent."""


class Unseen(NamedTuple):
    """A use of a PIN whose outcome nobody saw; ``pin`` and ``at`` are None where the note cannot be read."""

    path: Path
    pin: Pin | None = None
    at: datetime | None = None


def default_folder() -> Path:
    """The folder of this user for what has to outlive the program."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(base) / "jpki" / "unseen"


class UnseenNote:
    """The note of one use of a PIN; to be written in any thread, and removed in any other."""

    def __init__(self, pin: Pin, folder: Path) -> None:
        """Write nothing yet."""
        self._pin = pin
        self._path = folder / f"{uuid.uuid4().hex}{_SUFFIX}"
        self._lock: QLockFile | None = None

    @contextmanager
    def shield(self) -> Iterator[Callable[[], None]]:
        """Write the note before the block, which sends the PIN (:class:`jpki.pin.request.PinOptions`).

        Raises:
            NotNotedError: it cannot be written.
        """
        if self._lock is None:
            try:
                self._write()
            except OSError as exc:
                raise NotNotedError(exc.errno, exc.strerror or str(exc)) from exc
        yield _nothing

    def _write(self) -> None:
        folder = self._path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = QLockFile(f"{self._path}{_LOCK}")
        lock.setStaleLockTime(0)  # old is not dead: a person may take an hour
        if not lock.tryLock(0):
            raise OSError("the note cannot be locked")
        try:
            content = json.dumps({"pin": self._pin.value, "time": datetime.now(UTC).isoformat(timespec="seconds")})
            _flush(self._path, content.encode())
        except BaseException:
            lock.unlock()
            raise
        self._lock = lock

    def remove(self) -> None:
        """Take the note away: the outcome was seen."""
        if self._lock is not None:
            with suppress(OSError):  # then it is told once more than needed
                self._path.unlink(missing_ok=True)
            self._lock.unlock()
            self._lock = None


def _nothing() -> None:
    """No interruption reaches the thread that talks to the card."""


def _flush(path: Path, content: bytes) -> None:
    """Write a file and have it, and its name, on the disk before returning; a part of it does not stay."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            if os.write(descriptor, content) != len(content):
                raise OSError("the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _flush_folder(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no such thing, and writes names through
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def left_behind(folder: Path) -> tuple[Unseen, ...]:
    """Find the notes of programs that have ended, the oldest first."""
    if not folder.is_dir():
        return ()
    found = [_read(path) for path in folder.glob(f"*{_SUFFIX}") if not _is_in_use(path)]
    return tuple(sorted(found, key=lambda note: (note.at is None, note.at or datetime.min.replace(tzinfo=UTC))))


def forget(notes: tuple[Unseen, ...]) -> None:
    """Remove notes that were told."""
    for note in notes:
        with suppress(OSError):
            note.path.unlink(missing_ok=True)


def _is_in_use(path: Path) -> bool:
    lock = QLockFile(f"{path}{_LOCK}")
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return lock.error() is QLockFile.LockError.LockFailedError
    lock.unlock()
    return False


def _read(path: Path) -> Unseen:
    """Take what a note says; what it cannot say is not made up."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_MAX_BYTES))
        return Unseen(path, Pin(told["pin"]), datetime.fromisoformat(told["time"]).astimezone(UTC))
    except (OSError, ValueError, KeyError, TypeError):
        return Unseen(path)
