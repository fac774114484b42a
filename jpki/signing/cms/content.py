"""Finding the content inside an attached signature, so that a file of any size is hashed piece by piece."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from jpki.errors import DataError, TlvError, UnsupportedSignatureError
from jpki.iso7816 import MAX_HEADER, encode, read_header

from .ber import END_OF_CONTENTS, MAX_DEPTH, is_indefinite, objects_to_der

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from jpki.crypto import Digest

#: A signature without its content is small: a few certificates and signers.
MAX_SIGNATURE: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024
_OCTET_STRING: Final = 0x04
_OCTET_STRING_IN_PIECES: Final = 0x24
_CONTEXT_0: Final = 0xA0
#: What contents of CMS are called (RFC 5652, 12.1): 1.2.840.113549.1.7, and the signed one among them.
_OID_PKCS7: Final = bytes.fromhex("06092a864886f70d0107")
_OID_SIGNED_DATA: Final = _OID_PKCS7 + b"\x02"
#: And those that came later: authenticated, compressed, encrypted and authenticated (RFC 5652, 9; RFC 3274; RFC 5083).
_OID_CONTENT_TYPES: Final = bytes.fromhex("060b2a864886f70d01091001")
_SEQUENCE: Final = 0x30


@dataclass(frozen=True, slots=True)
class Content:
    """Where the content stands in a file, in one piece or in many; ``size`` is that of the file.

    ``start`` is the offset of the first piece's header, ``end`` that behind the last piece, None where two zero bytes
    tell it.
    """

    start: int
    end: int | None
    size: int

    def pieces(self, file: BinaryIO) -> Iterator[bytes]:
        """Read the content, in constant memory.

        Raises:
            DataError: the file ends within it, or a piece is malformed.
        """
        walker = _Walker(file, self.size)
        try:
            position = self.start
            while not walker.is_end(position, self.end):
                start, position = walker.piece(position)
                yield from _read(file, start, position - start)
        except TlvError as exc:
            raise DataError("the content of the signature cannot be read") from exc


@dataclass(frozen=True, slots=True)
class Located:
    """A SignedData with its content taken out, and where that was; None for a detached signature."""

    signed_data: bytes
    content: Content | None


def _no_one(_: int) -> None:
    """Stand-in for a caller that shows no progress."""


def _read(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length > 0:
        chunk = file.read(min(_CHUNK, length))
        if not chunk:
            raise DataError("the file ends within the signed content")
        length -= len(chunk)
        yield chunk


def file_pieces(file: BinaryIO) -> Iterator[bytes]:
    """Read a file from its present position to its end."""
    while chunk := file.read(_CHUNK):
        yield chunk


def hash_pieces(
    pieces: Iterator[bytes], digest_names: Collection[Digest], *, advance: Callable[[int], None] = _no_one
) -> dict[Digest, bytes]:
    """Hash pieces with each function, in one pass; ``advance`` gets the length of each piece."""
    digests = {name: hashlib.new(name.value) for name in digest_names}
    for piece in pieces:
        for digest in digests.values():
            digest.update(piece)
        advance(len(piece))
    return {name: digest.digest() for name, digest in digests.items()}


def hash_stream(file: BinaryIO, digest_name: Digest, *, advance: Callable[[int], None] = _no_one) -> bytes:
    """Hash a file from its present position to its end, in constant memory."""
    return hash_pieces(file_pieces(file), (digest_name,), advance=advance)[digest_name]


def locate(file: BinaryIO, size: int) -> Located:
    """Walk to the content of a SignedData in BER or DER, and give the rest in DER, as a detached one.

    Raises:
        DataError: not CMS, something follows it, or it is larger than any signature.
    """
    walker = _Walker(file, size)
    try:
        return _locate(walker)
    except TlvError as exc:
        raise DataError("the file is no CMS signature") from exc


def _locate(walker: _Walker) -> Located:
    outer = walker.enter(0, _SEQUENCE)
    oid_end = walker.skip(outer.start)
    info_type = walker.read(outer.start, oid_end)
    if info_type.startswith((_OID_PKCS7, _OID_CONTENT_TYPES)) and info_type != _OID_SIGNED_DATA:
        raise UnsupportedSignatureError("the file is CMS, but not a signature")
    explicit = walker.enter(oid_end, _CONTEXT_0)
    data = walker.enter(explicit.start, _SEQUENCE)
    encapsulated_start = walker.skip(walker.skip(data.start))
    encapsulated = walker.enter(encapsulated_start, _SEQUENCE)
    type_end = walker.skip(encapsulated.start)
    content, behind = _content(walker, type_end, encapsulated.end)
    encapsulated_end = walker.close(behind, encapsulated.end)
    data_end = encapsulated_end
    while not walker.is_end(data_end, data.end):
        data_end = walker.skip(data_end)
    end = data_end
    for item in (data, explicit, outer):
        end = walker.close(end, item.end)
    if end != walker.size:
        raise DataError("something stands behind the signature")
    inside = walker.converted(data.start, encapsulated_start)
    inside += encode(_SEQUENCE, walker.converted(encapsulated.start, type_end))
    inside += walker.converted(encapsulated_end, data_end)
    whole = encode(_SEQUENCE, info_type + encode(_CONTEXT_0, encode(_SEQUENCE, inside)))
    return Located(whole, content)


def _content(walker: _Walker, start: int, end: int | None) -> tuple[Content | None, int]:
    """The content behind its type, None when there is none, and where it ends."""
    if walker.is_end(start, end):
        return None, start
    explicit = walker.enter(start, _CONTEXT_0)
    item = walker.item(explicit.start)
    if item.tag == _OCTET_STRING and item.end is not None:
        return Content(explicit.start, item.end, walker.size), walker.close(item.end, explicit.end)
    if item.tag != _OCTET_STRING_IN_PIECES:
        raise TlvError("the content is no octet string")
    return Content(item.start, item.end, walker.size), walker.close(walker.skip(explicit.start), explicit.end)


@dataclass(frozen=True, slots=True)
class _Item:
    """A data object in a file: where its value starts, and where it ends, None where two zero bytes show it."""

    tag: int
    start: int
    end: int | None


class _Walker:
    """Reads headers of data objects in a file, without the values between them."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size

    def _head(self, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(MAX_HEADER)

    def item(self, offset: int) -> _Item:
        head = self._head(offset)
        if head and is_indefinite(head, 0):
            return _Item(head[0], offset + len(END_OF_CONTENTS), None)
        header = read_header(head)
        if offset + header.total > self.size:
            raise TlvError("a data object is longer than the file")
        return _Item(header.tag, offset + header.size, offset + header.total)

    def enter(self, offset: int, tag: int) -> _Item:
        item = self.item(offset)
        if item.tag != tag:
            raise TlvError(f"expected the data object {tag:X}, found {item.tag:X}")
        return item

    def piece(self, offset: int) -> tuple[int, int]:
        """Where the piece of an octet string starts and ends that begins here."""
        item = self.enter(offset, _OCTET_STRING)
        if item.end is None:
            raise TlvError("the content is in pieces within pieces")
        return item.start, item.end

    def is_end(self, offset: int, end: int | None) -> bool:
        """Whether the value that ends there is over."""
        if end is None:
            return self._head(offset)[:2] == END_OF_CONTENTS
        if offset > end:
            raise TlvError("a data object is longer than the one that holds it")
        return offset == end

    def close(self, offset: int, end: int | None) -> int:
        """Where the data object ends whose value is over here.

        Raises:
            TlvError: something more is in it.
        """
        if not self.is_end(offset, end):
            raise TlvError("a data object holds more than it should")
        return offset + len(END_OF_CONTENTS) if end is None else offset

    def skip(self, offset: int) -> int:
        """Where the data object ends that begins here, however many are inside; nothing recurses."""
        open_objects = 0
        while True:
            if open_objects and self._head(offset)[:2] == END_OF_CONTENTS:
                offset += len(END_OF_CONTENTS)
                open_objects -= 1
            else:
                item = self.item(offset)
                open_objects += item.end is None
                offset = item.start if item.end is None else item.end
            if open_objects > MAX_DEPTH:
                raise TlvError("data objects are nested too deeply")
            if not open_objects:
                return offset

    def read(self, start: int, end: int) -> bytes:
        if end - start > MAX_SIGNATURE:
            raise DataError("the signature is larger than any that is made of a few certificates")
        self._file.seek(start)
        return self._file.read(end - start)

    def converted(self, start: int, end: int) -> bytes:
        """The data objects between two offsets, in DER."""
        return objects_to_der(self.read(start, end))
