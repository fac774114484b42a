"""Files that commands read, named on the command line; looked at before the card is touched.

A PIN or password that somebody typed among the names of files must not be shown, nor get into a log: a name that is no
file and could be one is named by its place.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from jpki_cli.failures import CliError, usage_error
from jpki_cli.words import M

#: What names of files have, and PINs and passwords of the card have not.
_MARKS_OF_FILES: Final = frozenset(character for character in (".", os.sep, os.altsep) if character)
_REASONS: Final = {
    errno.ENOENT: M("there is no such file"),
    errno.EACCES: M("this user is not allowed to read it"),
    errno.EISDIR: M("it is a folder"),
    errno.ENXIO: M("it is not an ordinary file"),
}
_NO_SUCH: Final = (errno.ENOENT, errno.ENAMETOOLONG, errno.EILSEQ)


def could_be_secret(name: str) -> bool:
    """Whether a word that names no file could be a PIN or password typed by mistake, in whatever form."""
    return not _MARKS_OF_FILES & set(name)


def require_file(name: str, place: int | None = None) -> Path:
    """Look whether a file is there and can be read.

    Args:
        name: as it was typed.
        place: which of several names it is, from 1; None if there is one only.

    Raises:
        CliError: with exit code 2.
    """
    path = Path(name)
    problem = _find_problem(path)
    if problem is None:
        return path
    # Raised here and not where the file was opened: that error carries the name.
    raise refusal(name, problem, place)


def _find_problem(path: Path) -> int | None:
    """The number of the error, as the system counts them; nothing is opened that could wait for another program."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            return errno.EISDIR if stat.S_ISDIR(mode) else errno.ENXIO
        with path.open("rb"):
            return None
    except OSError as exc:
        return exc.errno or errno.EIO
    except ValueError:  # a zero byte in the name
        return errno.ENOENT


def refusal(name: str, problem: int, place: int | None = None) -> CliError:
    """Make the error that says why a file cannot be read; to be raised where no error with the name is handled."""
    if problem in _NO_SUCH and could_be_secret(name):
        return _unnamed(place)
    reason = _REASONS.get(problem, os.strerror(problem))
    return usage_error(M("The file {path} cannot be read: {reason}", path=name, reason=reason))


def _unnamed(place: int | None) -> CliError:
    message = M("There is no such file. Its name is not shown, because it could be a PIN or password.")
    if place is not None:
        message = M(
            "Argument {place} is not the name of a file. It is not shown, because it could be a PIN or password.",
            place=place,
        )
    remedy = (M("No argument takes a PIN or password; it is asked for, or read with --pin-stdin."),)
    return usage_error(message, code="no_such_file", remedy=remedy)
