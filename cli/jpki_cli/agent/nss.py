"""The NSS databases of browsers and office programs, to which p11-kit-client.so is added."""

from __future__ import annotations

import os
import subprocess
from errno import EACCES, EIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki.agent import home_folder
from jpki_cli.app import refusal
from jpki_cli.failures import EXIT_USAGE, CliError, Failure, usage_error
from jpki_cli.words import M

from .installing import MARK, Done, is_ours, record_file, remove, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NSS_NAME: Final = "jpki"
_SQL: Final = "sql:"
#: The files of a database.
_FILES: Final = ("cert9.db", "key4.db", "pkcs11.txt")
_SECONDS: Final = 60.0
#: What stands for a new line in a path of the list: no path has this character.
_NEWLINE: Final = "\0"


def nss_databases(firefox: tuple[str, ...], environment: Mapping[str, str], *, chromium: bool) -> list[Path]:
    """Find the NSS databases that are meant: of Firefox profiles, and the one of Chromium and Chrome."""
    found = [Path(profile).absolute() for profile in firefox]
    for folder in found:
        if not (folder / "cert9.db").exists():
            raise usage_error(M("{path} is not a Firefox profile: it has no cert9.db.", path=folder), code="no_profile")
    if chromium:
        found.append(home_folder(environment) / ".pki" / "nssdb")
    return found


def browsers_in_sandbox(firefox: tuple[str, ...], environment: Mapping[str, str], *, chromium: bool) -> tuple[str, ...]:
    """Name those among the browsers that are meant which see other files than other programs do."""
    from jpki.diagnosis.detectors import installed_in_sandbox, sandbox_of
    from jpki.diagnosis.system import LocalFiles

    home = home_folder(environment)
    profiles = [Path(profile).resolve() for profile in firefox]  # ~/.mozilla may be a link
    of_profiles = [sandbox_of(str(profile), str(home.resolve())) for profile in profiles]
    of_chromium = installed_in_sandbox(LocalFiles(), str(home), with_firefox=False) if chromium else ()
    return tuple(dict.fromkeys((*filter(None, of_profiles), *of_chromium)))


def recorded_databases(environment: Mapping[str, str]) -> list[Path]:
    """Find the databases that :func:`record_databases` wrote down."""
    path = record_file(environment)
    if not is_ours(path):
        return []
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return [Path(line.replace(_NEWLINE, "\n")) for line in text.split("\n")[1:] if line]


def _record(environment: Mapping[str, str], folders: Iterable[Path], done: Done) -> None:
    lines = [str(folder).replace("\n", _NEWLINE) for folder in folders]
    write(record_file(environment), "\n".join([MARK, *lines, ""]), done)


def record_databases(environment: Mapping[str, str], folders: list[Path], done: Done) -> None:
    """Write down which databases are changed, before they are; raises as :func:`write`."""
    known = recorded_databases(environment)
    new = [folder for folder in dict.fromkeys(folders) if folder not in known]
    if new:
        _record(environment, (*known, *new), done)


def remove_from_all(environment: Mapping[str, str], folders: list[Path], done: Done) -> list[CliError]:
    """Take it out of these databases and those that are written down; gives what went wrong with some of them.

    Those stay written down.

    Raises:
        CliError: the list of them cannot be changed.
    """
    failed: dict[Path, CliError] = {}
    for folder in dict.fromkeys((*folders, *recorded_databases(environment))):
        try:
            remove_from_nss(folder, done)
        except CliError as exc:
            failed[folder] = exc
    if failed:
        _record(environment, failed, Done())
    else:
        remove(record_file(environment), done)
    return [*failed.values()]


def add_to_nss(folder: Path, module: str, done: Done) -> None:
    """Add p11-kit-client.so to a database, which is made if there is none; once is enough.

    Raises:
        CliError: the tools are not installed, or the database refuses it.
    """
    if not (folder / "cert9.db").exists():
        _make(folder)
        _nss("certutil", "-N", "-d", f"{_SQL}{folder}", "--empty-password")
    remove_from_nss(folder, Done())  # what was added before may be another path of the module
    _nss("modutil", "-dbdir", f"{_SQL}{folder}", "-add", NSS_NAME, "-libfile", module, "-force")
    done.databases.append(str(folder))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        reason = exc.strerror or ""
        raise usage_error(M("{path} cannot be written: {reason}", path=folder, reason=reason)) from exc


def remove_from_nss(folder: Path, done: Done) -> None:
    """Take it out of a database that has it; raises as :func:`add_to_nss`, and where nobody can tell."""
    if _is_in_nss(folder):
        _nss("modutil", "-dbdir", f"{_SQL}{folder}", "-delete", NSS_NAME, "-force")
        done.databases.append(str(folder))


def _is_in_nss(folder: Path) -> bool:
    """Whether a database has the module under our name; its list of modules is a text file with a block for each.

    Raises:
        CliError: the list is there and cannot be read.
    """
    path = folder / "pkcs11.txt"
    try:
        modules = path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as exc:
        raise refusal(str(path), exc.errno or EIO) from exc
    blocks = (block.splitlines() for block in modules.split("\n\n"))
    return any(f"name={NSS_NAME}" in block and any(map(_is_library, block)) for block in blocks)


def _is_library(line: str) -> bool:
    return line.startswith("library=") and os.path.basename(line) == "p11-kit-client.so"


def _nss(*argv: str) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - tools of NSS with arguments of ours
            argv, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as exc:
        raise usage_error(
            M("{program} is not installed.", program=argv[0]),
            code="nss_tools_missing",
            remedy=(M("Debian, Ubuntu:\n  sudo apt install libnss3-tools\nFedora:\n  sudo dnf install nss-tools"),),
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise _refused(argv) from exc
    if ended.returncode:
        raise _refused(argv)


def _refused(argv: tuple[str, ...]) -> CliError:
    folder = Path(argv[2].removeprefix(_SQL))
    for path in (folder, *(folder / name for name in _FILES)):
        if path.exists() and not os.access(path, os.W_OK):
            return usage_error(
                M("{path} cannot be written: {reason}", path=path, reason=os.strerror(EACCES)), code="nss_failed"
            )
    message = M("{program} refused to change {database}.", program=argv[0], database=argv[2])
    return CliError(Failure(EXIT_USAGE, "nss_failed", message, (M("Close the browser and try again."),)))
