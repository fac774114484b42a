"""How work on large files is followed: how far it is, and whether somebody wants to stop it."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Protocol

    from _typeshed import WriteableBuffer

    from jpki.words import Message

    class ShowProgress(Protocol):
        """Shows how far the reading of a file of ``size`` bytes is; ``label`` says what is being done."""

        def __call__(self, label: Message, size: int) -> AbstractContextManager[Progress]:
            """Begin to show it; it ends with the block."""
            ...


class Progress:
    """Counts bytes; the total may be given later, and anything beyond it is not shown."""

    def __init__(self, update: Callable[[int], None], expect: Callable[[int], None]) -> None:
        """Take the callbacks for bytes done since the last call, and for the number of all bytes.

        ``update`` may raise: then the work ends, and nothing of it is left behind.
        """
        self._update = update
        self.expect = expect

    def advance(self, count: int) -> None:
        """So many bytes more have been read."""
        self._update(count)


@contextmanager
def unshown(label: Message, size: int) -> Iterator[Progress]:  # noqa: ARG001 - progress is not reported
    """Show nothing."""
    yield Progress(lambda _: None, lambda _: None)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Following:
    """Who follows the work on files: by which clock it is done, and where it is shown how far it is."""

    now: Callable[[], datetime] = _now
    show: ShowProgress = unshown


class _Watched(io.FileIO):
    """A file that reports how much of it has been read."""

    def __init__(self, path: Path, mode: str, advance: Callable[[int], None]) -> None:
        super().__init__(path, mode)
        self._advance = advance

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = super().readinto(buffer)
        self._advance(count or 0)
        return count

    def readall(self) -> bytes:
        data = super().readall()
        self._advance(len(data))
        return data


@contextmanager
def open_watched(path: Path, shown: Progress, mode: str = "rb") -> Iterator[BinaryIO]:
    """Open a file whose reading is counted."""
    raw = _Watched(path, mode, shown.advance)
    with io.BufferedReader(raw) if mode == "rb" else io.BufferedRandom(raw) as file:
        yield file
