"""Checks of the card: can it be opened, is it a My Number Card, what do its counters and dates say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.advice import CARD_EXPIRED, PIN_BLOCKED_ONE_CERTIFICATE, Action, advise_status
from jpki.card import CardKind, ExtendedLength, Pin, PinState
from jpki.certificate import PeriodState
from jpki.diagnosis.causes import CardCause, Cause, ReaderCause, ServiceCause
from jpki.diagnosis.codes import Reason
from jpki.diagnosis.facts import System
from jpki.diagnosis.findings import PASSED, failed, not_checked, noted, passed
from jpki.errors import (
    AnswerLostError,
    CardError,
    CardMuteError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    DataError,
    JpkiError,
    NoCardError,
    NotMyNumberCardError,
    PermissionDeniedError,
    ReaderBusyError,
    ServiceHangsError,
    ServiceStoppedError,
    TransportError,
)
from jpki.identifiers import CertificateKind
from jpki.words import Unread

from . import reader

if TYPE_CHECKING:
    from jpki.advice import Advice
    from jpki.card import CardStatus, CertificateStatus
    from jpki.diagnosis.facts import Facts
    from jpki.diagnosis.findings import Outcome

#: SCARD_E_PROTO_MISMATCH.
PROTOCOL_MISMATCH: Final = 0x8010000F
#: The first macOS with Apple's own driver of card readers.
_MACOS_OWN_DRIVER: Final = (14,)
_OLD_DRIVER_SETTING: Final = "useIFDCCID"
#: A reader without keys that is reported as one with keys (OpenSC issue 1051).
_DOUBTFUL_PIN_PADS: Final = ("omnikey 3", "omnikey cardman 3")

_TRANSPORT_CAUSES: Final[dict[type[TransportError], Cause]] = {
    ReaderBusyError: ReaderCause.CARD_BUSY,
    CardResetError: ReaderCause.CARD_RESET,
    CardRemovedError: ReaderCause.CARD_REMOVED,
    NoCardError: ReaderCause.CARD_REMOVED,
    CardMuteError: ReaderCause.CARD_MUTE,
    AnswerLostError: ReaderCause.ANSWER_LOST,
    CardTimeoutError: ReaderCause.TIMEOUT,
    ServiceHangsError: ServiceCause.SERVICE_HANGS,
    ServiceStoppedError: ReaderCause.SERVICE_GONE,
    PermissionDeniedError: ServiceCause.PERMISSION_DENIED,
}
_BY_ANOTHER_PROGRAM: Final = frozenset({ReaderCause.CARD_BUSY, ReaderCause.CARD_RESET})


def _name(facts: Facts) -> str:
    chosen = reader.target(facts)
    return chosen.name if chosen else ""


def transport_failure(facts: Facts, error: TransportError) -> Outcome:
    """What it means that the way to an open card failed."""
    if error.pcsc_code == PROTOCOL_MISMATCH:
        return failed(ReaderCause.PROTOCOL_MISMATCH, details=reader.holders(facts), error=error)
    for cls in type(error).__mro__:
        if cls in _TRANSPORT_CAUSES:
            cause = _TRANSPORT_CAUSES[cls]
            details = reader.holders(facts) if cause in _BY_ANOTHER_PROGRAM else ()
            return failed(cause, details=details, error=error)
    return failed(ReaderCause.READER_FAILED, error=error)


def connection(facts: Facts) -> Outcome:
    """The card can be opened."""
    try:
        opened = facts.pcsc.open(_name(facts))
    except TransportError as exc:
        return transport_failure(facts, exc)
    return passed(f"T={opened.protocol}", opened.atr.hex(" ").upper())


def _status_error(facts: Facts) -> JpkiError | None:
    try:
        facts.pcsc.status(_name(facts))
    except JpkiError as exc:
        return exc
    return None


def reader_driver(facts: Facts) -> Outcome:
    """On macOS 14 and later: reading does not fail with Apple's own driver."""
    if facts.platform.system is not System.MACOS:
        return not_checked(Reason.OTHER_SYSTEM)
    is_old_driver = bool(facts.platform.smartcard_settings().get(_OLD_DRIVER_SETTING))
    if facts.platform.version < _MACOS_OWN_DRIVER or is_old_driver:
        return PASSED
    error = _status_error(facts)
    if isinstance(error, (AnswerLostError, DataError)):
        return failed(ReaderCause.MACOS_DRIVER, error=error)
    return noted(ReaderCause.MACOS_DRIVER)


