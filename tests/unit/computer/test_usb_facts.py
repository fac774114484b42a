"""USB devices as Linux lays them out in /sys, and as Windows and macOS print them (shapes: recordedoutputs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from recordedoutputs import IOREG, PNPUTIL_JAPANESE, PNPUTIL_PROBLEM

from jpki.diagnosis.facts import System, UsbDevice, UsbInterface
from jpki.diagnosis.system.bounded import LocalFiles
from jpki.diagnosis.system.usb import MacUsb, NoUsb, SysUsb, WindowsUsb, parse_ioreg, parse_pnputil, usb_of

if TYPE_CHECKING:
    from pathlib import Path


def plug(root: Path, name: str, vendor: str, product: str, text: str, interface_class: str, driver: str) -> None:
    """Lay out a device in /sys as the kernel does."""
    devices = root / "sys/bus/usb/devices"
    (devices / name).mkdir(parents=True)
    for attribute, value in {
        "idVendor": vendor,
        "idProduct": product,
        "product": text,
        "busnum": "1",
        "devnum": "7",
    }.items():
        (devices / name / attribute).write_text(value + "\n")
    interface = devices / f"{name}:1.0"
    interface.mkdir()
    (interface / "bInterfaceClass").write_text(interface_class + "\n")
    if driver:
        target = root / "sys/bus/usb/drivers" / driver
        target.mkdir(parents=True, exist_ok=True)
        (interface / "driver").symlink_to(target)


def test_linux_shows_numbers_names_classes_drivers_and_the_group_of_the_device_file(tmp_path: Path) -> None:
    """An ACR122U that the kernel's NFC driver holds, and an RC-S300 that nothing holds."""
    plug(tmp_path, "1-1", "072f", "2200", "ACR122U PICC Interface", "0b", "pn533_usb")
    plug(tmp_path, "1-2.1", "054c", "0dc9", "RC-S300/P", "0b", "")
    node = tmp_path / "dev/bus/usb/001/007"
    node.parent.mkdir(parents=True)
    node.touch()
    group = node.group()

    assert SysUsb(LocalFiles(tmp_path)).devices() == (
        UsbDevice(0x072F, 0x2200, "ACR122U PICC Interface", (UsbInterface(0x0B, "pn533_usb"),), group),
        UsbDevice(0x054C, 0x0DC9, "RC-S300/P", (UsbInterface(0x0B, ""),), group),
    )


def test_linux_without_usb_in_sys_does_not_know(tmp_path: Path) -> None:
    """Not known is not the same as none."""
    assert SysUsb(LocalFiles(tmp_path)).devices() is None


def test_a_device_with_an_unreadable_number_is_passed_over(tmp_path: Path) -> None:
    """Whatever stands there, nothing breaks."""
    plug(tmp_path, "1-1", "nonsense", "2200", "?", "zz", "")

    assert SysUsb(LocalFiles(tmp_path)).devices() == ()


def test_windows_lists_devices_by_their_instances_whatever_its_language() -> None:
    """Those in the class of card readers are card readers; the part that is one names a device of several parts."""
    assert parse_pnputil(PNPUTIL_JAPANESE) == (
        UsbDevice(
            0x054C,
            0x0DC9,
            "Microsoft Usbccid スマートカード リーダー (WUDF)",
            interfaces=(UsbInterface(0x0B),),
        ),
        UsbDevice(0x27C6, 0x521D, "Goodix fingerprint"),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_windows_says_why_the_driver_of_a_reader_does_not_work(end: str) -> None:
    """The constant of the problem, which a support desk can look up; line ends do not matter."""
    (device,) = parse_pnputil(PNPUTIL_PROBLEM.replace("\n", end))

    assert device == UsbDevice(
        0x0A5C,
        0x5833,
        "Microsoft Usbccid Smartcard Reader (UMDF2)",
        interfaces=(UsbInterface(0x0B),),
        problem="CM_PROB_FAILED_ADD",
    )


def test_macos_lists_devices_with_the_classes_of_their_interfaces() -> None:
    """Below a hub, too; what a driver says of itself is not taken for the device."""
    assert parse_ioreg(IOREG) == (
        UsbDevice(0x0D8C, 0x0008, "C-Media USB Audio Device", (UsbInterface(1),)),
        UsbDevice(0x05E3, 0x0610, "USB2.0 Hub", (UsbInterface(9),)),
        UsbDevice(0x054C, 0x0DC9, "RC-S300/P", (UsbInterface(0x0B),)),
    )


def test_nonsense_is_no_device() -> None:
    """An output that means nothing gives nothing."""
    assert parse_ioreg("") == parse_ioreg('"idVendor" = 5\n') == ()
    assert parse_pnputil("") == parse_pnputil("Failed\n\n\n") == ()
    assert parse_pnputil(r"Instance ID: USB\VID_054C&PID_0DC9\1") == (UsbDevice(0x054C, 0x0DC9),)


def test_each_system_is_asked_in_its_own_way() -> None:
    """One class for each, and one that knows nothing."""
    files = LocalFiles()
    kinds = {system: type(usb_of(system, files)) for system in System}

    assert kinds == {System.LINUX: SysUsb, System.WINDOWS: WindowsUsb, System.MACOS: MacUsb, System.OTHER: NoUsb}
    assert NoUsb().devices() is None
