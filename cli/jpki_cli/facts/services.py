"""The PC/SC service as systemd, OpenRC and Windows describe it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.facts import ServiceState, System
from jpki_cli.facts.bounded import LocalFiles, output_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Output = Callable[[Sequence[str]], str | None]

_SYSTEMD: Final = "/run/systemd/system"
_OPENRC: Final = "/sbin/openrc"
_OPENRC_SERVICE: Final = "/etc/init.d/pcscd"
_OPENRC_ENABLED: Final = ("/etc/runlevels/default/pcscd", "/etc/runlevels/boot/pcscd")
_ENABLED: Final = frozenset({"enabled", "enabled-runtime", "static", "indirect", "alias", "linked", "generated"})
_DISABLED: Final = frozenset({"disabled", "masked", "masked-runtime"})
_WINDOWS_SERVICE: Final = "SCardSvr"
_WINDOWS_RUNNING: Final = 4
_WINDOWS_DISABLED: Final = 4
_STATE: Final = re.compile(r"^\s*STATE\s*:\s*(\d+)", re.MULTILINE)
_START_TYPE: Final = re.compile(r"^\s*START_TYPE\s*:\s*(\d+)", re.MULTILINE)
_VERSION: Final = re.compile(r"pcsc-lite version (\d+(?:\.\d+)*)")


def has_systemd(files: LocalFiles) -> bool:
    """Whether systemd is the service manager that runs (sd_booted(3))."""
    return files.exists(_SYSTEMD)


def service_state(system: System, files: LocalFiles, output: Output = output_of) -> ServiceState:
    """Ask the service manager of this system."""
    if system is System.WINDOWS:
        return windows_state(output(["sc", "query", _WINDOWS_SERVICE]), output(["sc", "qc", _WINDOWS_SERVICE]))
    if system is System.LINUX and has_systemd(files):
        return systemd_state(
            output(["systemctl", "is-enabled", "pcscd.socket", "pcscd.service"]),
            output(["systemctl", "is-active", "pcscd.socket", "pcscd.service"]),
        )
    if system is System.LINUX and files.exists(_OPENRC):
        return ServiceState(
            is_installed=files.exists(_OPENRC_SERVICE),
            is_enabled=any(files.exists(path) for path in _OPENRC_ENABLED),
        )
    return ServiceState()


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
    """Read ``sc query`` and ``sc qc`` by their numbers; the words are in the language of Windows."""
    state = _STATE.search(query or "")
    start = _START_TYPE.search(configuration or "")
    return ServiceState(
        is_installed=None if query is None else state is not None,
        is_enabled=None if start is None else int(start[1]) != _WINDOWS_DISABLED,
        is_running=None if state is None else int(state[1]) == _WINDOWS_RUNNING,
    )


def pcscd_version(output: Output = output_of) -> tuple[int, ...] | None:
    """Ask pcscd itself."""
    found = _VERSION.search(output(["pcscd", "--version"]) or "")
    return tuple(map(int, found[1].split("."))) if found else None
