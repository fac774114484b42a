"""The light reader of certificates: period, issuer and policy, read without loading any library.

``status`` needs no more than this, and must start fast. Everything else is in
:mod:`jpki.certificate.details`. Both begin with :func:`split`, which takes a certificate apart strictly by
the distinguished encoding rules (RFC 5280, 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from jpki.asn1 import DerReader, der
from jpki.errors import CertificateError, TlvError

#: More bytes than any certificate of this card will ever have (1.6 KiB today).
MAX_CERTIFICATE: Final = 16 * 1024
KEY_USAGE: Final = "2.5.29.15"
SUBJECT_KEY_IDENTIFIER: Final = "2.5.29.14"
CERTIFICATE_POLICIES: Final = "2.5.29.32"
AUTHORITY_KEY_IDENTIFIER: Final = "2.5.29.35"

_EXPLICIT_VERSION: Final = 0xA0
_EXPLICIT_EXTENSIONS: Final = 0xA3
_KEY_IDENTIFIER: Final = 0x80
_UNIQUE_IDENTIFIERS: Final = (0x81, 0x82)
_VERSION_3: Final = 2
_ORGANISATION: Final = "2.5.4.10"
_UTC_TIME_LENGTH: Final = 13
_GENERALIZED_TIME_LENGTH: Final = 15
_CENTURY_SPLIT: Final = 50
# Inside these years every sum of this project (months before, Japan time) stays in the calendar.
_FIRST_YEAR: Final = 1950
_LAST_YEAR: Final = 9900


class Extension(NamedTuple):
    """One extension: its object identifier in dotted decimal, and the DER inside its OCTET STRING."""

    oid: str
    is_critical: bool
    value: bytes

    def __repr__(self) -> str:
        return f"<Extension {self.oid} [{len(self.value)} bytes]>"


class CertificateParts(NamedTuple):
    """A certificate taken apart; names, algorithms and the public key stay DER, with tag and length.

    ``tbs`` is what the issuer signed. Times are in UTC.
    """

    tbs: bytes
    serial: int
    signature_algorithm: bytes
    issuer: bytes
    not_before: datetime
    not_after: datetime
    subject: bytes
    public_key: bytes
    extensions: tuple[Extension, ...]
    outer_signature_algorithm: bytes
    signature: bytes

    def __repr__(self) -> str:
        return "<CertificateParts>"

    def extension(self, oid: str) -> Extension | None:
        """The extension with this identifier; there is never more than one."""
        return next((extension for extension in self.extensions if extension.oid == oid), None)


class Validity(NamedTuple):
    """When a certificate's period begins and ends, both inclusive, to the second, in UTC."""

    not_before: datetime
    not_after: datetime


class TbsPrefix(NamedTuple):
    """What a certificate's signed part begins with, in the order of RFC 5280, 4.1.2."""

    serial: int
    signature_algorithm: bytes
    issuer: bytes
    validity: Validity


@dataclass(frozen=True, slots=True)
class CertificateSummary:
    """What ``status`` needs of a certificate.

    ``not_before`` and ``not_after`` are both inclusive, to the second, in UTC. ``issuer_organisations`` are the
    organisations in the issuer's name: TEST issuers say so there. The key identifiers name the issuer's and the
    certificate's own key; who wrote the certificate chose them, so they are a claim and no proof. The serial number is
    personal data, as one card has it.
    """

    serial: int
    not_before: datetime
    not_after: datetime
    issuer_organisations: tuple[str, ...]
    is_self_issued: bool
    authority_key_identifier: bytes | None
    subject_key_identifier: bytes | None
    policies: tuple[str, ...]

    def __repr__(self) -> str:
        return "<CertificateSummary>"

    @property
    def issuer_key_identifier(self) -> bytes | None:
        """The key that is said to have signed; a CA certificate without this extension is signed with its own key."""
        if self.authority_key_identifier is None and self.is_self_issued:
            return self.subject_key_identifier
        return self.authority_key_identifier


def read_summary(certificate: bytes) -> CertificateSummary:
    """Read a certificate's period, issuer and policies.

    Raises:
        CertificateError: not one whole DER certificate of version 3.
    """
    parts = split(certificate)
    try:
        return CertificateSummary(
            serial=parts.serial,
            not_before=parts.not_before,
            not_after=parts.not_after,
            issuer_organisations=_organisations(parts.issuer),
            is_self_issued=parts.issuer == parts.subject,
            authority_key_identifier=_authority_key_identifier(parts.extension(AUTHORITY_KEY_IDENTIFIER)),
            subject_key_identifier=read_subject_key_identifier(parts),
            policies=_policies(parts.extension(CERTIFICATE_POLICIES)),
        )
    except TlvError as exc:
        raise CertificateError(f"not a certificate: {exc}") from exc


def split(certificate: bytes) -> CertificateParts:
    """Take a certificate apart.

    Raises:
        CertificateError: not one whole DER certificate of version 3.
    """
    if len(certificate) > MAX_CERTIFICATE:
        raise CertificateError("not a certificate: too long")
    try:
        outer = der.read_only(certificate, der.SEQUENCE)
        tbs = outer.take_whole(der.SEQUENCE)
        algorithm = outer.take_whole(der.SEQUENCE)
        signature = der.decode_bits(outer.take(der.BIT_STRING))
        outer.finish()
        return _split_tbs(tbs, algorithm, signature)
    except TlvError as exc:
        raise CertificateError(f"not a certificate: {exc}") from exc


