"""The PC/SC service as systemd, OpenRC, runit and Windows describe it.

The shapes of what is read: systemctl(1) and sd_booted(3); OpenRC's and runit's folders as their init scripts lay them
out; the output of ``sc`` as users of several languages posted it (tests/support/recordedoutputs.py quotes it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.facts import ServiceManager, ServiceState, System

from .bounded import LocalFiles, output_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Output = Callable[[Sequence[str]], str | None]

_SYSTEMD: Final = "/run/systemd/system"
#: What is there where each of them starts the services. Debian has folders of runit's on computers that it does not
#: start; the one in which it looks for services is elsewhere there.
_RUNNING: Final = (
    ((_SYSTEMD,), ServiceManager.SYSTEMD),
    (("/run/openrc",), ServiceManager.OPENRC),
    (("/run/runit", "/var/service"), ServiceManager.RUNIT),
    (("/etc/init.d", "/usr/sbin/service"), ServiceManager.INIT_SCRIPTS),
)
_OPENRC_SERVICE: Final = "/etc/init.d/pcscd"
_OPENRC_ENABLED: Final = ("/etc/runlevels/default/pcscd", "/etc/runlevels/boot/pcscd")
_RUNIT_SERVICE: Final = "/etc/sv/pcscd"
_RUNIT_ENABLED: Final = "/var/service/pcscd"
_ENABLED: Final = frozenset({"enabled", "enabled-runtime", "static", "indirect", "alias", "linked", "generated"})
_DISABLED: Final = frozenset({"disabled", "masked", "masked-runtime"})
_WINDOWS_SERVICE: Final = "SCardSvr"
_WINDOWS_RUNNING: Final = 4
_WINDOWS_DISABLED: Final = 4
#: The labels before the numbers are in the language of Windows (STATE is ESTADO in Spanish), the words after them not.
_STATE: Final = re.compile(
    r":\s*(\d+)\s+(?:STOPPED|(?:START|STOP|CONTINUE|PAUSE)_PENDING|RUNNING|PAUSED)\b",
)
_START_TYPE: Final = re.compile(r":\s*(\d+)\s+(?:(?:BOOT|SYSTEM|AUTO|DEMAND)_START|DISABLED)\b")
_FEATURES: Final = re.compile(r"^Enabled features:(.*)$", re.MULTILINE)
_VERSION: Final = re.compile(r"pcsc-lite version (\d+(?:\.\d+)*)")


def service_manager(files: LocalFiles) -> ServiceManager:
    """What starts services here; OTHER if it is none of those known, as in many containers."""
    found = (manager for paths, manager in _RUNNING if all(files.exists(path) for path in paths))
    return next(found, ServiceManager.OTHER)


def service_state(system: System, files: LocalFiles, output: Output = output_of) -> ServiceState:
    """Ask the service manager of this system."""
    if system is System.WINDOWS:
        return windows_state(output(["sc", "query", _WINDOWS_SERVICE]), output(["sc", "qc", _WINDOWS_SERVICE]))
    if system is not System.LINUX:
        return ServiceState()
    manager = service_manager(files)
    if manager is ServiceManager.SYSTEMD:
        return systemd_state(
            output(["systemctl", "is-enabled", "pcscd.socket", "pcscd.service"]),
            output(["systemctl", "is-active", "pcscd.socket", "pcscd.service"]),
        )
    if manager is ServiceManager.OPENRC:
        return _state_in_files(files, _OPENRC_SERVICE, _OPENRC_ENABLED)
    if manager is ServiceManager.RUNIT:
        return _state_in_files(files, _RUNIT_SERVICE, (_RUNIT_ENABLED,))
    return ServiceState()


def _state_in_files(files: LocalFiles, service: str, enabled: tuple[str, ...]) -> ServiceState:
    return ServiceState(is_installed=files.exists(service), is_enabled=any(files.exists(path) for path in enabled))


def systemd_state(enabled: str | None, active: str | None) -> ServiceState:
    """Read ``systemctl is-enabled`` and ``is-active`` of the socket and the service, a line each.

    The socket starts the service, so it is the socket that has to be enabled; a service that is enabled will do, too.
    The service is "indirect" when all it has is its socket, which then says nothing.
    """
    if enabled is None or active is None:
        return ServiceState()
    words = [*enabled.split(), "", ""]
    is_enabled = words[0] in _ENABLED or words[1] == "enabled"
    is_known = is_enabled or words[0] in _DISABLED
    return ServiceState(
        is_installed=is_known or None,
        is_enabled=is_enabled if is_known else None,
        is_running="active" in active.split(),
    )


def windows_state(query: str | None, configuration: str | None) -> ServiceState:
    """Read ``sc query`` and ``sc qc``; a service that does not exist has no state (error 1060)."""
    state = _STATE.search(query or "")
    start = _START_TYPE.search(configuration or "")
    return ServiceState(
        is_installed=None if query is None else state is not None,
        is_enabled=None if start is None else int(start[1]) != _WINDOWS_DISABLED,
        is_running=None if state is None else int(state[1]) == _WINDOWS_RUNNING,
    )


def pcscd_version(output: Output = output_of) -> tuple[int, ...] | None:
    """Ask pcscd itself."""
    found = _VERSION.search(_pcscd(output))
    return tuple(map(int, found[1].split("."))) if found else None


def pcscd_asks_polkit(output: Output = output_of) -> bool:
    """Ask pcscd what it was built with."""
    found = _FEATURES.search(_pcscd(output))
    return found is not None and "polkit" in found[1].split()


def _pcscd(output: Output) -> str:
    return output(["pcscd", "--version"]) or ""
