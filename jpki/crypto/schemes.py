"""Signature schemes of files: how a hash was signed, and checking that it was (RFC 3370, RFC 4056, RFC 5753)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.errors import KeyNotSupportedError, SignatureInvalidError

from .digest_info import Digest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_HASHES: Final[dict[Digest, hashes.HashAlgorithm]] = {
    Digest.SHA256: hashes.SHA256(),
    Digest.SHA384: hashes.SHA384(),
    Digest.SHA512: hashes.SHA512(),
}
#: Shorter RSA keys are not signed with any longer (CRYPTREC, NIST SP 800-131A).
_MIN_RSA_BITS: Final = 2048
#: The curves of the next card's plan, and of other programs.
_CURVES: Final = (SECP256R1.name, SECP384R1.name)


class Padding(enum.Enum):
    """What a signature is, by its mathematics."""

    PKCS1_V15 = "rsassa-pkcs1-v1_5"
    PSS = "rsassa-pss"
    ECDSA = "ecdsa"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a hash was signed; of PSS ``mask`` is the hash function of MGF1, and ``salt`` the length of the salt."""

    padding: Padding
    digest: Digest
    mask: Digest | None = None
    salt: int = 0

    def check(self, public_key: bytes, signature: bytes, digest: bytes) -> None:
        """Check a signature of a hash with a SubjectPublicKeyInfo.

        Raises:
            SignatureInvalidError: not this key's signature of this hash.
            KeyNotSupportedError: the key is of another kind than the signature, too short, or on another curve.
        """
        key = _load(public_key)
        prehashed: Any = Prehashed(_HASHES[self.digest])
        try:
            if isinstance(key, RSAPublicKey):
                key.verify(signature, digest, self._rsa_padding(key), prehashed)
            elif isinstance(key, EllipticCurvePublicKey):
                self._require_curve(key)
                key.verify(signature, digest, ECDSA(prehashed))
            else:
                raise KeyNotSupportedError("other")
        except (InvalidSignature, ValueError) as exc:
            raise SignatureInvalidError("the signature does not match") from exc

    def _rsa_padding(self, key: RSAPublicKey) -> Any:
        if key.key_size < _MIN_RSA_BITS or self.padding is Padding.ECDSA:
            raise KeyNotSupportedError(f"RSA {key.key_size}")
        if self.padding is Padding.PKCS1_V15:
            return PKCS1v15()
        return PSS(MGF1(_HASHES[self.mask or self.digest]), self.salt)

    def _require_curve(self, key: EllipticCurvePublicKey) -> None:
        if self.padding is not Padding.ECDSA or key.curve.name not in _CURVES:
            raise KeyNotSupportedError(f"EC {key.curve.name}")


def _load(public_key: bytes) -> PublicKeyTypes:
    try:
        return load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise KeyNotSupportedError("unknown") from exc