def pin_pad(facts: Facts) -> Outcome:
    """Whether the reader says that it has keys of its own, and whether that can be so."""
    has_pin_pad = facts.pcsc.open(_name(facts)).has_pin_pad
    if has_pin_pad is None:
        return not_checked(Reason.NOT_VISIBLE)
    if not has_pin_pad:
        return PASSED
    if any(part in _name(facts).casefold() for part in _DOUBTFUL_PIN_PADS):
        return failed(ReaderCause.PIN_PAD_DOUBTFUL, details=(_name(facts),))
    return noted(ReaderCause.PIN_PAD)


def not_my_number_card(facts: Facts) -> Outcome | None:
    """The card has the JPKI application."""
    error = _status_error(facts)
    if isinstance(error, NotMyNumberCardError):
        return failed(CardCause.NOT_MY_NUMBER_CARD, error=error)
    return None


def old_juki_card(facts: Facts) -> Outcome | None:
    """The card is not the old Basic Resident Registration card."""
    if _status_error(facts) is None and _status(facts).token.kind is CardKind.OLD_JUKI_CARD:
        return failed(CardCause.OLD_JUKI_CARD)
    return None


def application_fails(facts: Facts) -> Outcome | None:
    """The card could be read, and what it says makes sense."""
    error = _status_error(facts)
    if isinstance(error, TransportError):
        return transport_failure(facts, error)
    if isinstance(error, CardError):
        return failed(CardCause.CARD_REFUSED, details=(error.command,), error=error)
    if error is not None or _status(facts).fault is not None:
        return failed(CardCause.BAD_DATA, error=error)
    return None


def application(facts: Facts) -> Outcome:
    """It is a My Number Card, or a phone that carries one's certificates."""
    token = _status(facts).token
    if token.kind.is_phone:
        return noted(CardCause.SMARTPHONE, details=(token.label,))
    return passed(token.label)


def _status(facts: Facts) -> CardStatus:
    return facts.pcsc.status(_name(facts))


def _pins_in(facts: Facts, *states: PinState) -> tuple[str, ...]:
    return tuple(p.name for p in _status(facts).pins if p.state in states)


def _advice(facts: Facts, *actions: Action) -> tuple[Advice, ...]:
    """What the holder can do about the card, as far as it comes to one of these."""
    return tuple(a for a in advise_status(_status(facts), facts.platform.now) if a.rule.action in actions)


def card_period(facts: Facts) -> Outcome:
    """The card itself has not ended; where it has, nothing else on it is worth looking at."""
    expires = _status(facts).card_expires
    if expires is None:
        return not_checked(Reason.NOT_VISIBLE)
    advice = _advice(facts, Action.NEW_CARD)
    if not advice:
        return PASSED
    day = (expires.isoformat(),)
    is_over = advice[0].rule is CARD_EXPIRED
    return (
        failed(CardCause.CARD_EXPIRED, details=day, advice=advice)
        if is_over
        else noted(CardCause.CARD_RENEWABLE, details=day, advice=advice)
    )


def pins_blocked(facts: Facts) -> Outcome | None:
    """No PIN is locked; one whose certificate is not on the card answers as if it were, and is not counted.

    On a card with one certificate the user certificate PIN answers the same where the card was issued without PINs.
    """
    status = _status(facts)
    blocked = [p for p in status.pins if p.state is PinState.BLOCKED]
    if not blocked:
        return None
    advice = _advice(facts, Action.RESET)
    names = tuple(p.name for p in blocked)
    if names == (Pin.AUTH.value,) and [a.rule for a in advice] == [PIN_BLOCKED_ONE_CERTIFICATE]:
        return noted(CardCause.PIN_BLOCKED_OR_PINLESS, details=names, advice=advice)
    sw = blocked[0].sw
    return replace(
        failed(CardCause.PIN_BLOCKED, details=names, advice=advice), status_word=None if sw is None else int(sw)
    )


def pins_used(facts: Facts) -> Outcome | None:
    """Every counter is full."""
    used = _pins_in(facts, PinState.USED, PinState.LAST_TRY)
    return noted(CardCause.PIN_TRIES_USED, details=used, advice=_advice(facts, Action.STOP)) if used else None


def pins_absent(facts: Facts) -> Outcome:
    """Every PIN is there; one that is not was left out when the card was issued, and is not locked."""
    status = _status(facts)
    absent = () if status.token.kind.is_phone else _pins_in(facts, PinState.ABSENT)
    if absent:
        return noted(CardCause.PIN_ABSENT, details=absent)
    return passed(*(f"{p.name} {p.retries_remaining}/{p.retry_limit}" for p in status.pins if p.retries_remaining))


