"""The service, the distribution and the settings of the system, from recorded answers."""

from __future__ import annotations

import plistlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from recordedoutputs import (
    SC_NO_SERVICE,
    SC_QC_ON_DEMAND,
    SC_QC_SPANISH,
    SC_QUERY_RUNNING,
    SC_QUERY_SPANISH,
    SC_QUERY_STOPPED,
)

from jpki.diagnosis.distribution import package_manager, parse_os_release
from jpki.diagnosis.facts import PackageManager, ServiceManager, ServiceState, System
from jpki.diagnosis.system.bounded import LocalFiles
from jpki.diagnosis.system.services import (
    pcscd_asks_polkit,
    pcscd_version,
    service_manager,
    service_state,
    systemd_state,
    windows_state,
)
from jpki.diagnosis.system.this_platform import ThisPlatform, numbers, parse_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def state(*, installed: bool | None, enabled: bool | None, running: bool | None) -> ServiceState:
    """A state of the service."""
    return ServiceState(installed, enabled, running)


@pytest.mark.parametrize(
    ("enabled", "active", "expected"),
    [
        ("enabled\nindirect\n", "active\ninactive\n", state(installed=True, enabled=True, running=True)),
        ("disabled\nindirect\n", "inactive\ninactive\n", state(installed=True, enabled=False, running=False)),
        ("masked\nmasked\n", "inactive\ninactive\n", state(installed=True, enabled=False, running=False)),
        ("disabled\nenabled\n", "inactive\nactive\n", state(installed=True, enabled=True, running=True)),
        ("", "inactive\ninactive\n", state(installed=None, enabled=None, running=False)),
        (None, None, ServiceState()),
    ],
)
def test_systemd_says_whether_the_socket_starts_the_service(
    enabled: str | None, active: str | None, expected: ServiceState
) -> None:
    """Of the socket and the service; a service that is enabled by itself counts too."""
    assert systemd_state(enabled, active) == expected


@pytest.mark.parametrize(
    ("query", "configuration", "expected"),
    [
        (SC_QUERY_STOPPED, SC_QC_ON_DEMAND, state(installed=True, enabled=True, running=False)),
        (SC_QUERY_RUNNING, SC_QC_ON_DEMAND, state(installed=True, enabled=True, running=True)),
        (SC_QUERY_SPANISH, SC_QC_SPANISH, state(installed=True, enabled=False, running=True)),
        (SC_NO_SERVICE, SC_NO_SERVICE, state(installed=False, enabled=None, running=None)),
        (None, None, ServiceState()),
    ],
)
def test_windows_says_it_in_words_of_its_own(
    query: str | None, configuration: str | None, expected: ServiceState
) -> None:
    """Whether it runs and may be started, in whichever language the labels are; a missing service has no state."""
    assert windows_state(query, configuration) == expected


def test_each_system_is_asked_for_its_service(tmp_path: Path) -> None:
    """Systemd only where it runs, OpenRC by its files, nothing on macOS."""
    asked: list[str] = []

    def output(argv: Sequence[str]) -> str | None:
        asked.append(argv[0])
        return None

    files = LocalFiles(tmp_path)
    assert service_state(System.LINUX, files, output) == service_state(System.MACOS, files, output) == ServiceState()
    service_state(System.WINDOWS, files, output)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    service_state(System.LINUX, files, output)

    assert asked == ["sc", "sc", "systemctl", "systemctl"]


def test_openrc_shows_in_files_whether_the_service_starts(tmp_path: Path) -> None:
    """Its script, and a link in a run level."""
    (tmp_path / "run/openrc").mkdir(parents=True)
    (tmp_path / "etc/init.d").mkdir(parents=True)
    (tmp_path / "etc/init.d/pcscd").touch()
    before = service_state(System.LINUX, LocalFiles(tmp_path))
    (tmp_path / "etc/runlevels/default").mkdir(parents=True)
    (tmp_path / "etc/runlevels/default/pcscd").touch()
    after = service_state(System.LINUX, LocalFiles(tmp_path))

    assert (before.is_installed, before.is_enabled, after.is_enabled) == (True, False, True)


