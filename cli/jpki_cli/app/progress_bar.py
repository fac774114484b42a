"""How far the reading of a large file is: a bar on stderr, where a person looks at it."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from jpki_cli.words import Message

#: Smaller files are read before a bar could be looked at.
SHOWN_FROM: Final = 16 * 1024 * 1024


#: Asked at each step whether somebody wants to stop, where signals are remembered and not raised.
_checks: list[Callable[[], None]] = []


@contextmanager
def stoppable(check: Callable[[], None]) -> Iterator[None]:
    """Let long reading and writing inside the block be stopped: ``check`` raises where a signal was remembered."""
    _checks.append(check)
    try:
        yield
    finally:
        _checks.pop()


class Progress:
    """Counts bytes for a bar; the total may be told later, and what goes beyond it is not shown."""

    def __init__(self, update: Callable[[int], None], expect: Callable[[int], None]) -> None:
        """Take what moves the bar, and what sets its length."""
        self._update = update
        self.expect = expect

    def advance(self, count: int) -> None:
        """So many bytes more have been read; raises where somebody wants to stop."""
        for check in _checks:
            check()
        self._update(count)


@contextmanager
def progress(label: Message, size: int, *, total: int | None = None) -> Iterator[Progress]:
    """Show a bar for a file of this size, if it is large and a person looks at stderr.

    Args:
        label: what is being done with which file.
        size: of the file, in bytes.
        total: bytes that will be read, where the file is read more than once.
    """
    if size < SHOWN_FROM or not sys.stderr.isatty():
        yield Progress(lambda _: None, lambda _: None)
        return
    import click

    from jpki.outside_text import visible

    with click.progressbar(length=total or size, label=visible(str(label)), file=sys.stderr) as bar:

        def update(count: int) -> None:
            left = (bar.length or 0) - bar.pos
            bar.update(min(count, left))

        def expect(length: int) -> None:
            bar.length = max(length, bar.pos + 1)  # the last step is made at the end

        yield Progress(update, expect)
        update(bar.length or 0)  # what was foretold is about what is read


class _Watched(io.FileIO):
    """A file that tells how much of it has been read."""

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
    """Open a file whose reading moves the bar."""
    raw = _Watched(path, mode, shown.advance)
    with io.BufferedReader(raw) if mode == "rb" else io.BufferedRandom(raw) as file:
        yield file