def _split_tbs(tbs: bytes, outer_algorithm: bytes, signature: bytes) -> CertificateParts:
    inner = der.read_only(tbs, der.SEQUENCE)
    first = read_tbs_prefix(inner)
    return CertificateParts(
        tbs=tbs,
        serial=first.serial,
        signature_algorithm=first.signature_algorithm,
        issuer=first.issuer,
        not_before=first.validity.not_before,
        not_after=first.validity.not_after,
        subject=inner.take_whole(der.SEQUENCE),
        public_key=inner.take_whole(der.SEQUENCE),
        extensions=_extensions(inner),
        outer_signature_algorithm=outer_algorithm,
        signature=signature,
    )


def read_tbs_prefix(inner: DerReader) -> TbsPrefix:
    """Parse version, serial number, algorithm, issuer and validity; the reader is left at the subject.

    Raises:
        TlvError: not DER, not of version 3, or a time outside the calendar.
    """
    _check_version(inner)
    serial = der.decode_integer(inner.take(der.INTEGER))
    if serial <= 0:
        raise TlvError("the serial number is not positive")
    algorithm = inner.take_whole(der.SEQUENCE)
    issuer = inner.take_whole(der.SEQUENCE)
    period = inner.enter(der.SEQUENCE)
    validity = Validity(_time(period), _time(period))
    period.finish()
    return TbsPrefix(serial, algorithm, issuer, validity)


def _check_version(inner: DerReader) -> None:
    if not inner.next_is(_EXPLICIT_VERSION):
        raise TlvError("it is not of version 3")
    explicit = inner.enter(_EXPLICIT_VERSION)
    version = der.decode_integer(explicit.take(der.INTEGER))
    explicit.finish()
    if version != _VERSION_3:
        raise TlvError("it is not of version 3")


def _time(period: DerReader) -> datetime:
    tag, content, _ = period.take_any()
    expected = {der.UTC_TIME: _UTC_TIME_LENGTH, der.GENERALIZED_TIME: _GENERALIZED_TIME_LENGTH}.get(tag)
    if expected is None:
        raise TlvError("a time has an unknown type")
    if len(content) != expected or not content.endswith(b"Z") or not content[:-1].isdigit():
        raise TlvError("a time is not written as DER wants it")
    if tag == der.UTC_TIME:
        content = (b"19" if int(content[:2]) >= _CENTURY_SPLIT else b"20") + content
    year = int(content[:4])
    month, day, hour, minute, second = (int(content[at : at + 2]) for at in range(4, 14, 2))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise TlvError("a time is outside the years that this program reckons with")
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise TlvError("a time is not in the calendar") from None


def _extensions(inner: DerReader) -> tuple[Extension, ...]:
    for tag in _UNIQUE_IDENTIFIERS:
        if inner.next_is(tag):
            inner.take(tag)
    if inner.is_empty:
        return ()
    explicit = inner.enter(_EXPLICIT_EXTENSIONS)
    inner.finish()
    listed = explicit.enter(der.SEQUENCE)
    explicit.finish()
    found: dict[str, Extension] = {}
    while not listed.is_empty:
        extension = _extension(listed.enter(der.SEQUENCE))
        if extension.oid in found:
            raise TlvError("an extension is there twice")
        found[extension.oid] = extension
    return tuple(found.values())


def _extension(reader: DerReader) -> Extension:
    oid = der.decode_oid(reader.take(der.OBJECT_IDENTIFIER))
    is_critical = reader.next_is(der.BOOLEAN) and der.decode_boolean(reader.take(der.BOOLEAN))
    value = reader.take(der.OCTET_STRING)
    reader.finish()
    return Extension(oid, is_critical, value)


def _organisations(name: bytes) -> tuple[str, ...]:
    found = []
    relative_names = der.read_only(name, der.SEQUENCE)
    while not relative_names.is_empty:
        attributes = relative_names.enter(der.SET)
        while not attributes.is_empty:
            attribute = attributes.enter(der.SEQUENCE)
            oid = der.decode_oid(attribute.take(der.OBJECT_IDENTIFIER))
            tag, content, _ = attribute.take_any()
            attribute.finish()
            if oid == _ORGANISATION:
                found.append(der.decode_text(tag, content))
    return tuple(found)


def _authority_key_identifier(extension: Extension | None) -> bytes | None:
    if extension is None:
        return None
    inner = der.read_only(extension.value, der.SEQUENCE)
    return inner.take(_KEY_IDENTIFIER) if inner.next_is(_KEY_IDENTIFIER) else None


def read_subject_key_identifier(parts: CertificateParts) -> bytes | None:
    """Read which key the certificate says is its own; None if it does not say.

    Raises:
        TlvError: the extension is not an OCTET STRING.
    """
    extension = parts.extension(SUBJECT_KEY_IDENTIFIER)
    if extension is None:
        return None
    outer = DerReader(extension.value)
    identifier = outer.take(der.OCTET_STRING)
    outer.finish()
    return identifier


def _policies(extension: Extension | None) -> tuple[str, ...]:
    if extension is None:
        return ()
    found = []
    listed = der.read_only(extension.value, der.SEQUENCE)
    while not listed.is_empty:
        found.append(der.decode_oid(listed.enter(der.SEQUENCE).take(der.OBJECT_IDENTIFIER)))
    return tuple(found)
