"""What to do about a smart card service that cannot be used: in the words of the system that this is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from .message import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from .message import Message

    Words = tuple[Message, tuple[Message, ...]]

#: The next step that leads to jpki doctor.
DOCTOR: Final = M("To find the cause and the commands for this computer:\n  jpki doctor")
#: The next step that leads to a simulated card.
TRY_SIMULATED: Final = M("To try it without a reader, use a simulated card:\n  jpki --sim adult status")


def _library_missing() -> Words:
    packages = M("Debian, Ubuntu:\n  sudo apt install pcscd libpcsclite1\nFedora:\n  sudo dnf install pcsc-lite")
    message = M("The PC/SC library is not installed, so no reader can be used.")
    return message, (*_on_linux(packages), DOCTOR, TRY_SIMULATED)


def _missing() -> Words:
    packages = M(
        "Debian, Ubuntu:\n  sudo apt install pcscd\nFedora:\n  sudo dnf install pcsc-lite pcsc-lite-ccid\nArch:\n  "
        "sudo pacman -S pcsclite ccid"
    )
    return M("The smart card service (pcscd) is not installed."), (*_on_linux(packages), DOCTOR)


def _stopped() -> Words:
    if sys.platform == "win32":
        start = M("Connect the reader. If it is connected, start the service as administrator: sc.exe start SCardSvr")
        message = M("The smart card service is not running; Windows starts it when a reader is connected.")
        return message, (start, DOCTOR, TRY_SIMULATED)
    if sys.platform == "darwin":
        start = M("Unplug the reader and plug it in again; if that does not help, restart the Mac.")
        return M("The smart card service of macOS does not respond."), (start, DOCTOR)
    start = M("To start it:\n  sudo systemctl enable --now pcscd.socket")
    return M("The smart card service is installed but is not running."), (start, DOCTOR)


def stopped_amid_use(*, is_pin_unsent: bool) -> Words:
    """What is said of a service that took this program before.

    On Windows and macOS as of any other that does not run: they end it with the last reader.
    """
    if sys.platform in ("win32", "darwin"):
        return _stopped()
    unsent = (M("Nothing was sent to the card."),) if is_pin_unsent else ()
    again = M("Try again. If the service is not running, start it first:\n  sudo systemctl start pcscd.socket")
    return M("The smart card service ended or was restarted in the meantime."), (*unsent, again, DOCTOR)


def _hangs() -> Words:
    return M("The smart card service does not respond."), (
        M("It may be waiting for a reader or a driver that hangs."),
        M("Unplug the reader and connect it again."),
        DOCTOR,
    )


def _permission_denied() -> Words:
    remedy = (
        M("Run this on the computer's own screen, not through SSH or a scheduled job,"),
        M("or ask the administrator for a polkit rule for org.debian.pcsc-lite.access_pcsc and access_card."),
    )
    return M("The smart card service refuses this user."), (*_on_linux(*remedy), DOCTOR)


def _on_linux(*lines: Message) -> tuple[Message, ...]:
    return () if sys.platform in ("win32", "darwin") else lines


#: By the code of the error.
SERVICE_FAILURES: Final[dict[str, Callable[[], Words]]] = {
    "pcsc_library_missing": _library_missing,
    "pcsc_service_missing": _missing,
    "pcsc_service_stopped": _stopped,
    "pcsc_service_hangs": _hangs,
    "pcsc_permission_denied": _permission_denied,
}
