"""Distinguished encoding rules on top of :mod:`jpki.iso7816.tlv`: what a certificate may look like, byte for byte.

Every function raises :class:`jpki.errors.TlvError` and nothing else; the modules that read certificates turn that into
a :class:`jpki.errors.CertificateError`.
"""

from __future__ import annotations

from typing import Final

from jpki.errors import TlvError
from jpki.iso7816 import read_header
from jpki.outside_text import OutsideText

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_CONSTRUCTED: Final = 0x20
_CONTEXT: Final = 0x40
_ONE_BYTE_TAGS: Final = 0xFF
_SHORT_LENGTHS: Final = 0x80
_TRUE: Final = b"\xff"
_MORE_ARCS: Final = 0x80
_ARCS_PER_ROOT: Final = 40
_LAST_ROOT: Final = 2
_MAX_OID_BYTES: Final = 64
_MAX_INTEGER_BYTES: Final = 20
_STRINGS: Final = {0x0C: "utf-8", 0x12: "ascii", 0x13: "ascii", 0x16: "ascii", 0x1A: "ascii", 0x1E: "utf-16-be"}
_CONTROLS: Final = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))


class DerReader:
    """Takes data objects one after another from the content of a data object; nothing may be left at the end."""

    __slots__ = ("_data", "_offset")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    @property
    def is_empty(self) -> bool:
        """Whether everything has been taken."""
        return self._offset >= len(self._data)

    def next_is(self, tag: int) -> bool:
        """Whether a data object with this tag comes next."""
        return not self.is_empty and self._data[self._offset] == tag

    def take_any(self) -> tuple[int, bytes, bytes]:
        """Take the next data object: its tag, its value, and all of its bytes.

        Raises:
            TlvError: nothing is left, or it is not DER.
        """
        header = read_header(self._data, self._offset)
        if header.tag > _ONE_BYTE_TAGS:
            raise TlvError("a data object has a tag that no certificate uses")
        if header.size != 1 + _length_bytes(header.length):
            raise TlvError("a length is longer than it need be")
        end = self._offset + header.total
        if end > len(self._data):
            raise TlvError("a data object is longer than the data that holds it")
        whole = self._data[self._offset : end]
        self._offset = end
        return header.tag, whole[header.size :], whole

    def take_whole(self, tag: int) -> bytes:
        """Take the next data object, which must have this tag, with its tag and length.

        Raises:
            TlvError: another tag, nothing is left, or it is not DER.
        """
        return self._take(tag)[1]

    def take(self, tag: int) -> bytes:
        """Take the value of the next data object, which must have this tag.

        Raises:
            TlvError: another tag, nothing is left, or it is not DER.
        """
        return self._take(tag)[0]

    def _take(self, tag: int) -> tuple[bytes, bytes]:
        found, value, whole = self.take_any()
        if found != tag:
            raise TlvError(f"expected the data object {tag:02X}, found {found:02X}")
        return value, whole

    def enter(self, tag: int) -> DerReader:
        """Take the next data object, which must have this tag, and read inside it.

        Raises:
            TlvError: another tag, nothing is left, or it is not DER.
        """
        return DerReader(self.take(tag))

    def finish(self) -> None:
        """Make sure that everything has been taken.

        Raises:
            TlvError: bytes are left over.
        """
        if not self.is_empty:
            raise TlvError("bytes are left over behind a data object")


def _length_bytes(length: int) -> int:
    return 1 if length < _SHORT_LENGTHS else 1 + (length.bit_length() + 7) // 8


def read_only(data: bytes, tag: int) -> DerReader:
    """Read inside the one data object that ``data`` is, which must have this tag.

    Raises:
        TlvError: another tag, bytes left over, or not DER.
    """
    outer = DerReader(data)
    inner = outer.enter(tag)
    outer.finish()
    return inner


def decode_integer(content: bytes) -> int:
    """Decode an INTEGER of at most 20 bytes.

    Raises:
        TlvError: empty, too long, or with needless leading bytes.
    """
    if not content or len(content) > _MAX_INTEGER_BYTES:
        raise TlvError("a number is empty or too long")
    value = int.from_bytes(content, signed=True)
    if len(content) > 1 and -0x80 <= int.from_bytes(content[:2], signed=True) < _SHORT_LENGTHS:
        raise TlvError("a number is longer than it need be")
    return value


def decode_boolean(content: bytes) -> bool:
    """Decode a BOOLEAN whose default is false: only true may be written out.

    Raises:
        TlvError: anything but true.
    """
    if content != _TRUE:
        raise TlvError("a truth value is not written as DER wants it")
    return True


def decode_bits(content: bytes) -> bytes:
    """Decode a BIT STRING that holds whole bytes.

    Raises:
        TlvError: empty, or with unused bits.
    """
    if not content or content[0] != 0:
        raise TlvError("a bit string does not hold whole bytes")
    return content[1:]


def decode_oid(content: bytes) -> str:
    """Decode an OBJECT IDENTIFIER to dotted decimal.

    Raises:
        TlvError: empty, too long, cut off, or an arc with needless leading bytes.
    """
    if not content or len(content) > _MAX_OID_BYTES or content[-1] & _MORE_ARCS:
        raise TlvError("an object identifier is empty, too long or cut off")
    arcs = []
    arc = 0
    is_start = True
    for byte in content:
        if is_start and byte == _MORE_ARCS:
            raise TlvError("an object identifier is longer than it need be")
        arc = arc << 7 | byte & 0x7F
        is_start = not byte & _MORE_ARCS
        if is_start:
            arcs.append(arc)
            arc = 0
    root = min(arcs[0] // _ARCS_PER_ROOT, _LAST_ROOT)
    return ".".join(map(str, (root, arcs[0] - root * _ARCS_PER_ROOT, *arcs[1:])))


def is_text(tag: int) -> bool:
    """Whether :func:`decode_text` knows this type."""
    return tag in _STRINGS


def decode_text(tag: int, content: bytes) -> OutsideText:
    """Decode a string of any type that names use.

    Raises:
        TlvError: another type, bytes that are no text of this type, or control characters (which could move the cursor
            of a terminal that shows it).
    """
    encoding = _STRINGS.get(tag)
    if encoding is None:
        raise TlvError("a text has an unknown type")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise TlvError("a text is not in the encoding of its type") from None
    if not _CONTROLS.isdisjoint(text):
        raise TlvError("a text holds control characters")
    return OutsideText(text)


def check_nesting(data: bytes, limit: int) -> None:
    """Make sure that ``data`` is DER throughout, and not nested deeper than ``limit``, without recursion.

    Object identifiers are looked at too, as asn1crypto takes any bytes for one.

    Raises:
        TlvError: not DER, or nested too deep.
    """
    pending = [(DerReader(data), 1)]
    while pending:
        reader, depth = pending.pop()
        if depth > limit:
            raise TlvError("data objects are nested too deep")
        while not reader.is_empty:
            tag, value, _ = reader.take_any()
            if tag & _CONSTRUCTED:
                if tag < _CONTEXT and tag not in (SEQUENCE, SET):
                    raise TlvError("a text or number is written in pieces")
                pending.append((DerReader(value), depth + 1))
            elif tag == OBJECT_IDENTIFIER:
                decode_oid(value)
