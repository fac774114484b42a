"""Names of readers on Windows, in any script.

pyscard calls the functions of winscard.dll that take names in the system's code page and reads them as UTF-8, so one
reader with a Japanese name makes its list of readers fail (``SystemError``), for all readers. Readers are therefore
listed by SCardListReadersW, and asked and opened by the W functions where a name needs it; for every other reader
nothing is different. Contexts and handles are the same for both, as there is one winscard.dll in a process.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MASK: Final = 0xFFFFFFFF
_INSUFFICIENT_BUFFER: Final = 0x80100008
_NO_MORE_TRIES: Final = 5
_DWORD: Final = ctypes.c_uint32
_HANDLE: Final = ctypes.c_size_t
#: LOAD_LIBRARY_SEARCH_SYSTEM32, as in pcsc_host.
_SYSTEM32_ONLY: Final = 0x800


class ReaderStateW(ctypes.Structure):
    """SCARD_READERSTATEW of Windows' winscard.h."""

    _fields_ = (
        ("szReader", ctypes.c_wchar_p),
        ("pvUserData", ctypes.c_void_p),
        ("dwCurrentState", _DWORD),
        ("dwEventState", _DWORD),
        ("cbAtr", _DWORD),
        ("rgbAtr", ctypes.c_ubyte * 36),
    )


class Winscard(Protocol):
    """The functions of winscard.dll that are used here."""

    @property
    def SCardListReadersW(self) -> Callable[..., int]: ...  # noqa: D102, N802 - Windows' own

    @property
    def SCardGetStatusChangeW(self) -> Callable[..., int]: ...  # noqa: D102, N802 - the same

    @property
    def SCardConnectW(self) -> Callable[..., int]: ...  # noqa: D102, N802 - the same


class WideScard:
    """pyscard's low-level module, with functions that take names in any script in place of three of its own.

    They answer as pyscard's do: the return code first.
    """

    #: Whether a reader's state can be asked for regardless of its name.
    takes_any_name: Final = True

    def __init__(self, scard: Any, winscard: Winscard) -> None:
        """Put the functions of ``winscard`` before those of the module ``smartcard.scard``."""
        self._scard = scard
        self._winscard = winscard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scard, name)

    def SCardListReaders(self, context: int, _groups: Sequence[str]) -> list[Any]:  # noqa: N802 - PC/SC's name
        """Names of the readers."""
        code, names, length = 0, ctypes.create_unicode_buffer(1), _DWORD()
        for _ in range(_NO_MORE_TRIES):  # a reader may come between the question for the length and that for the names
            code = self._winscard.SCardListReadersW(_HANDLE(context), None, None, ctypes.byref(length))
            if code:
                break
            names = ctypes.create_unicode_buffer(length.value)
            code = self._winscard.SCardListReadersW(_HANDLE(context), None, names, ctypes.byref(length))
            if code & _MASK != _INSUFFICIENT_BUFFER:
                break
        found = "" if code else ctypes.wstring_at(names, length.value)
        return [code, [name for name in found.split("\0") if name]]

    def SCardGetStatusChange(self, context: int, timeout: int, known: Sequence[tuple[str, int]]) -> list[Any]:  # noqa: N802
        """States of readers, when one is not the known one."""
        if all(name.isascii() for name, _ in known):
            answer: list[Any] = self._scard.SCardGetStatusChange(context, timeout, known)
            return answer
        states = (ReaderStateW * len(known))()
        for state, (name, known_state) in zip(states, known, strict=True):
            state.szReader, state.dwCurrentState = name, known_state & _MASK
        code = self._winscard.SCardGetStatusChangeW(_HANDLE(context), _DWORD(timeout), states, _DWORD(len(known)))
        return [code, [(state.szReader, state.dwEventState, list(state.rgbAtr[: state.cbAtr])) for state in states]]

    def SCardConnect(self, context: int, reader: str, share: int, protocols: int) -> list[Any]:  # noqa: N802
        """Handle and protocol of a card."""
        if reader.isascii():
            answer: list[Any] = self._scard.SCardConnect(context, reader, share, protocols)
            return answer
        card, protocol = _HANDLE(), _DWORD()
        code = self._winscard.SCardConnectW(
            _HANDLE(context), reader, _DWORD(share), _DWORD(protocols), ctypes.byref(card), ctypes.byref(protocol)
        )
        return [code, card.value, protocol.value]


def with_wide_names(scard: Any) -> Any:
    """The module ``smartcard.scard``; on Windows with names of readers in any script."""
    if sys.platform == "win32":
        library: Any = ctypes.WinDLL("winscard.dll", winmode=_SYSTEM32_ONLY)
        library.SCardConnectW.argtypes = [_HANDLE, ctypes.c_wchar_p, _DWORD, _DWORD, ctypes.c_void_p, ctypes.c_void_p]
        return WideScard(scard, library)
    return scard
