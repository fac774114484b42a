"""The few DER types that a certificate is made of, written and never read (X.690).

A general ASN.1 library costs more start-up time than the whole simulated card; these helpers are enough because
everything that is written here is known beforehand. Tests read the result with two such libraries.
"""

from __future__ import annotations

from datetime import UTC, datetime

from jpki.iso7816 import encode

_BOOLEAN = 0x01
_INTEGER = 0x02
_BIT_STRING = 0x03
_OCTET_STRING = 0x04
_NULL = 0x05
_OID = 0x06
_UTF8_STRING = 0x0C
_PRINTABLE_STRING = 0x13
_IA5_STRING = 0x16
_UTC_TIME = 0x17
_GENERALIZED_TIME = 0x18
_SEQUENCE = 0x30
_SET = 0x31
_CONTEXT = 0x80
_CONSTRUCTED = 0x20
_UTC_TIME_YEARS = range(1950, 2050)  # RFC 5280, 4.1.2.5

NULL = encode(_NULL, b"")
TRUE = encode(_BOOLEAN, b"\xff")


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of parts that are encoded already."""
    return encode(_SEQUENCE, b"".join(parts))


def set_of(part: bytes) -> bytes:
    """SET with one member, so that its order needs no thought."""
    return encode(_SET, part)


def integer(value: int) -> bytes:
    """INTEGER that is not negative."""
    return encode(_INTEGER, integer_content(value))


def integer_content(value: int) -> bytes:
    """Content of a non-negative INTEGER: shortest, with the sign bit clear."""
    return value.to_bytes(value.bit_length() // 8 + 1)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING whose last byte has this many unused bits."""
    return encode(_BIT_STRING, bytes((unused,)) + content)


def octet_string(content: bytes) -> bytes:
    """Encode bytes as an OCTET STRING."""
    return encode(_OCTET_STRING, content)


def utf8(text: str) -> bytes:
    """Encode a text as a UTF8String."""
    return encode(_UTF8_STRING, text.encode())


def printable(text: str) -> bytes:
    """Encode a text of the letters that PrintableString has."""
    return encode(_PRINTABLE_STRING, text.encode("ascii"))


def ia5(text: str) -> bytes:
    """Encode ASCII text as an IA5String."""
    return encode(_IA5_STRING, text.encode("ascii"))


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return encode(_OID, b"".join(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def time(instant: datetime) -> bytes:
    """Time of a certificate: UTCTime from 1950 to 2049, else GeneralizedTime."""
    at = instant.astimezone(UTC)
    if at.year in _UTC_TIME_YEARS:
        return encode(_UTC_TIME, at.strftime("%y%m%d%H%M%SZ").encode())
    return encode(_GENERALIZED_TIME, at.strftime("%Y%m%d%H%M%SZ").encode())


def context(number: int, content: bytes, *, constructed: bool = True) -> bytes:
    """Context-specific tag; constructed for EXPLICIT and for implicit SEQUENCE, else primitive."""
    return encode(_CONTEXT | (_CONSTRUCTED if constructed else 0) | number, content)
