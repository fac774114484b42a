"""DigestInfo (RFC 8017, 9.2): what the card's COMPUTE DIGITAL SIGNATURE pads and signs."""

from __future__ import annotations

import enum
from typing import Final

#: DER of ``SEQUENCE { AlgorithmIdentifier { oid, NULL }, OCTET STRING header }`` (RFC 8017, 9.2, note 1). The NULL is
#: there: verifiers compare the whole encoding (docs/card.md, section 10, #25).
_PREFIXES: Final = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


class Digest(enum.Enum):
    """Hash functions for signatures; SHA-1 is not among them."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    def of(self, data: bytes) -> bytes:
        """Hash of some bytes."""
        return _hashed(self.value, data)

    def info(self, digest: bytes) -> bytes:
        """DigestInfo of a hash made with this function.

        Raises:
            ValueError: the hash has another length.
        """
        if len(digest) != len(_hashed(self.value, b"")):
            raise ValueError("the digest has another length than its function gives")
        return _PREFIXES[self.value] + digest


def _hashed(name: str, data: bytes) -> bytes:
    import hashlib  # OpenSSL comes with it, 3.5 MB that no status needs

    return hashlib.new(name, data).digest()
