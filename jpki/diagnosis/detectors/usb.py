"""Why PC/SC has no reader although one may be plugged in: a look at the USB devices.

Readers and their drivers: the table of readers in docs/install.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import ReaderCause
from jpki.diagnosis.facts import PackageManager, System
from jpki.diagnosis.findings import failed
from jpki.diagnosis.remedies import ReaderRemedy, SetupRemedy
from jpki.errors import NoReaderError, TransportError

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts, UsbDevice
    from jpki.diagnosis.findings import Outcome

_CCID_CLASS: Final = 0x0B  # USB-IF: smart card
_SONY: Final = 0x054C
_RC_S380: Final = frozenset({0x06C1, 0x06C3})
_KERNEL_NFC: Final = frozenset({"pn533_usb", "pn533", "port100"})
#: Devices that the kernel's pn533_usb takes (its table of devices): PN533, SCL3711, LoGO, RC-S360, ACR122U.
_PN533_DEVICES: Final = frozenset(
    {(0x04CC, 0x2533), (0x04E6, 0x5591), (0x1FD3, 0x0608), (_SONY, 0x02E1), (0x072F, 0x2200)}
)
#: The driver that a USB interface has while a program, and not the kernel, holds it.
_HELD_BY_PROGRAM: Final = "usbfs"
_DRIVER_FOLDERS: Final = (
    "/usr/lib/pcsc/drivers",
    "/usr/lib64/pcsc/drivers",
    "/usr/lib/readers/usb",
    "/usr/lib64/readers/usb",
    "/usr/local/lib/pcsc/drivers",
)
_MULTIARCH: Final = "/usr/lib/{}/pcsc/drivers"
_BUNDLE: Final = "ifd-ccid.bundle"
#: In the bundle: which readers it knows, and how much it logs (ccid, README, and Info.plist.src).
DRIVER_FILE: Final = "Contents/Info.plist"
_UDEV_FOLDERS: Final = ("/usr/lib/udev/rules.d", "/lib/udev/rules.d", "/etc/udev/rules.d")
_UDEV_RULES: Final = "92_pcscd_ccid.rules"
_UNITS: Final = (
    "/etc/systemd/system/pcscd.service",
    "/usr/lib/systemd/system/pcscd.service",
    "/lib/systemd/system/pcscd.service",
)
#: From this version on pcscd runs as a user of its own (pcsc-lite ChangeLog, 2.4.0).
_OWN_USER_SINCE: Final = (2, 4, 0)
_SERVICE_USER: Final = "pcscd"


def no_reader_error(facts: Facts) -> NoReaderError | None:
    """The error that says that PC/SC has no reader."""
    try:
        facts.pcsc.readers()
    except NoReaderError as exc:
        return exc
    except TransportError:
        return None
    return None


def _devices(facts: Facts) -> tuple[UsbDevice, ...]:
    return facts.usb.devices() or ()


def _ccid_devices(facts: Facts) -> list[UsbDevice]:
    return [d for d in _devices(facts) if any(i.interface_class == _CCID_CLASS for i in d.interfaces)]


def _label(device: UsbDevice) -> str:
    numbers = f"{device.usb_id}, {device.problem}" if device.problem else device.usb_id
    return f"{device.name} ({numbers})" if device.name else numbers


def rc_s380(facts: Facts) -> Outcome | None:
    """The reader is not a Sony RC-S380 without its driver: it is not a CCID reader."""
    found = [d for d in _devices(facts) if d.vendor == _SONY and d.product in _RC_S380]
    error = no_reader_error(facts)
    if error is None or not found:
        return None
    is_windows = facts.platform.system is System.WINDOWS
    unfit = ReaderRemedy.USE_OTHER_READER if is_windows else ReaderRemedy.SONY_SOFTWARE
    return failed(ReaderCause.RC_S380, details=(_label(found[0]),), error=error, without=(unfit,))


def kernel_nfc_driver(facts: Facts) -> Outcome | None:
    """No driver of the kernel for NFC holds the reader."""
    error = no_reader_error(facts)
    if error is None:
        return None
    for device in _devices(facts):
        drivers = [i.driver for i in device.interfaces if i.driver in _KERNEL_NFC]
        if drivers:
            return failed(ReaderCause.KERNEL_NFC_DRIVER, details=(_label(device), drivers[0]), error=error)
    return None


def kernel_nfc_modules(facts: Facts) -> Outcome | None:
    """Where USB does not tell who holds what: no NFC driver is loaded beside a reader of the kind that it takes."""
    error = no_reader_error(facts)
    if error is None:
        return None
    modules = {line.split(" ", 1)[0] for line in (facts.files.read_text("/proc/modules") or "").splitlines()}
    held = [d for d in _devices(facts) if (d.vendor, d.product) in _PN533_DEVICES]
    loaded = sorted(modules & _KERNEL_NFC)
    if not loaded or not held:
        return None
    return failed(ReaderCause.KERNEL_NFC_DRIVER, details=(_label(held[0]), loaded[0]), error=error)


def reader_taken_by_gnupg(facts: Facts) -> Outcome | None:
    """GnuPG's scdaemon, which goes to USB without PC/SC, does not hold the reader."""
    error = no_reader_error(facts)
    if error is None or not any(p.name == "scdaemon" for p in facts.processes.running()):
        return None
    for device in _ccid_devices(facts):
        if any(i.driver == _HELD_BY_PROGRAM for i in device.interfaces):
            return failed(ReaderCause.READER_TAKEN_BY_GNUPG, details=(_label(device),), error=error)
    return None


