"""The extensions of a certificate that this program understands (RFC 5280, 4.2; docs/certificates.md, 1.2 and 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from asn1crypto import core, x509

from jpki.asn1 import parse
from jpki.errors import CertificateError, TlvError

from . import names
from .summary import (
    AUTHORITY_KEY_IDENTIFIER,
    CERTIFICATE_POLICIES,
    KEY_USAGE,
    SUBJECT_KEY_IDENTIFIER,
    read_subject_key_identifier,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .names import DistinguishedName, GeneralName
    from .summary import CertificateParts, Extension

BASIC_CONSTRAINTS: Final = "2.5.29.19"
#: Names of the extended key usages, by object identifier.
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
SUBJECT_ALTERNATIVE_NAME: Final = "2.5.29.17"
ISSUER_ALTERNATIVE_NAME: Final = "2.5.29.18"
CRL_DISTRIBUTION_POINTS: Final = "2.5.29.31"
AUTHORITY_INFORMATION_ACCESS: Final = "1.3.6.1.5.5.7.1.1"
CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"
ANY_EXTENDED_KEY_USAGE: Final = "2.5.29.37.0"
CPS_QUALIFIER: Final = "certification_practice_statement"

#: The key usage of whatever signs data, as RFC 5280 calls it.
DIGITAL_SIGNATURE: Final = "digitalSignature"
#: The key usage of the signature certificate, as RFC 5280 calls it.
NON_REPUDIATION: Final = "nonRepudiation"
#: The key usage of a CA, as RFC 5280 calls it.
KEY_CERT_SIGN: Final = "keyCertSign"
CRL_SIGN: Final = "cRLSign"
_KEY_USAGE_BITS: Final = (
    DIGITAL_SIGNATURE,
    NON_REPUDIATION,
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    KEY_CERT_SIGN,
    CRL_SIGN,
    "encipherOnly",
    "decipherOnly",
)
_MAX_PATH_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class Policy:
    """A certificate policy and the addresses of its practice statement."""

    oid: str
    practice_statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorityKey:
    """The issuer's key by its identifier, and by name and serial number of the issuer's certificate."""

    key_identifier: bytes | None
    issuer: tuple[GeneralName, ...]
    serial: int | None


@dataclass(frozen=True, slots=True)
class AccessDescription:
    """Where something about the issuer can be asked for: the method's object identifier, and the place."""

    method: str
    location: GeneralName


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """Whether the key may sign certificates, and how many CAs may follow below (None: any number)."""

    is_ca: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class Extensions:
    """The known extensions; None, or an empty tuple where an extension without entries says nothing, if absent.

    ``unknown`` are the others, ``unknown_critical`` the object identifiers of those among them that must be understood
    before the certificate may be used.
    """

    key_usage: tuple[str, ...] | None
    extended_key_usage: tuple[str, ...] | None
    policies: tuple[Policy, ...]
    basic_constraints: BasicConstraints | None
    authority_key: AuthorityKey | None
    subject_key_identifier: bytes | None
    subject_alternative_name: tuple[GeneralName, ...]
    issuer_alternative_name: tuple[GeneralName, ...]
    distribution_points: tuple[GeneralName, ...]
    authority_information: tuple[AccessDescription, ...]
    unknown: tuple[Extension, ...]

    def __repr__(self) -> str:
        return "<Extensions>"

    @property
    def unknown_critical(self) -> tuple[str, ...]:
        """Object identifiers of critical extensions that this program does not understand."""
        return tuple(extension.oid for extension in self.unknown if extension.is_critical)


def read_extensions(parts: CertificateParts) -> Extensions:
    """Read every known extension.

    Raises:
        CertificateError: an extension does not have the form that its identifier promises.
    """
    return Extensions(
        key_usage=_read(parts, KEY_USAGE, _key_usage),
        extended_key_usage=_read(parts, EXTENDED_KEY_USAGE, _extended_key_usage),
        policies=_read(parts, CERTIFICATE_POLICIES, _policies) or (),
        basic_constraints=_read(parts, BASIC_CONSTRAINTS, _basic_constraints),
        authority_key=_read(parts, AUTHORITY_KEY_IDENTIFIER, _authority_key),
        subject_key_identifier=_subject_key_identifier(parts),
        subject_alternative_name=_read(parts, SUBJECT_ALTERNATIVE_NAME, _subject_alternative_name) or (),
        issuer_alternative_name=_read(parts, ISSUER_ALTERNATIVE_NAME, _issuer_alternative_name) or (),
        distribution_points=_read(parts, CRL_DISTRIBUTION_POINTS, _distribution_points) or (),
        authority_information=_read(parts, AUTHORITY_INFORMATION_ACCESS, _authority_information) or (),
        unknown=tuple(extension for extension in parts.extensions if extension.oid not in _KNOWN),
    )


