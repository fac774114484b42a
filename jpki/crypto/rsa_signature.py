"""Checking an RSASSA-PKCS1-v1_5 signature of a hash with a public key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.crypto.digest_info import Digest
from jpki.errors import SignatureInvalidError

if TYPE_CHECKING:
    from typing import Final

_HASHES: Final[dict[Digest, hashes.HashAlgorithm]] = {
    Digest.SHA256: hashes.SHA256(),
    Digest.SHA384: hashes.SHA384(),
    Digest.SHA512: hashes.SHA512(),
}


def check_signature(public_key: bytes, signature: bytes, digest_name: Digest, digest: bytes) -> None:
    """Check a signature with a SubjectPublicKeyInfo.

    Raises:
        SignatureInvalidError: not this key's signature of this hash, or no RSA key.
    """
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise SignatureInvalidError("the public key cannot be read") from exc
    if not isinstance(key, RSAPublicKey):
        raise SignatureInvalidError("the key is no RSA key")
    try:
        key.verify(signature, digest, PKCS1v15(), Prehashed(_HASHES[digest_name]))
    except (InvalidSignature, ValueError) as exc:
        raise SignatureInvalidError("the signature does not match") from exc
