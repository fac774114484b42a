"""The calls to Windows behind the console prompt; for Windows alone.

``ctypes`` is imported here and nowhere else on the way to a prompt, since ``msvcrt`` has no function that gives keys
with their codes.
"""

from __future__ import annotations

import ctypes
import msvcrt
import sys
from ctypes import wintypes
from typing import Final

from .console_keys import KeyRecord
from .console_sight import Stream, stream_of_name
from .device import NoTerminalError, TerminalFault

assert sys.platform == "win32"  # noqa: S101 - for type checkers, which leave the rest out elsewhere

_KEY_EVENT: Final = 0x0001
_WAIT_TIMEOUT: Final = 0x102
_WAIT_OBJECT: Final = 0
# How long a call to Windows may keep Python from running the handler of a signal.
_POLL_MILLISECONDS: Final = 100
_STANDARD_STREAMS: Final = (-10, -11, -12)  # STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE
_FILE_NAME_INFO: Final = 2
_FILE_TYPE_PIPE: Final = 3
_NAME_BYTES: Final = 1024
_UOI_FLAGS: Final = 1
_WSF_VISIBLE: Final = 1

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_user32 = ctypes.WinDLL("user32", use_last_error=True)
for _handle in (_kernel32.GetStdHandle, _kernel32.GetConsoleWindow, _user32.GetProcessWindowStation):
    _handle.restype = wintypes.HANDLE
_kernel32.WaitForSingleObject.restype = wintypes.DWORD


class _KeyEvent(ctypes.Structure):
    _fields_ = (
        ("bKeyDown", wintypes.BOOL),
        ("wRepeatCount", wintypes.WORD),
        ("wVirtualKeyCode", wintypes.WORD),
        ("wVirtualScanCode", wintypes.WORD),
        ("UnicodeChar", wintypes.WORD),  # as a number: a str of it could not be overwritten
        ("dwControlKeyState", wintypes.DWORD),
    )


class _InputRecord(ctypes.Structure):
    # The other kinds of events are no longer than this one.
    _fields_ = (("EventType", wintypes.WORD), ("KeyEvent", _KeyEvent))


class ConsoleKeyboard:
    """The keys of the console whose CONIN$ is open as a file descriptor."""

    def __init__(self, fd: int) -> None:
        self._handle = wintypes.HANDLE(msvcrt.get_osfhandle(fd))

    def mode(self) -> int:
        """Give the console's input mode."""
        found = wintypes.DWORD()
        self._require(_kernel32.GetConsoleMode(self._handle, ctypes.byref(found)))
        return found.value

    def set_mode(self, mode: int) -> None:
        """Change the console's input mode."""
        self._require(_kernel32.SetConsoleMode(self._handle, wintypes.DWORD(mode)))

    def drop(self) -> None:
        """Drop what was typed and not read, whole records at a time."""
        self._require(_kernel32.FlushConsoleInputBuffer(self._handle))

    def next(self) -> KeyRecord:
        """Wait for a key; what the call left of it in memory is overwritten."""
        record, count = _InputRecord(), wintypes.DWORD()
        while True:
            while (waited := _kernel32.WaitForSingleObject(self._handle, _POLL_MILLISECONDS)) == _WAIT_TIMEOUT:
                pass  # a signal's handler runs here
            self._require(waited == _WAIT_OBJECT)
            self._require(_kernel32.ReadConsoleInputW(self._handle, ctypes.byref(record), 1, ctypes.byref(count)))
            key = record.KeyEvent
            found = KeyRecord(
                bool(key.bKeyDown), key.wRepeatCount, key.wVirtualKeyCode, key.UnicodeChar, key.dwControlKeyState
            )
            is_key = count.value and record.EventType == _KEY_EVENT
            ctypes.memset(ctypes.byref(record), 0, ctypes.sizeof(record))
            if is_key:
                return found

    def _require(self, is_done: object) -> None:
        if not is_done:
            raise NoTerminalError(TerminalFault.LOST)


def standard_streams() -> list[Stream]:
    """Tell of each standard stream whether it is the console, mintty's pipe, or something else."""
    return [_stream(wintypes.HANDLE(_kernel32.GetStdHandle(wintypes.DWORD(which)))) for which in _STANDARD_STREAMS]


def _stream(handle: wintypes.HANDLE) -> Stream:
    if _kernel32.GetConsoleMode(handle, ctypes.byref(wintypes.DWORD())):
        return Stream.CONSOLE
    if _kernel32.GetFileType(handle) != _FILE_TYPE_PIPE:
        return Stream.OTHER
    info = ctypes.create_string_buffer(_NAME_BYTES)  # FILE_NAME_INFO: a length in bytes, and the name
    if not _kernel32.GetFileInformationByHandleEx(handle, _FILE_NAME_INFO, info, _NAME_BYTES):
        return Stream.OTHER
    length = int.from_bytes(info.raw[:4], "little")
    return stream_of_name(info.raw[4 : 4 + length].decode("utf-16-le", "replace"))


def has_window() -> bool:
    """Whether the console has a window, on a desktop that somebody can look at."""
    flags = (wintypes.DWORD * 3)()
    station = wintypes.HANDLE(_user32.GetProcessWindowStation())
    if not _user32.GetUserObjectInformationW(station, _UOI_FLAGS, flags, ctypes.sizeof(flags), None):
        return False
    return bool(flags[2] & _WSF_VISIBLE and _kernel32.GetConsoleWindow())
