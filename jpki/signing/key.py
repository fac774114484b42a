"""Use of the card's two keys: one VERIFY opens a key for one short transaction, in which it may sign several times."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Final

from jpki.card import Pin
from jpki.certificate import read_public_key, split
from jpki.crypto import check_signature
from jpki.errors import CardError, CertificateError, DataError, KeyNotSupportedError, SignatureInvalidError
from jpki.identifiers import CertificateKind, JpkiEf
from jpki.pin import presented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card import MyNumberCard
    from jpki.certificate import Issuers
    from jpki.crypto import Digest
    from jpki.pin import PinPad, Secret, TryPolicy

#: Signatures in one transaction: some 20 x 0.1 s on a contactless card, below the 5 s after which Windows resets it.
MAX_SIGNATURES: Final = 20
#: A signature as long as the key has to come in one short response, which takes 256 bytes.
_KEY_BITS: Final = 2048
#: The usual names of the curves (FIPS 186-5); the next generation of the card is to use P-384.
_CURVES: Final = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_KEYS: Final = {
    CertificateKind.AUTH: (Pin.AUTH, JpkiEf.AUTH_KEY),
    CertificateKind.SIGN: (Pin.SIGN, JpkiEf.SIGN_KEY),
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key whose PIN is verified, with its certificates; usable inside :func:`signing_key` only.

    ``ca_certificate`` is the issuer's certificate as the card holds it, None if it could not be read: it proves
    nothing by itself.
    """

    card: MyNumberCard
    kind: CertificateKind
    certificate: bytes
    ca_certificate: bytes | None
    _is_selected: Event = field(default_factory=Event, init=False, repr=False, compare=False)

    def sign_data(self, digest_name: Digest, data: bytes) -> bytes:
        """Hash data and sign the hash; the way for everything that the user key signs.

        Raises:
            DocumentDataError: nothing was sent, the user key was to sign the attributes of a document signature.
            KeyNotSupportedError, DataError, CardError: as :meth:`sign`.
        """
        from jpki.signing.cms import require_login_data

        if self.kind is CertificateKind.AUTH:
            require_login_data(data)
        return self.sign(digest_name, digest_name.of(data))

    def sign(self, digest_name: Digest, digest: bytes) -> bytes:
        """Sign a hash: RSASSA-PKCS1-v1_5, checked against the certificate before it is given out.

        A hash does not say what it is of, so data for the user key go through :meth:`sign_data`.

        Raises:
            KeyNotSupportedError: nothing was sent, the key is of another kind.
            DataError: what the card answered is not the signature of this hash.
            CardError: the card refused.
        """
        require_key(self.certificate)
        signature = self._compute(digest_name.info(digest))
        try:
            check_signature(split(self.certificate).public_key, signature, digest_name, digest)
        except SignatureInvalidError as exc:
            raise DataError("the card's signature does not match its certificate") from exc
        return signature

    def _compute(self, digest_info: bytes) -> bytes:
        """Select the key's file for the first signature; for the next it is current still, or is selected again."""
        _, file = _KEYS[self.kind]
        was_selected = self._is_selected.is_set()
        if not was_selected:
            self.card.card.select_ef(file)
            self._is_selected.set()
        try:
            return self.card.card.compute_digital_signature(digest_info)
        except CardError:
            if not was_selected:
                raise
        self.card.card.select_ef(file)
        return self.card.card.compute_digital_signature(digest_info)


def require_key(certificate: bytes) -> None:
    """Refuse a certificate whose key is not of the kind that cards sign with here: RSA, 2048 bits (docs/card.md, 3.4).

    Raises:
        KeyNotSupportedError: it is a key of another kind.
        CertificateError: not a certificate, or its key cannot be read.
    """
    key = read_public_key(split(certificate).public_key)
    if (key.algorithm, key.bits) == ("rsa", _KEY_BITS):
        return
    if key.algorithm == "rsa":
        raise KeyNotSupportedError(f"RSA {key.bits}")
    if key.algorithm == "ec":
        curve = key.curve or ""
        raise KeyNotSupportedError(f"EC {_CURVES.get(curve, curve)}".rstrip())
    raise KeyNotSupportedError(key.algorithm)


def pin_for_key(kind: CertificateKind) -> Pin:
    """Return the PIN that opens the key of a certificate."""
    return _KEYS[kind][0]


def open_key(
    card: MyNumberCard,
    kind: CertificateKind,
    *,
    with_ca: bool = True,
    issuers: Issuers | None = None,
    certificate: bytes | None = None,
) -> SigningKey:
    """Take a key whose PIN was just verified, in the same transaction; as :func:`signing_key`.

    ``certificate`` is this very card's, where it was read before: each signature is checked with it.
    """
    ca_kind = kind.issuer
    certificate = card.read_certificate(kind) if certificate is None else certificate
    ca_certificate = _issuer(card, ca_kind, certificate, issuers) if with_ca else None
    return SigningKey(card, kind, certificate, ca_certificate)


@contextmanager
def signing_key(
    card: MyNumberCard,
    kind: CertificateKind,
    entry: Secret | PinPad,
    policy: TryPolicy,
    *,
    with_ca: bool = True,
    issuers: Issuers | None = None,
) -> Iterator[SigningKey]:
    """Open a key for the length of one transaction; afterwards nothing is left open on the card.

    The issuer's certificate is one of those that come along or of ``issuers``, and only where none fits is the card's
    copy read; with ``with_ca`` false it is not looked for.

    Raises:
        PinError, OutcomeUnknownError: as :func:`jpki.pin.commands.verify_pin`.
    """
    pin, _ = _KEYS[kind]
    with presented(card, pin, entry, policy):
        yield open_key(card, kind, with_ca=with_ca, issuers=issuers)


def _issuer(card: MyNumberCard, kind: CertificateKind, certificate: bytes, issuers: Issuers | None) -> bytes | None:
    from jpki.certificate import Issuers

    try:
        found = (issuers or Issuers()).find(certificate)
    except CertificateError:
        found = None
    return _read_ca(card, kind) if found is None else found


def _read_ca(card: MyNumberCard, kind: CertificateKind) -> bytes | None:
    """The issuer's certificate, without which a signature is as good; the PIN has been used, so nothing is given up."""
    try:
        return card.read_certificate(kind)
    except (CardError, DataError):
        return None
