"""USB devices: from /sys on Linux, by ioreg on macOS, by pnputil on Windows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.facts import System, UsbDevice, UsbInterface
from jpki_cli.facts.bounded import LocalFiles, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEVICES: Final = "/sys/bus/usb/devices"
_CCID_CLASS: Final = 0x0B
_WINDOWS_ID: Final = re.compile(r"USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})", re.IGNORECASE)
#: What pnputil calls the class of card readers, in no language but its own.
_WINDOWS_READERS: Final = "SmartCardReader"
_MACOS_NUMBER: Final = re.compile(r'"(idVendor|idProduct|bInterfaceClass)" = (\d+)')
_MACOS_OBJECT: Final = re.compile(r"\+-o (.+?)(?:@[0-9a-f,]+)?\s+<class (IOUSBHostDevice|IOUSBHostInterface)\b")


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
        try:
            return self._files.path(f"/dev/bus/usb/{int(bus):03}/{int(number):03}").group()
        except (OSError, KeyError, NotImplementedError):
            return ""


class WindowsUsb:
    """USB devices that pnputil lists (Windows 10 and later)."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in; None where pnputil cannot tell."""
        everything = output_of(["pnputil", "/enum-devices", "/connected"])
        readers = output_of(["pnputil", "/enum-devices", "/connected", "/class", _WINDOWS_READERS])
        return None if everything is None else parse_pnputil(everything, readers or "")


def parse_pnputil(everything: str, readers: str) -> tuple[UsbDevice, ...]:
    """Find the device numbers in two lists of pnputil, whatever language its labels are in."""
    ccid = {(int(v, 16), int(p, 16)) for v, p in _WINDOWS_ID.findall(readers)}
    found = {(int(v, 16), int(p, 16)) for v, p in _WINDOWS_ID.findall(everything)} | ccid
    interface = (UsbInterface(_CCID_CLASS),)
    return tuple(UsbDevice(v, p, interfaces=interface if (v, p) in ccid else ()) for v, p in sorted(found))


class MacUsb:
    """USB devices that ioreg lists (macOS)."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in."""
        text = output_of(["ioreg", "-r", "-c", "IOUSBHostDevice", "-l", "-w0"])
        return None if text is None else parse_ioreg(text)


def parse_ioreg(text: str) -> tuple[UsbDevice, ...]:
    """Read devices, and the interfaces below each, from the output of ``ioreg -l``."""
    found: list[tuple[str, dict[str, int], list[int]]] = []
    is_device = False
    for line in text.splitlines():
        opened = _MACOS_OBJECT.search(line)
        if opened:
            is_device = opened[2] == "IOUSBHostDevice"
            if is_device:
                found.append((opened[1], {}, []))
            continue
        number = _MACOS_NUMBER.search(line)
        if not number or not found:
            continue
        if is_device:
            found[-1][1].setdefault(number[1], int(number[2]))
        elif number[1] == "bInterfaceClass":
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
