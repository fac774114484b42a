"""The values of p11-kit's remote procedure calls: a reader of bytes that another process sent, and a writer.

::

    byte          1 byte
    uint32        4 bytes, big-endian: counts and lengths
    ulong         8 bytes, big-endian: every CK_ULONG
    byte array    uint32 length, then the bytes; length FFFFFFFF: no array (a null pointer)

The definition is p11-kit's source (rpc-message.c).
"""

from __future__ import annotations

from typing import Final

from jpki.errors import DataError
from jpki.pin import Secret

#: Length of an array that is not there.
NO_ARRAY: Final = 0xFFFFFFFF
_UINT32: Final = 4
_ULONG: Final = 8


class WireError(DataError):
    """The bytes of a call have another form than its signature."""


class Reader:
    """Reads values one after another; what is cut off or left over is a :class:`WireError`."""

    def __init__(self, data: bytes | bytearray) -> None:
        """Start at the first byte; the data are not copied."""
        self._data = data
        self._at = 0

    @property
    def remaining(self) -> int:
        """Number of bytes not read yet."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Read so many bytes."""
        end = self._at + count
        if end > len(self._data):
            raise WireError("the call is cut off")
        found = bytes(self._data[self._at : end])
        self._at = end
        return found

    def secret(self) -> Secret | None:
        """Read a byte array that is a PIN, with its validity byte; None if it is absent.

        It goes into the secret's buffer without becoming ``bytes`` on the way; it is still in the data.
        """
        is_there = self.byte()
        length = self.uint32()
        if not is_there or length == NO_ARRAY:
            return None
        end = self._at + length
        if end > len(self._data):
            raise WireError("the call is cut off")
        found = Secret(bytearray(memoryview(self._data)[self._at : end]))
        self._at = end
        return found

    def byte(self) -> int:
        """Take one byte off the front."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """Read a count or length."""
        return int.from_bytes(self.take(_UINT32))

    def ulong(self) -> int:
        """Read a CK_ULONG."""
        return int.from_bytes(self.take(_ULONG))

    def array(self) -> bytes | None:
        """Read a byte array; None if it is absent."""
        length = self.uint32()
        return None if length == NO_ARRAY else self.take(length)

    def count(self, item_size: int) -> int:
        """Read the number of items that follow, each of at least ``item_size`` bytes."""
        number = self.uint32()
        if number * item_size > self.remaining:
            raise WireError("the call announces more items than it has")
        return number

    def end(self) -> None:
        """Require that everything has been read."""
        if self.remaining:
            raise WireError("bytes are left over after the call")


class Writer:
    """Builds the body of an answer, value by value."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._data = bytearray()

    def byte(self, value: int) -> Writer:
        """Append one byte."""
        self._data.append(value)
        return self

    def uint32(self, value: int) -> Writer:
        """Write a count or length."""
        self._data += value.to_bytes(_UINT32)
        return self

    def ulong(self, value: int) -> Writer:
        """Write a CK_ULONG."""
        self._data += value.to_bytes(_ULONG)
        return self

    def array(self, value: bytes) -> Writer:
        """Write a byte array."""
        self.uint32(len(value))
        self._data += value
        return self

    def padded(self, text: str, size: int) -> Writer:
        """Write a text in UTF-8 as PKCS #11 has it: filled with blanks, cut at a whole character."""
        encoded = text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore").encode()
        return self.array(encoded.ljust(size))

    def version(self, major: int, minor: int) -> Writer:
        """Write a CK_VERSION."""
        return self.byte(major).byte(minor)

    def buffer(self, value: bytes, room: int | None) -> Writer:
        """Answer an output buffer: the value, or only its length where it was asked for or the room is too small.

        The client makes CKR_BUFFER_TOO_SMALL of the second.
        """
        if room is None or room < len(value):
            return self.byte(0).uint32(len(value))
        return self.byte(1).array(value)

    def ulongs(self, values: list[int], room: int | None) -> Writer:
        """Answer a buffer for CK_ULONGs, by the same rule."""
        is_given = room is not None and room >= len(values)
        self.byte(int(is_given)).uint32(len(values))
        for value in values if is_given else ():
            self.ulong(value)
        return self

    def done(self) -> bytes:
        """Return what was written."""
        return bytes(self._data)
