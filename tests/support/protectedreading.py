"""A certificate that is behind a PIN, read as the library's callers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.card import Pin
from jpki.identifiers import CertificateKind
from jpki.pin import PinRequest

if TYPE_CHECKING:
    from jpki.card import MyNumberCard
    from jpki.pin import Secret


def read_protected_certificate(card: MyNumberCard, kind: CertificateKind, secret: Secret) -> bytes:
    """Read the sign certificate, or a phone's auth certificate, with its PIN."""
    pin = Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH
    return PinRequest(card, pin, secret).run(lambda opened: opened.read_certificate(kind))
