"""Checks of the PC/SC service: is it there, does it run, may this user ask it, does it answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.diagnosis.causes import ServiceCause
from jpki.diagnosis.codes import Reason
from jpki.diagnosis.facts import System
from jpki.diagnosis.findings import PASSED, failed, not_checked, passed
from jpki.errors import CardTimeoutError, PermissionDeniedError, ServiceMissingError, ServiceStoppedError

from .computer import version_text
from .service_errors import pcsc_error_of

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts
    from jpki.diagnosis.findings import Outcome


def service_installed(facts: Facts) -> Outcome:
    """The service is installed."""
    error = pcsc_error_of(facts)
    if isinstance(error, ServiceMissingError):
        return failed(ServiceCause.SERVICE_MISSING, error=error)
    version = facts.platform.pcscd_version()
    if not version:
        return PASSED
    return passed(f"pcscd {version_text(version)}", *(["polkit"] if facts.platform.pcscd_asks_polkit() else []))


def service_disabled(facts: Facts) -> Outcome | None:
    """The service may be started."""
    error = pcsc_error_of(facts)
    if isinstance(error, ServiceStoppedError) and facts.platform.service().is_enabled is False:
        return failed(ServiceCause.SERVICE_DISABLED, error=error)
    return None


def service_waits_for_reader(facts: Facts) -> Outcome | None:
    """Windows has been given a reader, without which it does not start the service."""
    error = pcsc_error_of(facts)
    if isinstance(error, ServiceStoppedError) and facts.platform.system is System.WINDOWS:
        return failed(ServiceCause.SERVICE_WAITS_FOR_READER, error=error)
    return None


def service_stopped(facts: Facts) -> Outcome:
    """The PC/SC service runs."""
    error = pcsc_error_of(facts)
    if isinstance(error, ServiceStoppedError):
        return failed(ServiceCause.SERVICE_STOPPED, error=error)
    return PASSED


def permission_proc_hidden(facts: Facts) -> Outcome | None:
    """The service can see who asks: a /proc with hidepid keeps polkit from it."""
    error = pcsc_error_of(facts)
    if not isinstance(error, PermissionDeniedError):
        return None
    for line in (facts.files.read_text("/proc/mounts") or "").splitlines():
        fields = line.split()
        if fields[1:3] == ["/proc", "proc"] and _hides(fields[3]):
            return failed(ServiceCause.PERMISSION_PROC_HIDDEN, details=(fields[3],), error=error)
    return None


def _hides(options: str) -> bool:
    values = [option.partition("=")[2] for option in options.split(",") if option.startswith("hidepid=")]
    return any(value not in {"0", "off"} for value in values)


def permission_remote(facts: Facts) -> Outcome | None:
    """This user sits at the computer, as polkit wants it."""
    error = pcsc_error_of(facts)
    if not isinstance(error, PermissionDeniedError) or not facts.environment.get("SSH_CONNECTION"):
        return None
    return failed(ServiceCause.PERMISSION_REMOTE, error=error)


def permission(facts: Facts) -> Outcome:
    """The service takes this user."""
    if facts.platform.system is not System.LINUX:
        return not_checked(Reason.OTHER_SYSTEM)
    error = pcsc_error_of(facts)
    if isinstance(error, PermissionDeniedError):
        return failed(ServiceCause.PERMISSION_DENIED, error=error)
    return passed("SSH") if facts.environment.get("SSH_CONNECTION") else PASSED


def service_hangs(facts: Facts) -> Outcome | None:
    """The service answers in time."""
    error = pcsc_error_of(facts)
    if isinstance(error, CardTimeoutError):
        return failed(ServiceCause.SERVICE_HANGS, error=error)
    return None


def service_answers(facts: Facts) -> Outcome:
    """The service answers as it should."""
    error = pcsc_error_of(facts)
    if error is not None:
        return failed(ServiceCause.SERVICE_FAILED, error=error)
    return PASSED
