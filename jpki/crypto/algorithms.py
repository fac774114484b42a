"""Algorithms of keys and signatures; the next generation of the card is to use P-384 and SHA-384."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: sha256WithRSAEncryption is what all certificates have today (docs/certificates.md, 1.2).
SIGNATURE_ALGORITHMS: Final = {
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """An algorithm by its object identifier and, where it is known, its usual name."""

    oid: str

    @property
    def name(self) -> str:
        """Usual name, or the object identifier."""
        return SIGNATURE_ALGORITHMS.get(self.oid, self.oid)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its algorithm, and its size in bits and its curve where they are known.

    ``algorithm`` is ``rsa``, ``ec`` or the identifier of another; ``encoded`` is the SubjectPublicKeyInfo in DER.
    """

    algorithm: str
    bits: int | None
    curve: str | None
    encoded: bytes

    def __repr__(self) -> str:
        return f"<PublicKey {self.algorithm} {self.bits}>"
