"""What one PC/SC code means on this computer: not installed, not running, refused, or no library."""

from __future__ import annotations

import ctypes
import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    PcscLibraryMissingError,
    PermissionDeniedError,
    ServiceMissingError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport import pcsc_host

if TYPE_CHECKING:
    from pathlib import Path

NO_SERVICE, COMM_ERROR, STOPPED = 0x8010001D, 0x80100013, 0x8010001E


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of /: without pcscd and without its socket, on Linux."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(pcsc_host, "_SOCKET", tmp_path / "pcscd.comm")
    monkeypatch.setattr(pcsc_host, "_DAEMON_FILES", (tmp_path / "pcscd", tmp_path / "pcscd.socket"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("files", "code", "error"),
    [
        ([], NO_SERVICE, ServiceMissingError),
        ([], COMM_ERROR, ServiceMissingError),
        (["pcscd"], NO_SERVICE, ServiceStoppedError),
        (["pcscd"], COMM_ERROR, ServiceStoppedError),
        (["pcscd.socket"], NO_SERVICE, ServiceStoppedError),
        (["bin/pcscd"], NO_SERVICE, ServiceStoppedError),
        (["pcscd.comm"], NO_SERVICE, ServiceStoppedError),  # the socket of a service in another container
        (["pcscd", "pcscd.comm"], NO_SERVICE, ServiceStoppedError),  # left behind by a service that died
        (["pcscd", "pcscd.comm"], COMM_ERROR, PermissionDeniedError),  # polkit
        (["pcscd.comm"], COMM_ERROR, PermissionDeniedError),
        (["pcscd", "pcscd.comm"], STOPPED, ServiceStoppedError),
    ],
)
def test_one_code_has_several_causes(root: Path, files: list[str], code: int, error: type[TransportError]) -> None:
    """Daemon and socket tell them apart, and the code stays with the error."""
    for name in files:
        (root / name).touch(mode=0o777)
    found = pcsc_host.service_error(code)
    assert type(found) is error
    assert found.pcsc_code == code
    assert f"0x{code:08X}" in str(found)


def test_a_socket_that_may_not_be_written_is_a_matter_of_permission(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file mode of the socket refuses a user just as polkit does."""
    (root / "pcscd.comm").touch()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert type(pcsc_host.service_error(NO_SERVICE)) is PermissionDeniedError


@pytest.mark.parametrize("code", [NO_SERVICE, COMM_ERROR, STOPPED])
def test_a_service_that_took_this_program_before_does_not_refuse_its_user(root: Path, code: int) -> None:
    """A pcscd that ends closes its connections before it removes its socket: that is no matter of permission."""
    (root / "pcscd").touch()
    (root / "pcscd.comm").touch()
    assert type(pcsc_host.service_error(code, was_reached=True)) is ServiceStoppedError


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_the_service_is_part_of_the_system_it_is_never_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    """Windows and macOS have it; it can only be stopped."""
    monkeypatch.setattr(sys, "platform", platform)
    assert type(pcsc_host.service_error(NO_SERVICE)) is ServiceStoppedError


@pytest.mark.parametrize(("platform", "starts"), [("win32", True), ("linux", False), ("darwin", False)])
def test_only_windows_stops_the_service_without_readers(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    *,
    starts: bool,
) -> None:
    """Elsewhere a stopped service says nothing about readers."""
    monkeypatch.setattr(sys, "platform", platform)
    assert pcsc_host.starts_with_a_reader() is starts


class _Loads:
    """ctypes.CDLL, with libraries that are there or not."""

    def __init__(self, *there: str) -> None:
        self.there = there
        self.asked: list[tuple[str, int | None]] = []

    def __call__(self, name: str, *, winmode: int | None) -> None:
        self.asked.append((name, winmode))
        if name not in self.there:
            raise OSError(name)


@pytest.mark.parametrize(
    ("platform", "asked"),
    [("linux", [("libpcsclite.so.1", None)]), ("win32", [("winscard.dll", 0x800)]), ("darwin", [])],
)
def test_the_library_is_loaded_before_pyscard_does(
    monkeypatch: pytest.MonkeyPatch, platform: str, asked: list[tuple[str, int | None]]
) -> None:
    """By its own name, on Windows from the system's folder only; macOS has it built in."""
    loads = _Loads("libpcsclite.so.1", "winscard.dll")
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", loads)
    pcsc_host.load_library()
    assert loads.asked == asked


def _without_library(monkeypatch: pytest.MonkeyPatch, package: Path | None) -> None:
    spec = None
    if package:
        spec = ModuleSpec("smartcard", None, is_package=True)
        spec.submodule_search_locations = [str(package)]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", _Loads())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)


@pytest.mark.parametrize("has_pyscard", [True, False])
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, has_pyscard: bool) -> None:
    """With or without pyscard, the file that is missing is in the error."""
    (tmp_path / "scard").mkdir()
    (tmp_path / "scard" / "_scard.cpython-311.so").write_bytes(b"\0libpcsclite.so.1\0")
    _without_library(monkeypatch, tmp_path if has_pyscard else None)
    with pytest.raises(PcscLibraryMissingError) as caught:
        pcsc_host.load_library()
    assert caught.value.component == "libpcsclite.so.1"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_pyscard_that_knows_the_full_path_needs_no_search(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    is_there: bool,
) -> None:
    """NixOS builds the path of the library into pyscard; it counts when the file exists."""
    library = tmp_path / "libpcsclite.so.1"
    (tmp_path / "scard").mkdir()
    (tmp_path / "scard" / "_scard.cpython-311.so").write_bytes(b"\x7fELF\0" + bytes(library) + b"\0dlopen\0")
    _without_library(monkeypatch, tmp_path)
    if is_there:
        library.touch()
        pcsc_host.load_library()
    else:
        with pytest.raises(PcscLibraryMissingError):
            pcsc_host.load_library()
