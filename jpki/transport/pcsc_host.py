"""Facts of this computer that tell apart what PC/SC reports with one code.

0x8010001D ("no service") comes when the service is not installed, when it does not run, and when the library is
missing; 0x80100013 comes when polkit refuses the user and when nothing listens. Nothing here imports pyscard, starts a
program or changes anything.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Final

from jpki.errors import (
    PcscLibraryMissingError,
    PermissionDeniedError,
    ServiceMissingError,
    ServiceStoppedError,
    TransportError,
)

from .pcsc_errors import CLOSED_BY_PCSCD, MASK, symbol_of

#: The library that pyscard opens by this name at run time (pyscard, winscarddll.c). macOS has it built in.
_PCSCLITE: Final = "libpcsclite.so.1"
_WINSCARD: Final = "winscard.dll"
#: LOAD_LIBRARY_SEARCH_SYSTEM32: never a winscard.dll that lies beside a program in a download folder.
_SYSTEM32_ONLY: Final = 0x800

#: Texts, not Paths: pathlib takes longer to load than all of this package.
_SOCKET: Final = "/run/pcscd/pcscd.comm"
#: The daemon itself, and the units that start it: NixOS has only the latter at a fixed place.
_DAEMON_FILES: Final = (
    "/usr/sbin/pcscd",
    "/usr/bin/pcscd",
    "/sbin/pcscd",
    "/usr/local/sbin/pcscd",
    "/usr/lib/systemd/system/pcscd.socket",
    "/lib/systemd/system/pcscd.socket",
    "/etc/systemd/system/pcscd.socket",
)


@dataclass(frozen=True, slots=True)
class PcscdFacts:
    """What can be seen of pcscd: is it installed, is its socket there, may this user write to the socket."""

    is_installed: bool
    has_socket: bool
    is_socket_writable: bool


def has_pcscd() -> bool:
    """Whether this system's PC/SC service is pcscd (Linux and the BSDs), not a part of the system itself."""
    return sys.platform not in {"win32", "cygwin", "darwin"}


def starts_with_a_reader() -> bool:
    """Whether the service runs only while a reader is connected (Windows 8 and later): stopped can mean none."""
    return sys.platform == "win32"


def pcscd_facts() -> PcscdFacts:
    """Look for the daemon and its socket."""
    has_socket = os.path.exists(_SOCKET)
    return PcscdFacts(
        is_installed=any(map(os.path.exists, _DAEMON_FILES)) or _is_on_path("pcscd"),
        has_socket=has_socket,
        is_socket_writable=has_socket and os.access(_SOCKET, os.W_OK),
    )


def _is_on_path(program: str) -> bool:
    import shutil

    return shutil.which(program) is not None


def service_error(code: int, *, was_reached: bool = False) -> TransportError:
    """Tell which of the reasons it is that the service could not be reached.

    ``code`` is one of SERVICE_UNREACHABLE, or of CLOSED_BY_PCSCD where there is a pcscd.
    ``was_reached``: the service has taken this program before. It has ended then, even where its socket is still there:
    pcscd closes the connections some time before it removes the socket.
    """
    code &= MASK
    if not has_pcscd():
        return ServiceStoppedError(
            _with_code("the smart card service (SCardSvr on Windows) does not run", code), pcsc_code=code
        )
    if was_reached:
        return ServiceStoppedError(_with_code("pcscd has ended", code), pcsc_code=code)
    facts = pcscd_facts()
    if facts.has_socket and (code in CLOSED_BY_PCSCD or not facts.is_socket_writable):
        return PermissionDeniedError(_with_code("pcscd refuses this user", code), pcsc_code=code)
    if facts.is_installed or facts.has_socket:
        return ServiceStoppedError(_with_code("pcscd is installed and does not run", code), pcsc_code=code)
    return ServiceMissingError(_with_code("pcscd is not installed", code), pcsc_code=code)


def _with_code(sentence: str, code: int) -> str:
    return f"{sentence} ({symbol_of(code) or 'PC/SC'}, 0x{code:08X})"


def load_library() -> None:
    """Load the PC/SC library before pyscard does.

    Without it pyscard writes to standard output and then behaves as if the service did not run.

    Raises:
        PcscLibraryMissingError: the library is not there; ``component`` is its file name.
    """
    if sys.platform == "darwin":
        return
    import ctypes

    name, mode = (_WINSCARD, _SYSTEM32_ONLY) if sys.platform == "win32" else (_PCSCLITE, None)
    try:
        ctypes.CDLL(name, winmode=mode)
    except OSError as exc:
        if not _has_built_in_path():
            raise PcscLibraryMissingError(f"the PC/SC library {name} cannot be loaded", component=name) from exc


def _has_built_in_path() -> bool:
    """Whether pyscard was built to open the library by a full path, which exists (NixOS patches it so)."""
    import re
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("smartcard")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for extension in Path(folder, "scard").glob("_scard*.so"):
            match = re.search(rb"(/[\x21-\x7e]+/libpcsclite\.so\.1)\0", extension.read_bytes())
            if match and Path(os.fsdecode(match[1])).exists():
                return True
    return False
