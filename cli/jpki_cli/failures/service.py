"""What to do about a smart card service that cannot be used: in the words of the system that this is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from jpki import errors
from jpki_cli.failures.kinds import EXIT_TRANSPORT, Failure
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_cli.words.i18n import Message

DOCTOR: Final = M("jpki doctor finds out more, and names the commands for this computer.")
SIMULATED: Final = M("Without a reader, a simulated card works: jpki --sim adult status")
_LIBRARY: Final = M("The PC/SC library is not installed, so no reader can be used.")


def _library_missing(_exc: errors.PcscLibraryMissingError) -> Failure:
    packages = M("Debian, Ubuntu: sudo apt install pcscd libpcsclite1. Fedora: sudo dnf install pcsc-lite.")
    return Failure(EXIT_TRANSPORT, "pcsc_library_missing", _LIBRARY, (*_on_linux(packages), DOCTOR, SIMULATED))


def _missing(_exc: errors.ServiceMissingError) -> Failure:
    packages = M(
        "Debian, Ubuntu: sudo apt install pcscd. Fedora: sudo dnf install pcsc-lite pcsc-lite-ccid. "
        "Arch: sudo pacman -S pcsclite ccid."
    )
    message = M("The smart card service (pcscd) is not installed.")
    return Failure(EXIT_TRANSPORT, "pcsc_service_missing", message, (*_on_linux(packages), DOCTOR))


def _stopped(_exc: errors.ServiceStoppedError) -> Failure:
    if sys.platform == "win32":
        message = M("The smart card service does not run; Windows starts it when a reader is connected.")
        start = M("Connect the reader. If it is connected, start the service as administrator: sc.exe start SCardSvr")
        return Failure(EXIT_TRANSPORT, "pcsc_service_stopped", message, (start, DOCTOR, SIMULATED))
    if sys.platform == "darwin":
        message = M("The smart card service of macOS does not answer.")
        start = M("Unplug the reader and plug it in again; if that does not help, restart the Mac.")
    else:
        message = M("The smart card service is installed but is not running.")
        start = M("Start it: sudo systemctl enable --now pcscd.socket")
    return Failure(EXIT_TRANSPORT, "pcsc_service_stopped", message, (start, DOCTOR))


def _permission_denied(_exc: errors.PermissionDeniedError) -> Failure:
    remedy = (
        M("Run this on the computer's own screen, not through SSH or a scheduled job,"),
        M("or ask the administrator for a polkit rule for org.debian.pcsc-lite.access_pcsc and access_card."),
    )
    message = M("The smart card service refuses this user.")
    return Failure(EXIT_TRANSPORT, "pcsc_permission_denied", message, (*_on_linux(*remedy), DOCTOR))


def _on_linux(*lines: Message) -> tuple[Message, ...]:
    return () if sys.platform in ("win32", "darwin") else lines


SERVICE_BUILDERS: Final[dict[type[BaseException], Callable[..., Failure]]] = {
    errors.PcscLibraryMissingError: _library_missing,
    errors.ServiceMissingError: _missing,
    errors.ServiceStoppedError: _stopped,
    errors.PermissionDeniedError: _permission_denied,
}
