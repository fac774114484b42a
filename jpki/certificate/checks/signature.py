"""Whether a certificate was signed with the key of another, by algorithms that are still good."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.certificate.details import read_signature_algorithm

if TYPE_CHECKING:
    from jpki.certificate.summary import CertificateParts

_RSA_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_EC_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
_MIN_RSA_BITS: Final = 2048
_MIN_EC_BITS: Final = 256


class SignatureFault(enum.Enum):
    """Why a certificate's signature does not count."""

    ALGORITHMS_DIFFER = "algorithms_differ"  # the algorithm that is signed is not the one outside
    ALGORITHM_NOT_ACCEPTED = "algorithm_not_accepted"  # unknown, or broken like SHA-1
    KEY_NOT_ACCEPTED = "key_not_accepted"  # the issuer's key is of another kind than the signature, or too short
    BAD_SIGNATURE = "bad_signature"


def find_signature_fault(certificate: CertificateParts, issuer_key: bytes) -> SignatureFault | None:
    """Check a certificate's signature with the issuer's SubjectPublicKeyInfo; None if it is good.

    Raises:
        CertificateError: the algorithm is not encoded as one.
    """
    if certificate.signature_algorithm != certificate.outer_signature_algorithm:
        return SignatureFault.ALGORITHMS_DIFFER
    algorithm = read_signature_algorithm(certificate.signature_algorithm).oid
    rsa_hash, ec_hash = _RSA_HASHES.get(algorithm), _EC_HASHES.get(algorithm)
    if rsa_hash is None and ec_hash is None:
        return SignatureFault.ALGORITHM_NOT_ACCEPTED
    try:
        key = load_der_public_key(issuer_key)
        if rsa_hash and isinstance(key, rsa.RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
            key.verify(certificate.signature, certificate.tbs, padding.PKCS1v15(), rsa_hash)
        elif ec_hash and isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= _MIN_EC_BITS:
            key.verify(certificate.signature, certificate.tbs, ec.ECDSA(ec_hash))
        else:
            return SignatureFault.KEY_NOT_ACCEPTED
    except InvalidSignature:
        return SignatureFault.BAD_SIGNATURE
    except (ValueError, UnsupportedAlgorithm):
        return SignatureFault.KEY_NOT_ACCEPTED
    return None
