"""The one BER-TLV reader and writer (ISO/IEC 7816-4, 5.2.2), strict about lengths.

Long-form lengths need not be minimal: cards of this family write ``82`` lengths for short data too (docs/card.md, 1.3).
Indefinite lengths are refused. Nothing here recurses, so nesting cannot exhaust the stack.
"""

from __future__ import annotations

from typing import NamedTuple

from jpki.errors import TlvError

_MORE_TAG_BYTES = 0x1F
_CONTINUES = 0x80
_LONG_FORM = 0x80
_MAX_TAG_BYTES = 3
_MAX_LENGTH_BYTES = 4
#: A header never takes more than this many bytes.
MAX_HEADER = _MAX_TAG_BYTES + 1 + _MAX_LENGTH_BYTES


class Tlv(NamedTuple):
    """One data object: its tag as a number (``0xDF21``), and its value."""

    tag: int
    value: bytes

    def __repr__(self) -> str:
        return f"<Tlv {self.tag:X} [{len(self.value)} bytes]>"


class TlvHeader(NamedTuple):
    """Tag and length of a data object; ``size`` is the number of bytes that both take."""

    tag: int
    length: int
    size: int

    @property
    def total(self) -> int:
        """Number of bytes of the whole data object."""
        return self.size + self.length


def read_header(data: bytes, offset: int = 0) -> TlvHeader:
    """Read tag and length at ``offset``; the value need not be there.

    Raises:
        TlvError: cut off, an indefinite length, or a tag or length field longer than any in use.
    """
    position = _end_of_tag(data, offset)
    tag = int.from_bytes(data[offset:position])
    if position >= len(data):
        raise TlvError("a data object ends within its length")
    first = data[position]
    position += 1
    if first < _LONG_FORM:
        return TlvHeader(tag, first, position - offset)
    count = first & 0x7F
    if not 1 <= count <= _MAX_LENGTH_BYTES:
        raise TlvError("a data object has an indefinite or oversized length")
    if position + count > len(data):
        raise TlvError("a data object ends within its length")
    length = int.from_bytes(data[position : position + count])
    return TlvHeader(tag, length, position + count - offset)


def _end_of_tag(data: bytes, offset: int) -> int:
    if offset >= len(data):
        raise TlvError("a data object is missing")
    position = offset + 1
    if data[offset] & _MORE_TAG_BYTES != _MORE_TAG_BYTES:
        return position
    while position < len(data) and position - offset < _MAX_TAG_BYTES:
        position += 1
        if not data[position - 1] & _CONTINUES:
            return position
    raise TlvError("a data object has a cut or oversized tag")


def read_one(data: bytes, offset: int = 0) -> tuple[Tlv, int]:
    """Read the data object at ``offset`` and say where the next one begins.

    Raises:
        TlvError: malformed, or its length goes beyond the data.
    """
    header = read_header(data, offset)
    end = offset + header.total
    if end > len(data):
        raise TlvError("a data object is longer than the data that holds it")
    return Tlv(header.tag, data[offset + header.size : end]), end


def read_all(data: bytes) -> tuple[Tlv, ...]:
    """Read data objects one after another up to the very end.

    Raises:
        TlvError: malformed, or bytes are left over.
    """
    found = []
    offset = 0
    while offset < len(data):
        tlv, offset = read_one(data, offset)
        found.append(tlv)
    return tuple(found)


def expect(data: bytes, tag: int, offset: int = 0) -> tuple[bytes, int]:
    """Read the data object at ``offset``, which must have this tag; its value, and where the next one begins.

    Raises:
        TlvError: malformed, or another tag.
    """
    tlv, end = read_one(data, offset)
    if tlv.tag != tag:
        raise TlvError(f"expected the data object {tag:X}, found {tlv.tag:X}")
    return tlv.value, end


def encode(tag: int, value: bytes) -> bytes:
    """Write one data object with a minimal length."""
    raw_tag = tag.to_bytes((tag.bit_length() + 7) // 8 or 1)
    length = len(value)
    if length < _LONG_FORM:
        return raw_tag + bytes((length,)) + value
    raw_length = length.to_bytes((length.bit_length() + 7) // 8)
    return raw_tag + bytes((_LONG_FORM | len(raw_length),)) + raw_length + value
