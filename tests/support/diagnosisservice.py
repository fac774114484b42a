"""Cases of the way to a reader: the computer, its service, its USB devices (rows 1 to 2f)."""

from __future__ import annotations

from diagnosiscase import Case
from diagnosisfacts import (
    MISSING,
    NO_LIBRARY,
    NO_READER,
    OWN_USER,
    PCSCD_UNIT,
    STOPPED,
    WINDOWS,
    with_pcsc,
    with_usb,
)
from fakefacts import (
    ACR122U,
    CCID_BUNDLE,
    CCID_PLIST,
    RC_S300,
    RC_S380,
    UDEV_RULES,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakePlatform,
    FakeUsb,
)

from jpki import errors
from jpki.diagnosis.causes import ComputerCause, ReaderCause, ServiceCause
from jpki.diagnosis.detectors import computer, service, usb
from jpki.diagnosis.facts import ServiceState, System, UsbDevice, UsbInterface

SERVICE_CASES = [
    Case(
        "1",
        computer.library,
        FakeFacts(pcsc=FakePcsc(library=NO_LIBRARY)),
        ComputerCause.LIBRARY_MISSING,
        ("libpcsclite.so.1",),
    ),
    Case("1", service.service_installed, with_pcsc(MISSING), ServiceCause.SERVICE_MISSING, code=0x8010001D),
    Case(
        "1",
        service.service_disabled,
        with_pcsc(STOPPED, platform=FakePlatform(state=ServiceState(is_enabled=False))),
        ServiceCause.SERVICE_DISABLED,
        code=0x8010001D,
    ),
    Case("1", service.service_stopped, with_pcsc(STOPPED), ServiceCause.SERVICE_STOPPED, code=0x8010001D),
    Case("1", service.service_hangs, with_pcsc(errors.CardTimeoutError("slow")), ServiceCause.SERVICE_HANGS),
    Case(
        "1",
        service.service_answers,
        with_pcsc(errors.TransportError("internal", pcsc_code=0x80100001)),
        ServiceCause.SERVICE_FAILED,
        code=0x80100001,
    ),
    Case("2", usb.no_reader, with_usb(), ReaderCause.NO_READER, code=0x8010002E),
    Case("2", usb.no_reader, with_pcsc(NO_READER, usb=FakeUsb(None)), ReaderCause.NO_READER, code=0x8010002E),
    Case(
        "2",
        usb.driver_missing,
        with_usb(RC_S300, files=FakeFiles()),
        ReaderCause.DRIVER_MISSING,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2",
        usb.reader_not_taken,
        with_usb(RC_S300),
        ReaderCause.READER_NOT_TAKEN,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2a",
        usb.kernel_nfc_driver,
        with_usb(UsbDevice(0x072F, 0x2200, "ACR122U", (UsbInterface(0x0B, "pn533_usb"),))),
        ReaderCause.KERNEL_NFC_DRIVER,
        ("ACR122U (072f:2200)", "pn533_usb"),
        code=0x8010002E,
    ),
    Case(
        "2a",
        usb.kernel_nfc_modules,
        with_usb(ACR122U, files=FakeFiles({"/proc/modules": "pn533_usb 20480 0 - Live\npn533 61440 1 pn533_usb\n"})),
        ReaderCause.KERNEL_NFC_DRIVER,
        ("ACR122U (072f:2200)", "pn533"),
        code=0x8010002E,
    ),
    Case("2b", usb.rc_s380, with_usb(RC_S380), ReaderCause.RC_S380, ("RC-S380/P (054c:06c3)",), code=0x8010002E),
    Case(
        "2b",
        usb.driver_too_old,
        with_usb(RC_S300, files=FakeFiles({CCID_BUNDLE: "", CCID_PLIST: "<string>0x2200</string>"})),
        ReaderCause.DRIVER_TOO_OLD,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2c",
        usb.usb_permission,
        with_usb(RC_S300, platform=OWN_USER),
        ReaderCause.USB_PERMISSION,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2c",
        usb.usb_permission,
        with_usb(
            UsbDevice(0x054C, 0x0DC9, "", (UsbInterface(0x0B),), node_group="root"),
            files=FakeFiles({PCSCD_UNIT: "[Service]\nUser=pcscd\n", UDEV_RULES: ""}),
        ),
        ReaderCause.USB_PERMISSION,
        ("054c:0dc9",),
        code=0x8010002E,
    ),
    Case(
        "2d",
        computer.wsl,
        with_pcsc(NO_READER, platform=FakePlatform(release="Linux 5.15.153.1-microsoft-standard-WSL2")),
        ComputerCause.WSL,
        code=0x8010002E,
    ),
    Case(
        "2e",
        computer.remote_desktop,
        with_pcsc(STOPPED, platform=FakePlatform(system=System.WINDOWS, is_remote_session=True)),
        ComputerCause.REMOTE_DESKTOP,
        code=0x8010001D,
    ),
    Case(
        "2e",
        computer.remote_desktop,
        with_pcsc(NO_READER, platform=WINDOWS, environment={"SESSIONNAME": "RDP-Tcp#3"}),
        ComputerCause.REMOTE_DESKTOP,
        code=0x8010002E,
    ),
    Case(
        "2f",
        usb.reader_not_taken,
        with_usb(
            UsbDevice(0x054C, 0x0DC9, "RC-S300/P", (UsbInterface(0x0B),), problem="CM_PROB_FAILED_ADD"),
            platform=WINDOWS,
        ),
        ReaderCause.READER_NOT_TAKEN,
        ("RC-S300/P (054c:0dc9, CM_PROB_FAILED_ADD)",),
        code=0x8010002E,
    ),
    Case(
        "2f",
        usb.reader_not_taken,
        with_usb(RC_S300, platform=WINDOWS),
        ReaderCause.READER_NOT_TAKEN,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
]
