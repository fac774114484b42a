"""Everything that a certificate of this card says, each part read completely (docs/certificates.md, 1.2 and 2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import algos, keys

from jpki.asn1 import MAX_NESTING, check_nesting, der, parse
from jpki.crypto import PublicKey, SignatureAlgorithm
from jpki.errors import CertificateError, TlvError

from .extensions import Extensions, read_extensions
from .names import DistinguishedName, read_name
from .personal_attributes import PersonalAttributes, read_personal_attributes
from .summary import split

if TYPE_CHECKING:
    from datetime import datetime

_RSA: Final = "1.2.840.113549.1.1.1"
_EC: Final = "1.2.840.10045.2.1"
_CURVE_BITS: Final = {"secp256r1": 256, "secp384r1": 384, "secp521r1": 521}


@dataclass(frozen=True, slots=True)
class CertificateDetails:
    """A certificate, read completely.

    Times are in UTC and inclusive. ``signature_algorithm`` is the one inside what is signed. ``sha256`` is the
    fingerprint of the whole certificate, ``public_key_sha256`` that of its SubjectPublicKeyInfo. Subject, serial
    number, period, distribution point and fingerprints are personal data: each can tell one holder from another.
    """

    serial: int
    signature_algorithm: SignatureAlgorithm
    issuer: DistinguishedName
    not_before: datetime
    not_after: datetime
    subject: DistinguishedName
    public_key: PublicKey
    extensions: Extensions
    personal: PersonalAttributes
    sha256: bytes
    public_key_sha256: bytes

    def __repr__(self) -> str:
        return "<CertificateDetails>"


def read_details(certificate: bytes) -> CertificateDetails:
    """Read a certificate completely.

    Raises:
        CertificateError: not one whole DER certificate of version 3, or a part of it is not of its form.
    """
    parts = split(certificate)
    try:
        check_nesting(certificate, MAX_NESTING)
    except TlvError as exc:
        raise CertificateError(f"not a certificate: {exc}") from exc
    extensions = read_extensions(parts)
    return CertificateDetails(
        serial=parts.serial,
        signature_algorithm=read_signature_algorithm(parts.signature_algorithm),
        issuer=read_name(parts.issuer, "issuer"),
        not_before=parts.not_before,
        not_after=parts.not_after,
        subject=read_name(parts.subject, "subject"),
        public_key=read_public_key(parts.public_key),
        extensions=extensions,
        personal=read_personal_attributes(extensions.subject_alternative_name),
        sha256=hashlib.sha256(certificate).digest(),
        public_key_sha256=hashlib.sha256(parts.public_key).digest(),
    )


def read_signature_algorithm(encoded: bytes) -> SignatureAlgorithm:
    """Read an AlgorithmIdentifier of a signature.

    Raises:
        CertificateError: not an AlgorithmIdentifier.
    """
    return parse(
        algos.SignedDigestAlgorithm,
        encoded,
        "signature algorithm",
        lambda algorithm: SignatureAlgorithm(algorithm["algorithm"].dotted),
    )


def read_public_key(encoded: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo.

    Raises:
        CertificateError: not a public key, or one of a known algorithm that is malformed.
    """
    what = "public key"
    oid = _key_algorithm(encoded, what)
    if oid == _RSA:
        bits = parse(keys.PublicKeyInfo, encoded, what, _take_modulus).bit_length()
        return PublicKey("rsa", bits, None, encoded)
    if oid == _EC:
        curve = parse(keys.PublicKeyInfo, encoded, what, _take_curve)
        return PublicKey("ec", _CURVE_BITS.get(curve or ""), curve, encoded)
    return PublicKey(oid, None, None, encoded)


def _take_modulus(key: Any) -> int:
    return int(key["public_key"].parsed["modulus"].native)


def _take_curve(key: Any) -> str | None:
    parameters = key["algorithm"]["parameters"]
    return str(parameters.chosen.native) if parameters.name == "named" else None


def _key_algorithm(encoded: bytes, what: str) -> str:
    try:
        outer = der.read_only(encoded, der.SEQUENCE)
        oid = der.decode_oid(outer.enter(der.SEQUENCE).take(der.OBJECT_IDENTIFIER))
        der.decode_bits(outer.take(der.BIT_STRING))
        outer.finish()
    except TlvError as exc:
        raise CertificateError(f"{what}: {exc}") from exc
    return oid
