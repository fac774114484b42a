"""Checks of the computer: Python, pyscard, and where this program runs (docs/troubleshooting.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import Cause, ComputerCause, ServiceCause
from jpki.diagnosis.codes import Reason
from jpki.diagnosis.facts import System
from jpki.diagnosis.findings import failed, not_checked, noted, passed
from jpki.errors import PcscLibraryMissingError, ServiceMissingError, TransportError

from .service_errors import pcsc_error_of

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts
    from jpki.diagnosis.findings import Outcome

_PYSCARD: Final = "pyscard"
PYTHON_WANTED: Final = (3, 11)
#: Older ones keep one PC/SC context for the whole process, which goes stale (pyscard ChangeLog, 2.2.2).
PYSCARD_WANTED: Final = (2, 2, 2)

_SANDBOXES: Final = (("SNAP", "snap"), ("FLATPAK_ID", "flatpak"))
_SANDBOX_FILES: Final = (("/.flatpak-info", "flatpak"),)
#: A container is a fault only if it has no service of its own.
_CONTAINER_FILES: Final = (("/.dockerenv", "docker"), ("/run/.containerenv", "podman"))


def version_text(version: tuple[int, ...]) -> str:
    """Write a version with dots."""
    return ".".join(map(str, version))


def python_version(facts: Facts) -> Outcome:
    """Python is new enough."""
    version = facts.platform.python
    details = (version_text(version),)
    if version < PYTHON_WANTED:
        return failed(ComputerCause.PYTHON_TOO_OLD, details=details)
    return passed(*details)


def pyscard_missing(facts: Facts) -> Outcome | None:
    """Pyscard is installed and can be loaded."""
    if facts.platform.pyscard is None:
        return failed(ComputerCause.PYSCARD_MISSING)
    try:
        facts.pcsc.readers()
    except PcscLibraryMissingError as exc:
        if exc.component == _PYSCARD:
            return failed(ComputerCause.PYSCARD_MISSING, error=exc)
    except TransportError:
        return None
    return None


def pyscard_version(facts: Facts) -> Outcome:
    """Pyscard is new enough."""
    version = facts.platform.pyscard or ()
    if version and version < PYSCARD_WANTED:
        return failed(ComputerCause.PYSCARD_TOO_OLD, details=(version_text(version),))
    return passed(version_text(version))


def sandbox(facts: Facts) -> Outcome:
    """There is no sandbox between this program and the service."""
    error = pcsc_error_of(facts)
    name = _sandbox_name(facts)
    if name and error is not None:
        return failed(ComputerCause.SANDBOX, details=(name,), error=error)
    container = _named_by_file(facts, _CONTAINER_FILES)
    if container and isinstance(error, ServiceMissingError):
        return failed(ComputerCause.SANDBOX, details=(container,), error=error)
    return noted(ComputerCause.SANDBOX, details=(name or container,)) if name or container else passed()


def _sandbox_name(facts: Facts) -> str:
    for variable, name in _SANDBOXES:
        if facts.environment.get(variable):
            return name
    return _named_by_file(facts, _SANDBOX_FILES)


def _named_by_file(facts: Facts, files: tuple[tuple[str, str], ...]) -> str:
    return next((name for path, name in files if facts.files.exists(path)), "")


def wsl(facts: Facts) -> Outcome:
    """If this is Linux inside Windows, the reader was passed through to it."""
    if facts.platform.system is not System.LINUX:
        return not_checked(Reason.OTHER_SYSTEM)
    if "microsoft" not in facts.platform.release.casefold():
        return not_checked(Reason.NOT_HERE)
    return _reachable_or(facts, ComputerCause.WSL)


def remote_desktop(facts: Facts) -> Outcome:
    """If this is a Remote Desktop session, the reader is passed to it."""
    if facts.platform.system is not System.WINDOWS:
        return not_checked(Reason.OTHER_SYSTEM)
    session = facts.environment.get("SESSIONNAME") or ""
    if not facts.platform.is_remote_session and not session.upper().startswith("RDP-"):
        return not_checked(Reason.NOT_HERE)
    return _reachable_or(facts, ComputerCause.REMOTE_DESKTOP)


def _reachable_or(facts: Facts, cause: Cause) -> Outcome:
    """Fail only if no reader is found: the place alone is not a fault."""
    error = pcsc_error_of(facts, with_readers=True)
    if error is None:
        return noted(cause)
    return failed(cause, error=error)


def library(facts: Facts) -> Outcome:
    """The PC/SC library can be loaded."""
    try:
        facts.pcsc.check_library()
    except PcscLibraryMissingError as exc:
        return failed(ComputerCause.LIBRARY_MISSING, details=(exc.component,), error=exc)
    except TransportError as exc:
        return failed(ServiceCause.SERVICE_FAILED, error=exc)
    return passed()
