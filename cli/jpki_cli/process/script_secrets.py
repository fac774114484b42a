"""Secrets from a script: one a line, from standard input or from a file descriptor that the script opened.

The input is read to its end, so that a line too many is noticed before the card is touched. No error quotes what was
read, nor the number of the file descriptor, which may be a PIN in the wrong place.
"""

from __future__ import annotations

import enum
import io
import os
import re
import stat
import sys
from typing import Final, Protocol

from jpki.errors import JpkiError
from jpki.hygiene import shield_memory
from jpki.pin import Secret

#: The longest input that is taken, line ends included.
MAX_BYTES: Final = 4096

_OUTPUTS: Final = (1, 2)
_LINE_END: Final = ord("\n")
_CARRIAGE_RETURN: Final = ord("\r")
_BLANK: Final = ord(" ")
#: What some programs of Windows write before UTF-8.
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
#: How UTF-16 begins: with a mark, or with a character of ASCII.
_UTF16: Final = rb"\xff\xfe|\xfe\xff|[\x20-\x7e]\x00|\x00[\x20-\x7e]"
# UTF-8 as in RFC 3629, section 4. A pattern over the buffer makes no copy of a secret, decoding leaves one in a str.
# These are compiled when they are needed.
_UTF8: Final = (
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2})*"
)
_CONTROL: Final = rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]"


class BatchFault(enum.Enum):
    """Why secrets could not be read from a script."""

    TWO_SOURCES = "two_sources"  # both options
    NOT_OPEN = "not_open"  # no such file descriptor
    OUTPUT_STREAM = "output_stream"  # standard output or standard error
    IS_TERMINAL = "is_terminal"  # what is typed there would be seen
    UNREADABLE = "unreadable"
    MISSING_LINE = "missing_line"
    EXTRA_LINE = "extra_line"
    TOO_LONG = "too_long"
    UTF16 = "utf16"  # what PowerShell 5.1 writes into a file with >
    NOT_UTF8 = "not_utf8"
    CONTROL_CHARACTER = "control_character"
    BLANK_AT_END = "blank_at_end"  # no PIN of the card has one; echo of Windows' command prompt leaves it there


class ScriptSecretError(JpkiError):
    """The secrets of a script are not there as they must be: a usage error; ``fault`` says what is wrong."""

    def __init__(self, fault: BatchFault) -> None:
        super().__init__(f"secrets from a script: {fault.value}")
        self.fault = fault


class _Source(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...

    def fileno(self) -> int: ...


def read_secrets(*, pin_stdin: bool, pin_fd: int | None, count: int) -> list[Secret]:
    """Read ``count`` secrets, each a line that LF or CRLF ends; the last line end may be missing.

    A byte order mark before the first one is not a part of it. Exactly one of the two sources is to be given. An empty
    line is an empty secret; whether a secret can be this or that PIN is not looked at. To be called before the card is
    connected: a wrong number must not be one of the descriptors that this program opened itself.

    Raises:
        ScriptSecretError: The input is not there, or is not ``count`` lines of text.
        ValueError: No source is given.
    """
    if pin_stdin and pin_fd is not None:
        raise ScriptSecretError(BatchFault.TWO_SOURCES)
    if not pin_stdin and pin_fd is None:
        raise ValueError("no source of secrets is given")
    shield_memory()
    buffer = bytearray(MAX_BYTES + 1)
    try:
        source = _standard_input() if pin_fd is None else _descriptor(pin_fd)
        used = _fill(source, buffer)
        if used > MAX_BYTES:
            raise ScriptSecretError(BatchFault.TOO_LONG)
        return _split(buffer, used, count)
    finally:
        buffer[:] = bytes(len(buffer))


def _standard_input() -> _Source:
    try:
        number = sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        # There is none (pythonw), or a program that calls this one has put an object of its own there.
        source = getattr(sys.stdin, "buffer", None)
        if isinstance(source, (io.RawIOBase, io.BufferedIOBase)):
            return source
        raise ScriptSecretError(BatchFault.NOT_OPEN) from None
    return _descriptor(number)


def _descriptor(number: int) -> _Source:
    fault = _descriptor_fault(number)
    if fault is not None:
        raise ScriptSecretError(fault)
    return io.FileIO(number, "rb", closefd=False)


def _descriptor_fault(number: int) -> BatchFault | None:
    if number in _OUTPUTS:
        return BatchFault.OUTPUT_STREAM
    try:
        mode = os.fstat(number).st_mode
    except (OSError, OverflowError):
        return BatchFault.NOT_OPEN
    if os.isatty(number):
        return BatchFault.IS_TERMINAL
    return BatchFault.UNREADABLE if stat.S_ISDIR(mode) else None


def _fill(source: _Source, buffer: bytearray) -> int:
    """Read to the end of the input, or until the buffer is full; return how many bytes."""
    used = 0
    try:
        while used < len(buffer):
            length = source.readinto(memoryview(buffer)[used:])
            if length == 0:
                break
            if length is None:  # a pipe that does not block, and nothing in it yet
                import select

                select.select([source.fileno()], [], [])
            else:
                used += length
    except (OSError, ValueError):
        raise ScriptSecretError(BatchFault.UNREADABLE) from None
    return used


def _split(buffer: bytearray, used: int, count: int) -> list[Secret]:
    if re.compile(_UTF16).match(buffer, 0, used):
        raise ScriptSecretError(BatchFault.UTF16)
    if not re.compile(_UTF8).fullmatch(buffer, 0, used):
        raise ScriptSecretError(BatchFault.NOT_UTF8)
    lines = _lines(buffer, used)
    if len(lines) < count:
        raise ScriptSecretError(BatchFault.MISSING_LINE)
    if len(lines) > count:
        raise ScriptSecretError(BatchFault.EXTRA_LINE)
    control = re.compile(_CONTROL)
    if any(control.search(buffer, start, end) for start, end in lines):
        raise ScriptSecretError(BatchFault.CONTROL_CHARACTER)
    if any(start < end and buffer[end - 1] == _BLANK for start, end in lines):
        raise ScriptSecretError(BatchFault.BLANK_AT_END)
    return [Secret(buffer[start:end]) for start, end in lines]


def _lines(buffer: bytearray, used: int) -> list[tuple[int, int]]:
    """Where each line begins and ends, without its line end."""
    lines = []
    start = len(_BYTE_ORDER_MARK) if buffer.startswith(_BYTE_ORDER_MARK, 0, used) else 0
    while start < used:
        end = buffer.find(_LINE_END, start, used)
        following = used if end < 0 else end + 1
        if end < 0:
            end = used
        elif end > start and buffer[end - 1] == _CARRIAGE_RETURN:
            end -= 1
        lines.append((start, end))
        start = following
    return lines