_KNOWN: Final = frozenset(
    {
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        CERTIFICATE_POLICIES,
        BASIC_CONSTRAINTS,
        AUTHORITY_KEY_IDENTIFIER,
        SUBJECT_KEY_IDENTIFIER,
        SUBJECT_ALTERNATIVE_NAME,
        ISSUER_ALTERNATIVE_NAME,
        CRL_DISTRIBUTION_POINTS,
        AUTHORITY_INFORMATION_ACCESS,
    }
)


_T = TypeVar("_T")


def _read(parts: CertificateParts, oid: str, reader: Callable[[bytes], _T]) -> _T | None:
    extension = parts.extension(oid)
    return None if extension is None else reader(extension.value)


def _key_usage(value: bytes) -> tuple[str, ...]:
    bits: tuple[int, ...] = parse(core.BitString, value, "keyUsage", lambda string: string.native)
    if len(bits) > len(_KEY_USAGE_BITS):
        raise CertificateError("keyUsage: more bits than are defined")
    return tuple(name for name, bit in zip(_KEY_USAGE_BITS, bits, strict=False) if bit)


def _extended_key_usage(value: bytes) -> tuple[str, ...]:
    return parse(x509.ExtKeyUsageSyntax, value, "extKeyUsage", lambda purposes: tuple(one.dotted for one in purposes))


def _policies(value: bytes) -> tuple[Policy, ...]:
    return parse(x509.CertificatePolicies, value, "certificatePolicies", lambda policies: tuple(map(_policy, policies)))


def _policy(policy: Any) -> Policy:
    qualifiers = policy["policy_qualifiers"]
    statements = (
        qualifier["qualifier"].native
        for qualifier in qualifiers or ()
        if qualifier["policy_qualifier_id"].native == CPS_QUALIFIER
    )
    return Policy(policy["policy_identifier"].dotted, tuple(statements))


def _basic_constraints(value: bytes) -> BasicConstraints:
    found = parse(
        x509.BasicConstraints,
        value,
        "basicConstraints",
        lambda constraints: BasicConstraints(constraints["ca"].native, constraints["path_len_constraint"].native),
    )
    if found.path_length is not None and not 0 <= found.path_length <= _MAX_PATH_LENGTH:
        raise CertificateError("basicConstraints: a path length out of range")
    return found


def _authority_key(value: bytes) -> AuthorityKey:
    return parse(x509.AuthorityKeyIdentifier, value, "authorityKeyIdentifier", _take_authority_key)


def _take_authority_key(key: Any) -> AuthorityKey:
    issuer = key["authority_cert_issuer"]
    return AuthorityKey(
        key["key_identifier"].native,
        names.from_general_names(issuer, "authorityKeyIdentifier") if issuer.native is not None else (),
        key["authority_cert_serial_number"].native,
    )


def _subject_key_identifier(parts: CertificateParts) -> bytes | None:
    try:
        return read_subject_key_identifier(parts)
    except TlvError as exc:
        raise CertificateError(f"subjectKeyIdentifier: {exc}") from exc


def _subject_alternative_name(value: bytes) -> tuple[GeneralName, ...]:
    return _general_names(value, "subjectAltName")


def _issuer_alternative_name(value: bytes) -> tuple[GeneralName, ...]:
    return _general_names(value, "issuerAltName")


def _general_names(value: bytes, what: str) -> tuple[GeneralName, ...]:
    return parse(x509.GeneralNames, value, what, lambda found: names.from_general_names(found, what))


def _distribution_points(value: bytes) -> tuple[GeneralName, ...]:
    return parse(x509.CRLDistributionPoints, value, "cRLDistributionPoints", _take_distribution_points)


def _take_distribution_points(points: Any) -> tuple[GeneralName, ...]:
    found: list[GeneralName] = []
    for point in points:
        place = point["distribution_point"]
        if place.native is not None and place.name == "full_name":
            found.extend(names.from_general_names(place.chosen, "cRLDistributionPoints"))
    return tuple(found)


def _authority_information(value: bytes) -> tuple[AccessDescription, ...]:
    what = "authorityInfoAccess"
    return parse(
        x509.AuthorityInfoAccessSyntax,
        value,
        what,
        lambda accesses: tuple(
            AccessDescription(access["access_method"].dotted, names.from_general_name(access["access_location"], what))
            for access in accesses
        ),
    )


def issuer_names(key: AuthorityKey) -> tuple[DistinguishedName, ...]:
    """The directory names by which a certificate names its issuer's certificate."""
    return tuple(name.directory for name in key.issuer if name.directory is not None)
