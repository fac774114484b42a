"""Where data go: to stdout, or to a file that must not exist yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jpki.files import FileTarget


class OutputTarget:
    """Where ``-o`` points: checked before the card is touched, written afterwards.

    Files are made with mode 0600 and never replaced unless ``force``: they may hold personal data.
    """

    def __init__(self, path: str | None, *, force: bool, is_binary: bool) -> None:
        """Check that the output can be written; ``None`` and ``-`` are stdout."""
        self._target: FileTarget | None = None
        if path not in (None, "-"):
            from jpki.files import FileTarget

            self._target = FileTarget(Path(str(path)), overwrite=force)
        elif is_binary and sys.stdout.isatty():
            raise usage_error(M("Binary data is not written to a terminal; use -o FILE."), code="binary_on_terminal")

    @property
    def path(self) -> Path | None:
        """The file, or None for stdout."""
        return None if self._target is None else self._target.path

    def write(self, data: bytes) -> None:
        """Write everything, or leave nothing behind."""
        self.write_pieces((data,))

    def write_pieces(self, pieces: Iterable[bytes]) -> None:
        """Write pieces one after another as they come; everything, or nothing is left behind."""
        if self._target is not None:
            self._target.write_pieces(pieces)
            return
        stream = sys.stdout.buffer
        for piece in pieces:
            stream.write(piece)
        stream.flush()

    def write_made(self, make: Callable[[], Iterable[bytes]]) -> None:
        """Write what cannot be made again: where its place is full or gone, into the folder for temporary files."""
        if self._target is None:
            self.write_pieces(make())
        else:
            self._target.write_made(make)
