"""What the agent does with a card inside one transaction: a signature that is checked before it is given out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.card import interpret
from jpki.certificate import split
from jpki.crypto import check_pss_signature, check_signature
from jpki.errors import CardError, DataError, SignatureInvalidError
from jpki.identifiers import CertificateKind, JpkiEf
from jpki.iso7816 import PKCS1_V15, PSS_SHA256, RetryState, RetryStatus, StatusWord
from jpki.pin import SeenCard, unhide

from .errors import AnotherKeyError

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin, PinStatus

    from .cards import CardView, SignatureOrder

_KEY_FILES: Final = {CertificateKind.AUTH: JpkiEf.AUTH_KEY, CertificateKind.SIGN: JpkiEf.SIGN_KEY}


def seen_as(view: CardView) -> SeenCard:
    """The card of a view; another connection reaches it each time, so only its fingerprint tells."""
    return SeenCard(view.fingerprint, None)


def read_ca(card: MyNumberCard) -> bytes | None:
    """Read the login key's issuer, without which everything works but for chains."""
    try:
        found = card.read_certificate(CertificateKind.AUTH_CA)
        split(found)
    except (CardError, DataError):
        return None
    return found


def read_counter(card: MyNumberCard, pin: Pin) -> PinStatus:
    """Read a counter, of which a card that was left open tells only after another application was selected."""

    def read() -> PinStatus:
        return card.read_pin_status(pin)

    return unhide(card, pin.reference.application, read(), read)


def counter(pin: Pin, left: int) -> PinStatus:
    """Say of a PIN what its counter must be after what the card has just answered."""
    state = RetryState.REMAINING if left else RetryState.BLOCKED
    return interpret(pin.value, pin.retry_limit, RetryStatus(state, left, StatusWord(0x63C0 | left)))


def sign_with_phone(card: MyNumberCard, order: SignatureOrder) -> bytes:
    """Sign with a phone, whose certificate can be looked at only now that its PIN has been verified.

    Raises:
        AnotherKeyError: it is another phone than the one whose certificate is offered; nothing was signed.
        DataError: as :func:`sign`.
    """
    found = card.read_fingerprint()
    if found is None or not order.certificate.startswith(found):
        raise AnotherKeyError("the phone has another key")
    return sign(card, order)


def sign(card: MyNumberCard, order: SignatureOrder) -> bytes:
    """Sign with the key whose PIN has been verified, and check what the card answers.

    Raises:
        DataError: it is not the signature of this hash by this certificate's key.
    """
    card.card.select_ef(_KEY_FILES[order.key])
    public_key = split(order.certificate).public_key
    try:
        if order.is_pss:
            signature = card.card.compute_digital_signature(order.digest, scheme=PSS_SHA256)
            check_pss_signature(public_key, signature, order.digest)
        else:
            info = order.digest_name.info(order.digest)
            signature = card.card.compute_digital_signature(info, scheme=PKCS1_V15)
            check_signature(public_key, signature, order.digest_name, order.digest)
    except SignatureInvalidError as exc:
        raise DataError("the card's signature does not match its certificate") from exc
    return signature
