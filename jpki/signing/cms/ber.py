"""Basic encoding rules: what other programs write is brought into the form that this program reads (X.690).

CMS may be written in BER (RFC 5652, 1.1.3): with lengths that are not given beforehand, as whoever writes while it
reads does, and with strings in pieces. What is signed in it is DER anyway.
"""

from __future__ import annotations

from typing import Final

from jpki.errors import TlvError
from jpki.iso7816 import encode, read_header

#: Deeper than a signature with a time stamp in it, whose own signature has one.
MAX_DEPTH: Final = 48
_CONSTRUCTED: Final = 0x20
_OCTET_STRING: Final = 0x04
_OCTET_STRING_IN_PIECES: Final = 0x24
_ONE_BYTE_TAGS: Final = 0xFF
_INDEFINITE: Final = 0x80
#: The two zero bytes that end a value whose length was not given.
END_OF_CONTENTS: Final = b"\0\0"


def is_indefinite(data: bytes, offset: int) -> bool:
    """Whether the data object at ``offset``, with a tag of one byte, says nothing of its length."""
    return data[offset + 1 : offset + 2] == bytes((_INDEFINITE,)) and bool(data[offset] & _CONSTRUCTED)


def to_der(data: bytes) -> bytes:
    """Write the one data object that ``data`` is with definite, minimal lengths, and its octet strings in one piece.

    The order of a set is left as it is.

    Raises:
        TlvError: malformed, nested too deeply, or bytes are left over.
    """
    encoded, end = _convert(data, 0, len(data), 0)
    if end != len(data):
        raise TlvError("bytes are left over behind a data object")
    return encoded


def first_object(data: bytes) -> tuple[bytes, int]:
    """Write the data object that ``data`` begins with as :func:`to_der` does, and say where it ends in ``data``.

    Raises:
        TlvError: malformed, or nested too deeply.
    """
    return _convert(data, 0, len(data), 0)


def objects_to_der(data: bytes) -> bytes:
    """Write data objects, one after another, as :func:`to_der` does.

    Raises:
        TlvError: malformed, or nested too deeply.
    """
    members, _ = _members(data, 0, len(data), len(data), 0)
    return b"".join(members)


def _convert(data: bytes, offset: int, limit: int, depth: int) -> tuple[bytes, int]:
    if depth > MAX_DEPTH:
        raise TlvError("data objects are nested too deeply")
    if offset < limit and is_indefinite(data, offset):
        tag, start, end = data[offset], offset + 2, None
    else:
        header = read_header(data, offset)
        tag, start, end = header.tag, offset + header.size, offset + header.total
        if end > limit:
            raise TlvError("a data object is longer than the data that holds it")
    if tag > _ONE_BYTE_TAGS:
        raise TlvError("a data object has a tag that no signature uses")
    if not tag & _CONSTRUCTED and end is not None:
        return encode(tag, data[start:end]), end
    members, end = _members(data, start, end, limit if end is None else end, depth + 1)
    if tag == _OCTET_STRING_IN_PIECES:
        return encode(_OCTET_STRING, b"".join(_octets(member) for member in members)), end
    return encode(tag, b"".join(members)), end


def _members(data: bytes, offset: int, end: int | None, limit: int, depth: int) -> tuple[list[bytes], int]:
    """Convert what is inside a data object up to its end, which two zero bytes tell where ``end`` does not."""
    found: list[bytes] = []
    while offset != end:
        if end is None and data[offset : offset + 2] == END_OF_CONTENTS:
            return found, offset + 2
        encoded, offset = _convert(data, offset, limit, depth)
        found.append(encoded)
    return found, offset


def _octets(piece: bytes) -> bytes:
    """The bytes of one piece of an octet string."""
    header = read_header(piece)
    if header.tag != _OCTET_STRING:
        raise TlvError("an octet string has a piece that is none")
    return piece[header.size :]
