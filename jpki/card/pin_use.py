"""Telling a PIN that is locked from one that has no use, because its certificate is not on the card.

Both answer 63C0, the second on every child's card; EF 0008 distinguishes them (docs/certificates.md, 3.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.identifiers import CertificateKind

from .pin import Pin, PinState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .my_number_card import CertificatePresence, MyNumberCard
    from .pin import PinStatus

_CERTIFICATES: Final = {Pin.AUTH.value: CertificateKind.AUTH, Pin.SIGN.value: CertificateKind.SIGN}


def read_pins(card: MyNumberCard, pins: Iterable[Pin], *, all_copies: bool = False) -> tuple[PinStatus, ...]:
    """Read the counters of these PINs, in a transaction of the caller; uses no try.

    Where a PIN of a certificate answers as blocked, EF 0008 is read beside it, once for all of them: one command more
    on a card that takes short EF identifiers. ``all_copies`` as for :meth:`MyNumberCard.read_pin_status`.
    """
    found = []
    presence: CertificatePresence | None = None
    for pin in pins:
        status = card.read_pin_status(pin, all_copies=all_copies)
        if _may_lack_certificate(status):
            presence = presence or card.read_presence()
            status = with_presence(status, presence)
        found.append(status)
    return tuple(found)


def recognise_unused(card: MyNumberCard, status: PinStatus) -> PinStatus:
    """Find out about a PIN whose counter was just read, in the same transaction: one READ if it is blocked.

    It is left alone where it is no PIN of a certificate.
    """
    return with_presence(status, card.read_presence()) if _may_lack_certificate(status) else status


def _may_lack_certificate(status: PinStatus) -> bool:
    return status.state is PinState.BLOCKED and status.name in _CERTIFICATES


def with_presence(status: PinStatus, presence: CertificatePresence) -> PinStatus:
    """Say of a counter, beside the card's flags, whether it is that of a PIN that has no use.

    A card that counts tries for the PIN of a certificate which it says it does not have contradicts itself; such a PIN
    is left as it is.
    """
    is_unused = _may_lack_certificate(status) and presence.of(_CERTIFICATES[status.name]) is False
    return replace(status, state=PinState.NOT_IN_USE) if is_unused else status
