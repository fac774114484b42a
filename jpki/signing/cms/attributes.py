"""The attributes of a signature: what its signer signed beside the content's hash (RFC 5652, 11; RFC 5035)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final, NamedTuple

from jpki.asn1 import DerReader, der
from jpki.certificate import split
from jpki.errors import CertificateError, DataError, TlvError

CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
TIME_STAMP: Final = "1.2.840.113549.1.9.16.2.14"
_ONCE: Final = frozenset({CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2})
_DIRECTORY_NAME: Final = 0xA4
_HASHES: Final = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_WEAK: Final = "sha1"
_UTC_TIME_LENGTH: Final = 13
_GENERALIZED_TIME_LENGTH: Final = 15
_CENTURY_SPLIT: Final = 50
#: Inside these years every sum of this project stays in the calendar, in Japan's time too.
CALENDAR_YEARS: Final = range(1950, 9900)


class CertificateBinding(NamedTuple):
    """How a signature names its signer's certificate: by hash, and perhaps by issuer and serial number.

    ``function`` is None for a hash function that is not known here.
    """

    function: str | None
    digest: bytes
    issuer: bytes | None
    serial: int | None

    @property
    def is_weak(self) -> bool:
        """Whether another certificate of the same hash could be made."""
        return self.function in (None, _WEAK)

    def fits(self, certificate: bytes) -> bool:
        """Whether it names this certificate; what it says in a way that is not known here is not an objection."""
        if self.function is not None and hashlib.new(self.function, certificate).digest() != self.digest:
            return False
        try:
            parts = split(certificate)
        except CertificateError:
            return False
        return self.serial in (None, parts.serial) and self.issuer in (None, parts.issuer)


class SignedAttributes(NamedTuple):
    """What the attributes say; None if one is not there. ``has_odd_time``: a time is there and cannot be read."""

    content_type: str | None
    message_digest: bytes | None
    signing_time: datetime | None
    has_odd_time: bool
    bindings: tuple[CertificateBinding, ...]


def read_attributes(content: bytes) -> SignedAttributes:
    """Read signed attributes from the content of their set.

    Raises:
        DataError: not attributes, or one that may be there once is there twice or has not one value.
    """
    try:
        values = _values(content)
        stated = values.get(SIGNING_TIME)
        time = None if stated is None else read_time(stated)
        return SignedAttributes(
            der.decode_oid(_whole(values[CONTENT_TYPE], der.OBJECT_IDENTIFIER)) if CONTENT_TYPE in values else None,
            _whole(values[MESSAGE_DIGEST], der.OCTET_STRING) if MESSAGE_DIGEST in values else None,
            time,
            stated is not None and time is None,
            tuple(_binding(values[oid], oid) for oid in (SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2) if oid in values),
        )
    except TlvError as exc:
        raise DataError("the attributes of a signature cannot be read") from exc


def attribute_types(content: bytes) -> tuple[str, ...]:
    """The types of the attributes in a set's content.

    Raises:
        DataError: not attributes.
    """
    try:
        return tuple(oid for oid, _ in _attributes(content))
    except TlvError as exc:
        raise DataError("the attributes of a signature cannot be read") from exc


def attribute_values(content: bytes, wanted: str) -> tuple[bytes, ...]:
    """The values of all attributes of one type in a set's content.

    Raises:
        DataError: not attributes.
    """
    try:
        return tuple(value for oid, values in _attributes(content) if oid == wanted for value in values)
    except TlvError as exc:
        raise DataError("the attributes of a signature cannot be read") from exc


def _attributes(content: bytes) -> list[tuple[str, list[bytes]]]:
    found = []
    attributes = DerReader(content)
    while not attributes.is_empty:
        attribute = attributes.enter(der.SEQUENCE)
        oid = der.decode_oid(attribute.take(der.OBJECT_IDENTIFIER))
        values, members = [], attribute.enter(der.SET)
        attribute.finish()
        while not members.is_empty:
            values.append(members.take_any()[2])
        found.append((oid, values))
    return found


def _values(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for oid, values in _attributes(content):
        if oid not in _ONCE:
            continue
        if oid in found or len(values) != 1:
            raise TlvError("a signed attribute is there twice or has not one value")
        found[oid] = values[0]
    return found


def _whole(encoded: bytes, tag: int) -> bytes:
    """The content of a value, which is one data object."""
    return DerReader(encoded).take(tag)


def read_time(encoded: bytes) -> datetime | None:
    """Read a Time; None if it is not one, has no zone or lies outside the calendar."""
    tag, content, _ = DerReader(encoded).take_any()
    lengths = {der.UTC_TIME: _UTC_TIME_LENGTH, der.GENERALIZED_TIME: _GENERALIZED_TIME_LENGTH}
    if lengths.get(tag) != len(content) or not content.endswith(b"Z") or not content[:-1].isdigit():
        return None
    if tag == der.UTC_TIME:
        content = (b"19" if int(content[:2]) >= _CENTURY_SPLIT else b"20") + content
    year = int(content[:4])
    month, day, hour, minute, second = (int(content[at : at + 2]) for at in range(4, 14, 2))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) if year in CALENDAR_YEARS else None
    except ValueError:
        return None


def _binding(encoded: bytes, oid: str) -> CertificateBinding:
    """Read the first certificate that the attribute names, which is the signer's."""
    attribute = der.read_only(encoded, der.SEQUENCE)
    first = attribute.enter(der.SEQUENCE).enter(der.SEQUENCE)
    function: str | None = "sha1" if oid == SIGNING_CERTIFICATE else "sha256"
    if oid == SIGNING_CERTIFICATE_V2 and first.next_is(der.SEQUENCE):
        named = first.enter(der.SEQUENCE)
        function = _HASHES.get(der.decode_oid(named.take(der.OBJECT_IDENTIFIER)))
    digest = first.take(der.OCTET_STRING)
    issuer, serial = _issuer_serial(first) if not first.is_empty else (None, None)
    first.finish()
    return CertificateBinding(function, digest, issuer, serial)


def _issuer_serial(first: DerReader) -> tuple[bytes, int]:
    named = first.enter(der.SEQUENCE)
    names = named.enter(der.SEQUENCE)
    directory = names.enter(_DIRECTORY_NAME)
    names.finish()
    issuer = directory.take_whole(der.SEQUENCE)
    directory.finish()
    serial = der.decode_integer(named.take(der.INTEGER))
    named.finish()
    return issuer, serial
