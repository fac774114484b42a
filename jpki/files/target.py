"""A file that is to be made: looked at before anything is done, written whole afterwards, never replacing another."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jpki.errors import FileError

from .placing import KeptError, is_name_forbidden, try_out, write_beside, write_temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class FileTarget:
    """Where a result goes; made with mode 0600, and replacing a file that is there with ``overwrite`` only."""

    def __init__(self, path: Path, *, overwrite: bool = False) -> None:
        """Check that it can be written.

        Raises:
            FileError: it cannot.
        """
        self._file = path
        self._overwrite = overwrite
        check_writable(path, overwrite=overwrite)

    @property
    def path(self) -> Path | None:
        """Where the file will stand."""
        return self._file

    def write(self, data: bytes) -> None:
        """Write everything, or leave nothing behind."""
        self.write_pieces((data,))

    def write_pieces(self, pieces: Iterable[bytes]) -> None:
        """Write pieces one after another as they come; everything, or nothing is left behind.

        Raises:
            FileError: it cannot be written.
        """
        try:
            if self._file.exists() and not self._file.is_file():  # a device or a pipe is written to, never replaced
                with self._file.open("wb") as device:
                    device.writelines(pieces)
            else:
                write_beside(self._file, pieces, force=self._overwrite)
        except OSError as exc:
            raise _write_failed(self._file, exc) from exc

    def write_made(self, make: Callable[[], Iterable[bytes]]) -> None:
        """Write what cannot be made again: where its place is full or gone, into the folder for temporary files.

        Raises:
            FileError: it is not in its place, and where it is, if anywhere.
        """
        try:
            self.write_pieces(make())
        except FileError as exc:
            cause = exc.__cause__
            if not isinstance(cause, OSError) or isinstance(cause, KeptError):
                raise
            try:
                kept = write_temporary(Path(tempfile.gettempdir()), self._file.suffix, make())
            except OSError:
                raise exc from cause
            raise _write_failed(self._file, KeptError(cause, kept)) from cause


def check_writable(path: Path, *, overwrite: bool) -> None:
    """Refuse, before anything is done, an output that could not be written.

    Raises:
        FileError: and why.
    """
    try:
        _check(path, overwrite=overwrite)
    except OSError as exc:
        raise FileError("system_refuses", path, reason=exc.strerror or type(exc).__name__) from exc


def _check(path: Path, *, overwrite: bool) -> None:
    if is_name_forbidden(path.name):
        raise FileError("name_forbidden", path.name)
    if path.is_dir():
        raise FileError("is_folder", path)
    if path.exists() and not overwrite:
        raise FileError("output_exists", path)
    folder = path.parent
    if not folder.is_dir():
        raise FileError("no_folder", folder)
    if not os.access(folder, os.W_OK | os.X_OK):  # the folder is named: what was typed may be no name of a file
        raise FileError("folder_closed", folder)
    if path.exists() and not os.access(path, os.W_OK):
        raise FileError("not_writable", path)
    if path.is_file() or not path.exists():
        try_out(path)


def _write_failed(path: Path, exc: OSError) -> FileError:
    kept = exc.kept if isinstance(exc, KeptError) else None
    return FileError("write_failed", path, kept=kept, reason=exc.strerror or "")
