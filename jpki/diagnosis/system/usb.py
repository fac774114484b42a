"""USB devices: from /sys on Linux, by ioreg on macOS, by pnputil on Windows.

The shapes of what is read: sysfs-bus-usb of the kernel's ABI documentation; ioreg(8); Microsoft's PnPUtil Command
Syntax, and outputs that users of several languages posted (tests/support/recordedoutputs.py quotes them).
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.facts import System, UsbDevice, UsbInterface

from .bounded import LocalFiles, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEVICES: Final = "/sys/bus/usb/devices"
_CCID_CLASS: Final = 0x0B
_WINDOWS_ID: Final = re.compile(r"USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})", re.IGNORECASE)
#: The setup class SmartCardReader (Microsoft, System-Defined Device Setup Classes Available to Vendors).
_WINDOWS_READERS: Final = "{50dd5230-ba8a-11d1-bf5d-0000f805f530}"
#: Why a driver does not work, by its constant in cfg.h, as in "31 (0x1F) [CM_PROB_FAILED_ADD]".
_WINDOWS_PROBLEM: Final = re.compile(r"\[(CM_PROB_[A-Z_]+)\]")
_MACOS_DEVICE: Final = "IOUSBHostDevice"
_MACOS_INTERFACE: Final = "IOUSBHostInterface"
_MACOS_NUMBER: Final = re.compile(r'"(idVendor|idProduct|bInterfaceClass)" = (\d+)')
_MACOS_OBJECT: Final = re.compile(r"\+-o (.+?)(?:@[0-9A-Fa-f,]+)?\s+<class (\w+)")


class SysUsb:
    """USB devices in /sys (Linux)."""

    def __init__(self, files: LocalFiles) -> None:
        """Look through ``files``."""
        self._files = files

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in; None without a /sys that shows them."""
        if not self._files.exists(_DEVICES):
            return None
        return tuple(self._found())

    def _found(self) -> Iterator[UsbDevice]:
        names = self._files.names(_DEVICES)
        for name in names:
            vendor, product = self._number(name, "idVendor"), self._number(name, "idProduct")
            if vendor is None or product is None:
                continue
            interfaces = [self._interface(n) for n in names if n.startswith(f"{name}:")]
            known = tuple(i for i in interfaces if i is not None)
            yield UsbDevice(vendor, product, self._text(name, "product"), known, self._node_group(name))

    def _interface(self, name: str) -> UsbInterface | None:
        interface_class = self._number(name, "bInterfaceClass")
        if interface_class is None:
            return None
        return UsbInterface(interface_class, self._files.link_name(f"{_DEVICES}/{name}/driver"))

    def _text(self, name: str, attribute: str) -> str:
        return (self._files.read_text(f"{_DEVICES}/{name}/{attribute}") or "").strip()

    def _number(self, name: str, attribute: str) -> int | None:
        try:
            return int(self._text(name, attribute), 16)
        except ValueError:
            return None

    def _node_group(self, name: str) -> str:
        bus, number = self._text(name, "busnum"), self._text(name, "devnum")
        if not bus.isdecimal() or not number.isdecimal():
            return ""
        if sys.platform == "win32":
            return ""
        try:
            return self._files.path(f"/dev/bus/usb/{int(bus):03}/{int(number):03}").group()
        except (OSError, KeyError, NotImplementedError):
            return ""


class WindowsUsb:
    """USB devices that pnputil lists (Windows 10, version 1903, and later)."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in; None where pnputil cannot tell."""
        text = output_of(["pnputil", "/enum-devices", "/connected"])
        return None if text is None else parse_pnputil(text)


def parse_pnputil(text: str) -> tuple[UsbDevice, ...]:
    """Read what ``pnputil /enum-devices`` prints: a paragraph a device, its instance first, its description second.

    The labels are in the language of Windows; instance, class and problem are not. A device of several parts has a
    paragraph for each; the one that is a card reader gives it its name.
    """
    found: dict[tuple[int, int], UsbDevice] = {}
    for paragraph in re.split(r"\n\s*\n", text.replace("\r", "")):
        device = _windows_device(paragraph)
        if device is not None:
            known = found.get((device.vendor, device.product))
            if known is None or (device.interfaces and not known.interfaces):
                found[device.vendor, device.product] = device
    return tuple(device for _, device in sorted(found.items()))


def _windows_device(paragraph: str) -> UsbDevice | None:
    first, _, others = paragraph.strip().partition("\n")
    numbers = _WINDOWS_ID.search(first)
    if numbers is None:
        return None
    name = others.partition("\n")[0].partition(":")[2].strip()
    interfaces = (UsbInterface(_CCID_CLASS),) if _WINDOWS_READERS in others.lower() else ()
    problem = _WINDOWS_PROBLEM.search(others)
    return UsbDevice(int(numbers[1], 16), int(numbers[2], 16), name, interfaces, problem=problem[1] if problem else "")


class MacUsb:
    """USB devices that ioreg lists (macOS)."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in."""
        text = output_of(["ioreg", "-r", "-c", "IOUSBHostDevice", "-l", "-w0"])
        return None if text is None else parse_ioreg(text)


def parse_ioreg(text: str) -> tuple[UsbDevice, ...]:
    """Read devices, and the interfaces below each, from the output of ``ioreg -l``."""
    found: list[tuple[str, dict[str, int], list[int]]] = []
    kind = ""
    for line in text.splitlines():
        opened = _MACOS_OBJECT.search(line)
        if opened:
            kind = opened[2]
            if kind == _MACOS_DEVICE:
                found.append((opened[1].strip(), {}, []))
            continue
        number = _MACOS_NUMBER.search(line)
        if number is None or not found:
            continue
        if kind == _MACOS_DEVICE:
            found[-1][1].setdefault(number[1], int(number[2]))
        elif kind == _MACOS_INTERFACE and number[1] == "bInterfaceClass":
            found[-1][2].append(int(number[2]))
    return tuple(
        UsbDevice(ids["idVendor"], ids["idProduct"], name, tuple(map(UsbInterface, classes)))
        for name, ids, classes in found
        if {"idVendor", "idProduct"} <= ids.keys()
    )


class NoUsb:
    """A system that does not show its USB devices."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """Not known."""
        return None


def usb_of(system: System, files: LocalFiles) -> SysUsb | WindowsUsb | MacUsb | NoUsb:
    """The way to ask on this system."""
    if system is System.LINUX:
        return SysUsb(files)
    if system is System.WINDOWS:
        return WindowsUsb()
    return MacUsb() if system is System.MACOS else NoUsb()
