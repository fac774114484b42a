"""Data types of the SSH protocols (RFC 4251, section 5): a strict reader of bytes, and a writer."""

from __future__ import annotations

from typing import Final

from jpki.errors import DataError
from jpki.outside_text import OutsideText

_COUNT: Final = 4


def string(value: bytes) -> bytes:
    """Write a string: its length in four bytes, then its bytes."""
    return len(value).to_bytes(_COUNT) + value


class WireReader:
    """Reads values one after another; what is cut off, left over or of another form is a :class:`DataError`."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Read a number of bytes."""
        end = self._at + count
        if end > len(self._data):
            raise DataError("SSH: the data are cut off")
        found = self._data[self._at : end]
        self._at = end
        return found

    def byte(self) -> int:
        """Take one byte off the front."""
        return self.take(1)[0]

    def boolean(self) -> bool:
        """Read a boolean; any value but 0 is true."""
        return self.byte() != 0

    def uint32(self) -> int:
        """Read a number of four bytes."""
        return int.from_bytes(self.take(_COUNT))

    def string(self) -> bytes:
        """Take a string off the front: four bytes with its length, then its bytes."""
        return self.take(self.uint32())

    def text(self, encoding: str = "utf-8") -> OutsideText:
        """Read a string that is printable text, so that it may be shown."""
        try:
            text = self.string().decode(encoding)
        except UnicodeDecodeError as exc:
            raise DataError("SSH: a text is not one") from exc
        if not text.isprintable():
            raise DataError("SSH: a text has control characters")
        return OutsideText(text)

    def end(self) -> None:
        """Require that nothing is left."""
        if self._at != len(self._data):
            raise DataError("SSH: data are left over")
