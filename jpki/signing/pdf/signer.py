"""The card as a signer of pyHanko; loaded with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asn1crypto import algos, x509
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jpki.crypto import Digest

if TYPE_CHECKING:
    from jpki.signing.key import SigningKey


class CardSigner(Signer):
    """Signs with a key that is open on the card; usable inside its transaction only."""

    def __init__(self, key: SigningKey) -> None:
        """Take certificate and CA certificate from the card; both go into the signature."""
        store = SimpleCertificateStore()
        if key.ca_certificate is not None:
            store.register(x509.Certificate.load(key.ca_certificate))
        super().__init__(
            signing_cert=x509.Certificate.load(key.certificate, strict=True),
            cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}),
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's signature
        """Hash here, sign on the card; a placeholder of the same length for a dry run."""
        digest_name = Digest(digest_algorithm)
        if dry_run:
            return bytes(self.signing_cert.public_key.byte_size if self.signing_cert else 0)
        return self._key.sign(digest_name, digest_name.of(data))


def make_signer(key: SigningKey) -> CardSigner:
    """Make the signer for an open key."""
    return CardSigner(key)
