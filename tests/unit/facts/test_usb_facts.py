"""USB devices as Linux, Windows and macOS show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.diagnosis.facts import System, UsbDevice, UsbInterface
from jpki_cli.facts.bounded import LocalFiles
from jpki_cli.facts.usb import MacUsb, NoUsb, SysUsb, WindowsUsb, parse_ioreg, parse_pnputil, usb_of

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


# As Windows 11 in Japanese prints it, shortened.
PNPUTIL_ALL = r"""Microsoft PnP ユーティリティ

インスタンス ID:               USB\VID_054C&PID_06C3\0123456
デバイスの説明:                RC-S380/P
クラス名:                      USBDevice
状態:                          開始

インスタンス ID:               USB\VID_072F&PID_90CC&MI_00\6&1a2b
デバイスの説明:                ACR38
状態:                          開始

インスタンス ID:               PCI\VEN_8086&DEV_1234\3&11583659
"""
PNPUTIL_READERS = r"""インスタンス ID:               USB\VID_072F&PID_90CC&MI_00\6&1a2b
クラス名:                      SmartCardReader
"""


def test_windows_lists_devices_by_their_instance_numbers() -> None:
    """In whichever language; those in the class of card readers are card readers."""
    assert parse_pnputil(PNPUTIL_ALL, PNPUTIL_READERS) == (
        UsbDevice(0x054C, 0x06C3),
        UsbDevice(0x072F, 0x90CC, interfaces=(UsbInterface(0x0B),)),
    )


# As macOS 14 prints it, shortened.
IOREG = """+-o RC-S300/P@01100000  <class IOUSBHostDevice, id 0x10000abcd, registered, matched, active, busy 0>
  | {
  |   "idProduct" = 3529
  |   "bDeviceClass" = 0
  |   "idVendor" = 1356
  | }
  |
  +-o IOUSBHostInterface@0  <class IOUSBHostInterface, id 0x10000abce, registered, matched, active, busy 0>
      {
        "idProduct" = 3529
        "bInterfaceClass" = 11
        "idVendor" = 1356
      }

+-o Keyboard@01200000  <class IOUSBHostDevice, id 0x10000abcf, registered, matched, active, busy 0, retain 28>
    {
      "idProduct" = 591
      "idVendor" = 1452
    }
"""


def test_macos_lists_devices_with_the_classes_of_their_interfaces() -> None:
    """The reader has class 11, the keyboard shows none."""
    assert parse_ioreg(IOREG) == (
        UsbDevice(0x054C, 0x0DC9, "RC-S300/P", (UsbInterface(0x0B),)),
        UsbDevice(0x05AC, 0x024F, "Keyboard"),
    )


def test_nonsense_is_no_device() -> None:
    """An output that means nothing gives nothing."""
    assert parse_ioreg("") == parse_ioreg('"idVendor" = 5\n') == parse_pnputil("Failed", "") == ()


def test_each_system_is_asked_in_its_own_way() -> None:
    """One class for each, and one that knows nothing."""
    files = LocalFiles()
    kinds = {system: type(usb_of(system, files)) for system in System}

    assert kinds == {System.LINUX: SysUsb, System.WINDOWS: WindowsUsb, System.MACOS: MacUsb, System.OTHER: NoUsb}
    assert NoUsb().devices() is None
