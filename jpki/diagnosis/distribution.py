"""Which package manager a Linux distribution has, from its os-release file (os-release(5))."""

from __future__ import annotations

import shlex
from typing import Final

from .facts import PackageManager

_MANAGERS: Final = {
    "debian": PackageManager.APT,
    "ubuntu": PackageManager.APT,
    "raspbian": PackageManager.APT,
    "linuxmint": PackageManager.APT,
    "fedora": PackageManager.DNF,
    "rhel": PackageManager.DNF,
    "centos": PackageManager.DNF,
    "rocky": PackageManager.DNF,
    "almalinux": PackageManager.DNF,
    "amzn": PackageManager.DNF,
    "arch": PackageManager.PACMAN,
    "manjaro": PackageManager.PACMAN,
    "endeavouros": PackageManager.PACMAN,
    "alpine": PackageManager.APK,
    "postmarketos": PackageManager.APK,
    "suse": PackageManager.ZYPPER,
    "opensuse": PackageManager.ZYPPER,
    "opensuse-leap": PackageManager.ZYPPER,
    "opensuse-tumbleweed": PackageManager.ZYPPER,
    "sles": PackageManager.ZYPPER,
    "gentoo": PackageManager.EMERGE,
    "void": PackageManager.XBPS,
    "nixos": PackageManager.NIX,
}


def parse_os_release(text: str) -> dict[str, str]:
    """Read the assignments of an os-release file; other lines are ignored."""
    found = {}
    for line in text.splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            try:
                found[name] = "".join(shlex.split(value))
            except ValueError:
                found[name] = value
    return found


def package_manager(os_release: str) -> PackageManager:
    """Choose by ID, then by the distributions that it says it is like (ID_LIKE), nearest first."""
    values = parse_os_release(os_release)
    for name in (values.get("ID", ""), *values.get("ID_LIKE", "").split()):
        if name in _MANAGERS:
            return _MANAGERS[name]
    return PackageManager.UNKNOWN