def _auth(facts: Facts) -> CertificateStatus:
    return next(c for c in _status(facts).certificates if c.kind is CertificateKind.AUTH)


def certificate_out_of_period(facts: Facts) -> Outcome | None:
    """The user certificate is in its period."""
    period = _auth(facts).period
    if period is None:
        return None
    day = (period.last_day.isoformat(),)
    if period.state is PeriodState.EXPIRED:
        return failed(CardCause.CERTIFICATE_EXPIRED, details=day, advice=_advice(facts, Action.NEW_CERTIFICATE))
    if period.state is PeriodState.NOT_YET_VALID:
        first = (period.not_before.date().isoformat(),)
        return failed(CardCause.CERTIFICATE_NOT_YET_VALID, details=first)
    advice = _advice(facts, Action.NEW_CERTIFICATE)
    if period.state is PeriodState.RENEWABLE and advice:  # else it is the card that is renewed, which was said already
        return noted(CardCause.CERTIFICATE_RENEWABLE, details=day, advice=advice)
    return None


def _with_file(facts: Facts, *, is_told: bool, is_there: bool) -> tuple[str, ...]:
    """The certificates that the flags tell to be there or not, and of which a file is there or not."""
    if not any(c.is_present is is_told for c in _status(facts).certificates):
        return ()
    files = facts.pcsc.certificate_files(_name(facts))
    found = [c.kind for c in _status(facts).certificates if c.is_present is is_told]
    return tuple(kind.value for kind in found if files.get(kind) is is_there)


def certificate_missing(facts: Facts) -> Outcome | None:
    """A certificate that the card's flags say is there has a file."""
    missing = _with_file(facts, is_told=True, is_there=False)
    return failed(CardCause.CERTIFICATE_MISSING, details=missing) if missing else None


def certificate_denied(facts: Facts) -> Outcome | None:
    """A certificate that the card's flags say is not there has no file.

    A file that only a PIN opens may be empty, so it counts only where that PIN has tries; that of a card without the
    certificate has none (docs/certificates.md, 3.4).
    """
    status = _status(facts)
    telling = {p.name for p in status.pins if p.can_try and p.state is not PinState.UNKNOWN}
    if not status.token.kind.is_phone:
        telling.add(CertificateKind.AUTH.value)  # whose content was seen
    denied = tuple(name for name in _with_file(facts, is_told=False, is_there=True) if name in telling)
    return failed(CardCause.CERTIFICATE_DENIED, details=denied) if denied else None


def certificate_closed(facts: Facts) -> Outcome | None:
    """The user certificate can be read without a PIN."""
    auth = _auth(facts)
    if auth.reason is Unread.NEEDS_AUTH_PIN:
        return not_checked(Reason.NEEDS_PIN)
    if auth.reason is not None and auth.is_present is not False:
        return failed(CardCause.BAD_DATA)
    return None


def certificates(facts: Facts) -> Outcome:
    """The certificates are there; the signature certificate's dates need its password (status word 6982 without it)."""
    absent = tuple(c.kind.value for c in _status(facts).certificates if c.is_present is False)
    if absent:
        return noted(CardCause.CERTIFICATE_ABSENT, details=absent)
    return noted(CardCause.SIGN_CERTIFICATE_CLOSED)


def ca_certificates(facts: Facts) -> Outcome:
    """Both CA certificates on the card are in their period."""
    try:
        periods = facts.pcsc.ca_periods(_name(facts))
    except TransportError as exc:
        return transport_failure(facts, exc)
    now = facts.platform.now
    read = [p for p in periods if p.not_before is not None and p.not_after is not None]
    if not read:
        return not_checked(Reason.NOT_VISIBLE)
    outside = [p.kind.value for p in read if not (p.not_before and p.not_after and p.not_before <= now <= p.not_after)]
    if outside:
        return failed(CardCause.CA_CERTIFICATE_OUT_OF_PERIOD, details=tuple(outside))
    return passed(*(p.kind.value for p in read))


def extended_apdu(facts: Facts) -> Outcome:
    """Commands of extended length get through, which other programs use, and this one on request."""
    result = facts.pcsc.try_extended_length(_name(facts))
    if result is ExtendedLength.REFUSED_BY_CARD:
        return noted(CardCause.EXTENDED_REFUSED_BY_CARD)
    return PASSED if result is ExtendedLength.TAKEN else noted(CardCause.EXTENDED_APDU)
