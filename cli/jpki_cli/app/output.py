"""Where data go: to stdout, or to a file that must not exist yet."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jpki_cli.failures.explain import EXIT_UNEXPECTED, CliError, Failure, usage_error
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Iterable


class OutputTarget:
    """Where ``-o`` points: checked before the card is touched, written afterwards.

    Files are made with mode 0600 and never replaced unless ``force``: they may hold personal data.
    """

    def __init__(self, path: str | None, *, force: bool, is_binary: bool) -> None:
        """Check that the output can be written; ``None`` and ``-`` are stdout."""
        self._path = None if path in (None, "-") else Path(str(path))
        self._force = force
        self._is_binary = is_binary
        if self._path is None:
            if is_binary and sys.stdout.isatty():
                raise usage_error(
                    M("Binary data is not written to a terminal; use -o FILE."), code="binary_on_terminal"
                )
        else:
            check_writable(self._path, force=force)

    @property
    def path(self) -> Path | None:
        """The file, or None for stdout."""
        return self._path

    def write(self, data: bytes) -> None:
        """Write everything, or leave nothing behind."""
        self.write_pieces((data,))

    def write_pieces(self, pieces: Iterable[bytes]) -> None:
        """Write pieces one after another as they come; everything, or nothing is left behind."""
        if self._path is None:
            stream = sys.stdout.buffer
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            return
        try:
            _write_file(self._path, pieces, force=self._force)
        except OSError as exc:
            message = M("The output file could not be written: {reason}", reason=exc.strerror or "")
            raise CliError(Failure(EXIT_UNEXPECTED, "write_failed", message)) from exc


def check_writable(path: Path, *, force: bool) -> None:
    """Refuse, before anything is done, an output that could not be written.

    Raises:
        CliError: with exit code 2.
    """
    if path.is_dir():
        raise usage_error(M("The output {path} is a folder.", path=path), code="cannot_write")
    if path.exists() and not force:
        remedy = (M("--force replaces it."),)
        raise usage_error(M("The output file {path} exists.", path=path), code="output_exists", remedy=remedy)
    folder = path.parent
    if not folder.is_dir():
        raise usage_error(M("There is no folder {path}.", path=folder), code="cannot_write")
    if not os.access(folder, os.W_OK | os.X_OK):  # the folder is named: what was typed may be no name of a file
        raise usage_error(M("The output folder {path} cannot be written to.", path=folder), code="cannot_write")
    if path.exists() and not os.access(path, os.W_OK):
        raise usage_error(M("The output {path} cannot be written.", path=path), code="cannot_write")


def _write_file(path: Path, pieces: Iterable[bytes], *, force: bool) -> None:
    """Write beside the target and rename, so that a failure leaves the old file or none."""
    import tempfile

    if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
        with path.open("wb") as device:
            device.writelines(pieces)
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(name, path)
        else:
            os.link(name, path)  # fails if the file came to exist meanwhile
            os.unlink(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
