"""What was read of a card without a PIN, in words: the same on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.certificate import PeriodState, period_sentence
from jpki.words import absent, unread_sentence

from .counter_words import not_in_use, tries_in_short

if TYPE_CHECKING:
    from jpki.words import Message

    from .pin import PinStatus
    from .status import CardStatus, CertificateStatus


def unused_words(pin: PinStatus, status: CardStatus) -> Message | None:
    """Say that a PIN has no use on this card; None if it has one."""
    return not_in_use(pin.state, is_phone=status.token.kind.is_phone)


def pin_words(pin: PinStatus, status: CardStatus) -> Message:
    """Say how many tries are left, or that the PIN is locked or has no use on this card."""
    return unused_words(pin, status) or tries_in_short(pin)


def certificate_words(certificate: CertificateStatus, status: CardStatus) -> Message:
    """Say until when a certificate runs, or why that is not known."""
    if certificate.is_present is False:
        return absent(certificate.kind.value)
    if certificate.period is not None:
        return period_sentence(certificate.period, status.card_expires)
    if certificate.reason is None:
        raise ValueError("a certificate that was not read, and no reason")
    return unread_sentence(
        certificate.reason,
        is_phone=status.token.kind.is_phone,
        has_ended=any(c.period is not None and c.period.state is PeriodState.EXPIRED for c in status.certificates),
    )
