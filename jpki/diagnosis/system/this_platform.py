"""What this system says about itself."""

from __future__ import annotations

import os
import platform
import plistlib
import re
import sys
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from xml.parsers.expat import ExpatError

from jpki.diagnosis.distribution import package_manager, parse_os_release
from jpki.diagnosis.facts import PackageManager, ServiceManager, ServiceState, System

from . import services

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .bounded import LocalFiles

_SYSTEMS: Final = {"linux": System.LINUX, "win32": System.WINDOWS, "cygwin": System.WINDOWS, "darwin": System.MACOS}
_SM_REMOTESESSION: Final = 0x1000  # winuser.h
_SETTINGS: Final = "/Library/Preferences/com.apple.security.smartcard.plist"
_OS_RELEASE: Final = ("/etc/os-release", "/usr/lib/os-release")


def numbers(text: str) -> tuple[int, ...]:
    """The numbers at the start of a version."""
    found = re.match(r"\d+(\.\d+)*", text)
    return tuple(map(int, found[0].split("."))) if found else ()


class ThisPlatform:
    """This system at an instant; each thing is looked up when it is asked for."""

    def __init__(self, files: LocalFiles, now: datetime) -> None:
        """Look at the files of the system through ``files``."""
        self._files = files
        self.now = now

    @property
    def system(self) -> System:
        """Kind of operating system."""
        return _SYSTEMS.get(sys.platform, System.OTHER)

    @property
    def _os_release(self) -> str:
        return next((text for path in _OS_RELEASE if (text := self._files.read_text(path))), "")

    @property
    def release(self) -> str:
        """Name and version for people."""
        if self.system is System.MACOS:
            return f"macOS {platform.mac_ver()[0]} {platform.machine()}"
        kernel = f"{platform.system()} {platform.release()} {platform.machine()}"
        name = parse_os_release(self._os_release).get("PRETTY_NAME", "") if self.system is System.LINUX else ""
        return f"{name}, {kernel}" if name else kernel

    @property
    def version(self) -> tuple[int, ...]:
        """Version of macOS or Windows."""
        if self.system is System.MACOS:
            return numbers(platform.mac_ver()[0])
        return numbers(platform.version()) if self.system is System.WINDOWS else ()

    @property
    def python(self) -> tuple[int, ...]:
        """Version of the Python that runs this program."""
        return tuple(sys.version_info[:3])

    @property
    def pyscard(self) -> tuple[int, ...] | None:
        """Version of pyscard; empty if it is there and does not say."""
        if find_spec("smartcard") is None:
            return None
        try:
            return numbers(metadata.version("pyscard"))
        except metadata.PackageNotFoundError:
            return ()

    @property
    def package_manager(self) -> PackageManager:
        """How programs are installed here."""
        fixed = {System.WINDOWS: PackageManager.WINDOWS, System.MACOS: PackageManager.BREW}
        return fixed.get(self.system) or package_manager(self._os_release)

    @property
    def service_manager(self) -> ServiceManager:
        """What starts services."""
        return services.service_manager(self._files) if self.system is System.LINUX else ServiceManager.OTHER

    @property
    def is_root(self) -> bool:
        """Whether this process is root's."""
        return sys.platform != "win32" and os.geteuid() == 0

    @property
    def is_remote_session(self) -> bool:
        """Whether this is a Remote Desktop session."""
        if sys.platform == "win32":
            import ctypes

            return bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION))
        return False

    def service(self) -> ServiceState:
        """The PC/SC service."""
        return services.service_state(self.system, self._files)

    def pcscd_version(self) -> tuple[int, ...] | None:
        """Version of the PC/SC daemon that is installed."""
        return services.pcscd_version() if self.system is System.LINUX else None

    def pcscd_asks_polkit(self) -> bool:
        """Whether pcscd was built to ask polkit who may use it."""
        return self.system is System.LINUX and services.pcscd_asks_polkit()

    def smartcard_settings(self) -> Mapping[str, object]:
        """Settings of macOS for smart cards; the file can be a text or a binary one."""
        data = self._files.read_bytes(_SETTINGS) if self.system is System.MACOS else None
        return parse_settings(data)


def parse_settings(data: bytes | None) -> dict[str, object]:
    """Read a property list; empty if it is not one."""
    if data is None:
        return {}
    try:
        found = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, ValueError, OverflowError, LookupError):
        return {}
    return dict(found) if isinstance(found, dict) else {}
