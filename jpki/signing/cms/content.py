"""Finding the content inside an attached signature, so that a file of any size is hashed piece by piece."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from jpki.errors import DataError, TlvError
from jpki.iso7816.tlv import MAX_HEADER, TlvHeader, encode, read_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.crypto.digest_info import Digest

#: A signature without its content is small: two certificates and one or a few signers.
MAX_SIGNATURE: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024
_OCTET_STRING: Final = 0x04
_CONTEXT_0: Final = 0xA0
_SEQUENCE: Final = 0x30


@dataclass(frozen=True, slots=True)
class Span:
    """Where the content stands in the file."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Located:
    """A SignedData with its content taken out, and where that was; None for a detached signature."""

    signed_data: bytes
    content: Span | None


def _no_one(_: int) -> None:
    """Stand-in for a caller that shows no progress."""


def hash_stream(
    file: BinaryIO,
    digest_name: Digest,
    *,
    length: int | None = None,
    advance: Callable[[int], None] = _no_one,
) -> bytes:
    """Hash a file from where it stands, in constant memory; ``length`` bytes of it, or up to its end.

    ``advance`` is told of each piece how long it is.

    Raises:
        DataError: the file ends before ``length`` bytes.
    """
    digest = hashlib.new(digest_name.value)
    left = length
    while left is None or left > 0:
        chunk = file.read(_CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            break
        digest.update(chunk)
        advance(len(chunk))
        left = None if left is None else left - len(chunk)
    if left:
        raise DataError("the file ends within the signed content")
    return digest.digest()


def locate(file: BinaryIO, size: int) -> Located:
    """Walk to the content of a DER SignedData, and give the rest as a detached one.

    Raises:
        DataError: not a SignedData, something stands behind it, or it is larger than any signature.
    """
    walker = _Walker(file, size)
    try:
        outer = walker.enter(0, _SEQUENCE)
        oid_end = walker.skip(outer)
        signed_data = walker.enter(walker.enter(oid_end, _CONTEXT_0), _SEQUENCE)
        algorithms_end = walker.skip(walker.skip(signed_data))
        encapsulated = walker.header(algorithms_end)
        content = _content(walker, algorithms_end + encapsulated.size, algorithms_end + encapsulated.total)
    except TlvError as exc:
        raise DataError("the file is no CMS signature in DER") from exc
    if walker.skip(0) != size:
        raise DataError("something stands behind the signature")
    rest = algorithms_end + encapsulated.total
    if content is None:
        return Located(walker.read(0, size), None)
    type_start = algorithms_end + encapsulated.size
    type_oid = walker.read(type_start, walker.skip(type_start) - type_start)
    inside = walker.read(signed_data, algorithms_end - signed_data) + encode(_SEQUENCE, type_oid)
    inside += walker.read(rest, size - rest)
    info = walker.read(outer, oid_end - outer) + encode(_CONTEXT_0, encode(_SEQUENCE, inside))
    return Located(encode(_SEQUENCE, info), content)


def _content(walker: _Walker, start: int, end: int) -> Span | None:
    """The content behind its type; None when there is none."""
    position = walker.skip(start)
    if position == end:
        return None
    octets = walker.enter(position, _CONTEXT_0)
    header = walker.header(octets)
    if header.tag != _OCTET_STRING:
        raise TlvError("the content is not one octet string")
    return Span(octets + header.size, header.length)


class _Walker:
    """Reads headers of data objects in a file, without the values between them."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def header(self, offset: int) -> TlvHeader:
        self._file.seek(offset)
        header = read_header(self._file.read(MAX_HEADER))
        if offset + header.total > self._size:
            raise TlvError("a data object is longer than the file")
        return header

    def enter(self, offset: int, tag: int) -> int:
        header = self.header(offset)
        if header.tag != tag:
            raise TlvError(f"expected the data object {tag:X}, found {header.tag:X}")
        return offset + header.size

    def skip(self, offset: int) -> int:
        return offset + self.header(offset).total

    def read(self, offset: int, length: int) -> bytes:
        if length > MAX_SIGNATURE:
            raise DataError("the signature is larger than any that is made of two certificates")
        self._file.seek(offset)
        return self._file.read(length)