def test_runit_shows_in_folders_whether_the_service_starts(tmp_path: Path) -> None:
    """Its folder, and a link among those that are run (Void Linux)."""
    for name in ("run/runit", "etc/sv/pcscd", "var/service"):
        (tmp_path / name).mkdir(parents=True)
    before = service_state(System.LINUX, LocalFiles(tmp_path))
    (tmp_path / "var/service/pcscd").symlink_to(tmp_path / "etc/sv/pcscd")
    after = service_state(System.LINUX, LocalFiles(tmp_path))

    assert (before.is_installed, before.is_enabled, after.is_enabled) == (True, False, True)


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        ("run/systemd/system", ServiceManager.SYSTEMD),
        ("run/systemd/system etc/init.d usr/sbin/service", ServiceManager.SYSTEMD),
        ("run/openrc etc/init.d", ServiceManager.OPENRC),
        ("run/runit var/service", ServiceManager.RUNIT),
        ("run/runit etc/sv etc/init.d usr/sbin/service", ServiceManager.INIT_SCRIPTS),
        ("run/runit etc/sv", ServiceManager.OTHER),
        ("etc/init.d", ServiceManager.OTHER),
        ("run/something", ServiceManager.OTHER),
    ],
)
def test_what_starts_services_is_told_by_its_folders(tmp_path: Path, folders: str, expected: ServiceManager) -> None:
    """Each has its own while it runs; those of runit on a Debian that it does not start are not enough."""
    for folder in folders.split():
        (tmp_path / folder).mkdir(parents=True)

    assert service_manager(LocalFiles(tmp_path)) is expected


def test_pcscd_says_its_version() -> None:
    """Two or three numbers; nothing where it is not there."""
    assert pcscd_version(lambda _: "pcsc-lite version 2.3.3.\nCopyright (C) 1999-2002 ...\n") == (2, 3, 3)
    assert pcscd_version(lambda _: None) is None


# Debian 12's pcscd, and the same with polkit as later ones have it (pcsc-lite ChangeLog, 2.0.1).
PCSCD = """pcsc-lite version 1.9.9.
Copyright (C) 1999-2002 by David Corcoran <corcoran@musclecard.com>.
Enabled features: Linux x86_64-pc-linux-gnu libsystemd serial usb libudev usbdropdir=/usr/lib/pcsc/drivers \
ipcdir=/run/pcscd filter configdir=/etc/reader.conf.d
MAX_READERNAME: 128, PCSCLITE_MAX_READERS_CONTEXTS: 16
"""


def test_pcscd_says_whether_it_asks_polkit() -> None:
    """Among its features; not where it does not say, or is not there."""
    assert pcscd_version(lambda _: PCSCD) == (1, 9, 9)
    assert not pcscd_asks_polkit(lambda _: PCSCD)
    assert pcscd_asks_polkit(lambda _: PCSCD.replace(" filter", " polkit filter"))
    assert not pcscd_asks_polkit(lambda _: None)


@pytest.mark.parametrize(
    ("os_release", "expected"),
    [
        ("ID=debian\n", PackageManager.APT),
        ("ID=neon\nID_LIKE='ubuntu debian'\n", PackageManager.APT),
        ('NAME="Fedora Linux"\nID=fedora\n', PackageManager.DNF),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', PackageManager.DNF),
        ("ID=arch\n", PackageManager.PACMAN),
        ("ID=cachyos\nID_LIKE=arch\n", PackageManager.PACMAN),
        ("ID=alpine\n", PackageManager.APK),
        ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', PackageManager.ZYPPER),
        ("ID=nixos\n", PackageManager.NIX),
        ("ID=gentoo\n", PackageManager.EMERGE),
        ('ID="void"\n', PackageManager.XBPS),
        ("ID=slackware\n", PackageManager.UNKNOWN),
        ("", PackageManager.UNKNOWN),
        ("# ID=debian\nID='unfinished\n", PackageManager.UNKNOWN),
    ],
)
def test_the_package_manager_follows_from_os_release(os_release: str, expected: PackageManager) -> None:
    """By name, or by what the distribution says that it is like."""
    assert package_manager(os_release) is expected


def test_os_release_is_read_with_its_quotes() -> None:
    """Values may be quoted; comments and lines without a sign are passed over."""
    assert parse_os_release("PRETTY_NAME=\"A 'B'\"\n# x=y\nnothing\nID=z") == {"PRETTY_NAME": "A 'B'", "ID": "z"}


@pytest.mark.parametrize("kind", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_settings_of_macos_are_read_in_both_forms(kind: plistlib.PlistFormat) -> None:
    """Text and binary."""
    settings = {"useIFDCCID": True, "Logging": False}

    assert parse_settings(plistlib.dumps(settings, fmt=kind)) == settings


@pytest.mark.parametrize("data", [None, b"", b"bplist00", b"<plist>", b"\0" * 64, plistlib.dumps(["a list"])])
def test_settings_that_make_no_sense_are_none(data: bytes | None) -> None:
    """Whatever the file holds."""
    assert parse_settings(data) == {}


def test_this_system_describes_itself(tmp_path: Path) -> None:
    """The distribution is in its name, and versions are numbers."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('PRETTY_NAME="Some Linux 5"\nID=alpine\n')
    system = ThisPlatform(LocalFiles(tmp_path), datetime.now(UTC))

    assert system.python >= (3, 11)
    assert system.system is not System.LINUX or system.release.startswith("Some Linux 5, Linux ")
    assert system.system is not System.LINUX or system.package_manager is PackageManager.APK
    assert numbers("2.3.1rc1") == (2, 3, 1)
    assert numbers("unknown") == ()
