"""Where data go: to stdout, or to a file that must not exist yet."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jpki_cli.failures import EXIT_UNEXPECTED, CliError, Failure, usage_error
from jpki_cli.words import M

from .placing import KeptError, is_name_forbidden, try_out, write_beside, write_temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


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
            if self._path.exists() and not self._path.is_file():  # a device or a pipe is written to, never replaced
                with self._path.open("wb") as device:
                    device.writelines(pieces)
            else:
                write_beside(self._path, pieces, force=self._force)
        except OSError as exc:
            raise _write_failed(exc) from exc

    def write_made(self, make: Callable[[], Iterable[bytes]]) -> None:
        """Write what cannot be made again: where its place is full or gone, into the folder for temporary files.

        Raises:
            CliError: it is not in its place, and where it is, if anywhere.
        """
        try:
            self.write_pieces(make())
        except CliError as exc:
            cause = exc.__cause__
            if self._path is None or not isinstance(cause, OSError) or isinstance(cause, KeptError):
                raise
            try:
                kept = write_temporary(Path(tempfile.gettempdir()), self._path.suffix, make())
            except OSError:
                raise exc from cause
            raise _write_failed(KeptError(cause, kept)) from cause


def check_writable(path: Path, *, force: bool) -> None:
    """Refuse, before anything is done, an output that could not be written.

    Raises:
        CliError: with exit code 2.
    """
    try:
        _check(path, force=force)
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        message = M("The output {path} cannot be written: {reason}", path=path, reason=reason)
        raise usage_error(message, code="cannot_write") from exc


def _check(path: Path, *, force: bool) -> None:
    if is_name_forbidden(path.name):
        raise usage_error(M("Windows takes no file of the name {path}.", path=path.name), code="cannot_write")
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
    if path.is_file() or not path.exists():
        try_out(path)


def _write_failed(exc: OSError) -> CliError:
    message = M("The output file could not be written: {reason}", reason=exc.strerror or "")
    remedy = (M("What was made is not lost. It is in {path}", path=exc.kept),) if isinstance(exc, KeptError) else ()
    return CliError(Failure(EXIT_UNEXPECTED, "write_failed", message, remedy))