def usb_permission(facts: Facts) -> Outcome | None:
    """A pcscd that runs as a user of its own may open the reader: ccid's udev rules are there, and have worked."""
    error, devices = no_reader_error(facts), _ccid_devices(facts)
    if error is None or not devices or not _has_own_user(facts):
        return None
    has_rules = any(facts.files.exists(f"{folder}/{_UDEV_RULES}") for folder in _UDEV_FOLDERS)
    refused = [d for d in devices if d.node_group not in {"", _SERVICE_USER}]
    if has_rules and not refused:
        return None
    device = (refused or devices)[0]
    unfit = (ReaderRemedy.UPDATE_DRIVER,) if has_rules else ()
    return failed(ReaderCause.USB_PERMISSION, details=(_label(device),), error=error, without=unfit)


def _has_own_user(facts: Facts) -> bool:
    for unit in _UNITS:
        text = facts.files.read_text(unit)
        if text is not None:
            return f"User={_SERVICE_USER}" in text.split()
    return (facts.platform.pcscd_version() or ()) >= _OWN_USER_SINCE


def driver_missing(facts: Facts) -> Outcome | None:
    """The driver of CCID readers is installed."""
    error, devices = no_reader_error(facts), _ccid_devices(facts)
    if error is None or not devices or not _has_driver_folders(facts) or driver_bundle(facts):
        return None
    return failed(
        ReaderCause.DRIVER_MISSING,
        details=(_label(devices[0]),),
        error=error,
    )


def _has_driver_folders(facts: Facts) -> bool:
    """Whether drivers are in one of the usual folders: not so in NixOS, whose service brings ccid along."""
    return facts.platform.system is System.LINUX and facts.platform.package_manager is not PackageManager.NIX


def driver_too_old(facts: Facts) -> Outcome | None:
    """The driver of CCID readers knows this one."""
    error, devices, bundle = no_reader_error(facts), _ccid_devices(facts), driver_bundle(facts)
    text = facts.files.read_text(f"{bundle}/{DRIVER_FILE}") if bundle else None
    if error is None or not text:
        return None
    folded = text.casefold()
    unknown = [d for d in devices if f"0x{d.product:04x}" not in folded]
    if not unknown:
        return None
    return failed(ReaderCause.DRIVER_TOO_OLD, details=(_label(unknown[0]),), error=error)


def driver_bundle(facts: Facts) -> str:
    """Where the driver of CCID readers is; empty if it is in none of the usual folders."""
    multiarch = [_MULTIARCH.format(name) for name in facts.files.names("/usr/lib") if name.endswith("-linux-gnu")]
    for folder in (*_DRIVER_FOLDERS, *multiarch):
        if facts.files.exists(f"{folder}/{_BUNDLE}"):
            return f"{folder}/{_BUNDLE}"
    return ""


def reader_not_taken(facts: Facts) -> Outcome | None:
    """PC/SC has taken the reader that is plugged in."""
    error, devices = no_reader_error(facts), _ccid_devices(facts)
    if error is None or not devices:
        return None
    is_windows = facts.platform.system is System.WINDOWS
    unfit = SetupRemedy.RESTART_SERVICE if is_windows else ReaderRemedy.REINSTALL_WINDOWS_DRIVER
    return failed(ReaderCause.READER_NOT_TAKEN, details=(_label(devices[0]),), error=error, without=(unfit,))


def no_reader(facts: Facts) -> Outcome | None:
    """A reader is plugged in."""
    error = no_reader_error(facts)
    if error is None:
        return None
    unfit = () if facts.platform.system is System.WINDOWS else (ReaderRemedy.REINSTALL_WINDOWS_DRIVER,)
    return failed(ReaderCause.NO_READER, error=error, without=unfit)
