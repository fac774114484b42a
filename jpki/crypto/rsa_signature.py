"""Checking an RSA signature of a hash with a public key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.errors import SignatureInvalidError

from .digest_info import Digest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding

_HASHES: Final[dict[Digest, hashes.HashAlgorithm]] = {
    Digest.SHA256: hashes.SHA256(),
    Digest.SHA384: hashes.SHA384(),
    Digest.SHA512: hashes.SHA512(),
}


#: The card's RSASSA-PSS has a salt as long as its hash, and MGF1 with the same hash (docs/card.md, 3.4).
_PSS: Final = PSS(MGF1(hashes.SHA256()), 32)


def check_pss_signature(public_key: bytes, signature: bytes, digest: bytes) -> None:
    """Check an RSASSA-PSS signature of a SHA-256 hash with a SubjectPublicKeyInfo, and the salt's length with it.

    Raises:
        SignatureInvalidError: not this key's signature of this hash, or no RSA key.
    """
    _check(public_key, signature, digest, _PSS, Digest.SHA256)


def check_signature(public_key: bytes, signature: bytes, digest_name: Digest, digest: bytes) -> None:
    """Check an RSASSA-PKCS1-v1_5 signature with a SubjectPublicKeyInfo.

    Raises:
        SignatureInvalidError: not this key's signature of this hash, or no RSA key.
    """
    _check(public_key, signature, digest, PKCS1v15(), digest_name)


def _check(public_key: bytes, signature: bytes, digest: bytes, padding: AsymmetricPadding, digest_name: Digest) -> None:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise SignatureInvalidError("the public key cannot be read") from exc
    if not isinstance(key, RSAPublicKey):
        raise SignatureInvalidError("the key is no RSA key")
    try:
        key.verify(signature, digest, padding, Prehashed(_HASHES[digest_name]))
    except (InvalidSignature, ValueError) as exc:
        raise SignatureInvalidError("the signature does not match") from exc
