"""What a signature of the card turns out to be, found by verifying it; it is kept nowhere."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.crypto import Digest, check_signature
from jpki.errors import SignatureInvalidError

#: The text that is signed. It says that it says nothing, should anybody ever see a signature of it.
STATEMENT: Final = b"jpki survey: this signature was made to see how the chip signs. It declares nothing."
STATEMENT_DIGEST: Final = Digest.SHA256.of(STATEMENT)
NOT_VERIFIED: Final = "does not verify"
#: RFC 8017, 9.1.1: what is left of a 2048-bit block beside the hash and two bytes; the usual length is tried first.
_SALT_MAX: Final = 256 - 32 - 2
_USUAL_SALT: Final = 32
_MGF_HASHES: Final = {"SHA-256": hashes.SHA256(), "SHA-1": hashes.SHA1()}  # noqa: S303 - the mask of a card's choice


def describe_v15(public_key: bytes, signature: bytes) -> str:
    """Say whether a signature of the statement is RSASSA-PKCS1-v1_5 with SHA-256."""
    try:
        check_signature(public_key, signature, Digest.SHA256, STATEMENT_DIGEST)
    except SignatureInvalidError:
        return NOT_VERIFIED
    return "verifies"


def describe_pss(public_key: bytes, signature: bytes) -> str:
    """Find the salt length and the mask's hash with which a signature of the statement verifies as RSASSA-PSS."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return NOT_VERIFIED
    if not isinstance(key, RSAPublicKey):
        return NOT_VERIFIED
    for name, mask in _MGF_HASHES.items():
        for length in (_USUAL_SALT, *range(_SALT_MAX + 1)):
            try:
                key.verify(signature, STATEMENT_DIGEST, PSS(MGF1(mask), length), Prehashed(hashes.SHA256()))
            except (InvalidSignature, ValueError):
                continue
            return f"salt of {length} bytes, mask with {name}"
    return NOT_VERIFIED
