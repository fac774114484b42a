"""The main question, answered in as few commands as the card allows: tries left, certificates, dates."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.certificate import Period, issuer_label, period_of, read_summary
from jpki.errors import CardError, DataError, FileNotFoundOnCardError, SecurityStatusError
from jpki.identifiers import Application, CertificateKind
from jpki.words import Unread

from .outline import read_validity
from .pin import Pin
from .pin_use import read_pins, with_presence

if TYPE_CHECKING:
    from datetime import date, datetime

    from .my_number_card import CertificatePresence, MyNumberCard, Token
    from .pin import PinStatus


class CertificateState(enum.Enum):
    """State of a certificate as far as it is known without a PIN; the values are those of the JSON output."""

    ABSENT = "absent"
    UNKNOWN = "unknown"
    NOT_YET_VALID = "not_yet_valid"
    IN_PERIOD = "in_period"
    RENEWABLE = "renewable"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """What could be learnt about one certificate without a PIN.

    ``is_present`` is None if the card does not say. ``period`` is None if the certificate was not read;
    ``reason`` then says why. ``issuer`` is None there too, where the issuer is unknown, and where it was not asked for.
    """

    kind: CertificateKind
    is_present: bool | None
    period: Period | None = None
    issuer: str | None = None
    reason: Unread | None = None

    @property
    def state(self) -> CertificateState:
        """Whether it is there, and if its period was read, where the instant of the status lies in it."""
        if self.is_present is False:
            return CertificateState.ABSENT
        return CertificateState.UNKNOWN if self.period is None else CertificateState(self.period.state.value)


@dataclass(frozen=True, slots=True)
class CardStatus:
    """Everything that ``jpki status`` shows. ``fault`` is the first thing that made no sense, None if all did."""

    token: Token
    pins: tuple[PinStatus, ...]
    certificates: tuple[CertificateStatus, ...]
    card_expires: date | None
    fault: DataError | None


def read_status(card: MyNumberCard, *, at: datetime, with_issuer: bool = True) -> CardStatus:
    """Read the state of a card in one transaction, without a PIN and without using a try.

    On a card that takes short EF identifiers this is 11 commands and the reads of the auth certificate: one for each
    256 bytes, or, without ``with_issuer``, three (:mod:`jpki.card.outline`). What cannot be read
    for one certificate or record does not keep the rest from being shown.

    Raises:
        NotMyNumberCardError: no JPKI application.
        DataError: not even the token made sense.
        TransportError: the way to the card failed.
    """
    faults: list[DataError] = []
    with card.transaction():
        token = card.read_token()
        presence = card.read_presence()
        jpki_pins = [with_presence(card.read_pin_status(pin), presence) for pin in (Pin.AUTH, Pin.SIGN)]
        auth = _read_auth(card, presence, at, faults, with_issuer=with_issuer)
        other_pins = [card.read_pin_status(Pin.INPUT), card.read_pin_status(Pin.JUKI)]
        card_expires = _read_card_expiry(card, faults)
    sign = CertificateStatus(CertificateKind.SIGN, presence.sign, reason=Unread.NEEDS_SIGNATURE_PASSWORD)
    return CardStatus(
        token,
        (*jpki_pins, *other_pins),
        (auth, sign),
        card_expires,
        faults[0] if faults else None,
    )


def _read_auth(
    card: MyNumberCard, presence: CertificatePresence, at: datetime, faults: list[DataError], *, with_issuer: bool
) -> CertificateStatus:
    kind = CertificateKind.AUTH
    if presence.auth is False:
        return CertificateStatus(kind, is_present=False)
    try:
        if with_issuer:
            summary = read_summary(card.read_certificate(kind))
            period, issuer = period_of(summary, at), issuer_label(summary)
        else:
            period, issuer = period_of(read_validity(card, kind), at), None
    except SecurityStatusError:
        return CertificateStatus(kind, presence.auth, reason=Unread.NEEDS_AUTH_PIN)
    except CardError as exc:
        is_missing = presence.auth is True and isinstance(exc, FileNotFoundOnCardError)
        return CertificateStatus(kind, presence.auth, reason=Unread.MISSING if is_missing else Unread.REFUSED)
    except DataError as exc:
        faults.append(exc)
        return CertificateStatus(kind, presence.auth, reason=Unread.UNREADABLE)
    return CertificateStatus(kind, is_present=True, period=period, issuer=issuer)


def _read_card_expiry(card: MyNumberCard, faults: list[DataError]) -> date | None:
    try:
        return card.read_card_expiry()
    except DataError as exc:
        faults.append(exc)
        return None


def read_four_pins(card: MyNumberCard) -> tuple[PinStatus, ...]:
    """Read the counters of the four PINs in one transaction; uses no try.

    On a card that takes short EF identifiers this is 7 commands, and one more where a PIN of a certificate is blocked
    (:func:`jpki.card.pin_use.read_pins`).
    """
    with card.transaction():
        card.select(Application.JPKI)
        return read_pins(card, Pin)
