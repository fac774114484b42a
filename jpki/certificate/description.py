"""A certificate as a person reads it: its rows in words, its calendar entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.outside_text import visible
from jpki.words import (
    CERTIFICATES,
    EXPIRED,
    EXPIRED_WITH_CARD,
    MN,
    RENEWAL,
    RENEWAL_OF_CARD,
    RENEWAL_OF_TEN_YEARS,
    REVOCATION,
    M,
    Message,
)

from .period import RENEWAL_MONTHS, PeriodState
from .wording import issuer_sentence, period_sentence, personal_rows

if TYPE_CHECKING:
    from datetime import date, datetime

    from jpki.identifiers import CertificateKind

    from .details import CertificateDetails
    from .period import Period


def period_calendar(kind: CertificateKind, period: Period, at: datetime, card_expires: date | None = None) -> bytes:
    """Write the time of renewal of a period as a calendar entry without personal data.

    Where the card ends with the certificate, it is the card that is renewed.
    """
    from .calendar import CalendarTexts, renewal_calendar

    certificate = CERTIFICATES[kind.value]
    if card_expires is not None and card_expires <= period.last_day:
        texts = CalendarTexts(
            window=str(M("My Number Card: apply for a new card")),
            last_day=str(M("My Number Card: last day of the card and the {certificate}", certificate=certificate)),
            description=str(
                M(
                    "The card expires together with its certificates: apply for a new one online, by post or at "
                    "your municipal office. It takes about a month. If the card expires with your period of stay, "
                    "have the card extended at your municipal office."
                )
            ),
        )
    else:
        texts = CalendarTexts(
            window=str(M("My Number Card: the {certificate} can be renewed", certificate=certificate)),
            last_day=str(M("My Number Card: last day of the {certificate}", certificate=certificate)),
            description=str(M("At your municipal office, free of charge. Bring the card.")),
        )
    return renewal_calendar(kind.value, period, texts, stamp=at)


def rows(
    kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None
) -> list[tuple[Message, str]]:
    """What a certificate says, a name and a value each; the values are text from outside, made visible."""

    from .details import read_details
    from .period import period_of
    from .summary import read_summary
    from .trust import issuer_label

    details = read_details(der)
    summary = read_summary(der)
    period = period_of(summary, at)
    found: list[tuple[Message, str]] = [
        (M("Subject"), details.subject.to_text()),
        *personal_rows(details.personal),
        (M("Issuer"), details.issuer.to_text()),
        (M("Issued by"), str(issuer_sentence(issuer_label(summary)))),
        (M("Serial number"), f"{details.serial:X}"),
        (M("From"), _instant(period.not_before)),
        (M("Until"), _instant(period.not_after)),
        (M("Period"), str(_period(kind, period, card_expires))),
        *_technical_rows(details),
    ]
    return [(label, visible(value)) for label, value in found]


def notes(kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None) -> list[Message]:
    """What is to be said below the rows: when it can be renewed, that revocation is not checked, what is not known."""

    from .details import read_details
    from .period import period_of
    from .summary import read_summary

    is_ca = kind.is_ca
    found = [] if is_ca else [_renewal(period_of(read_summary(der), at), card_expires)]
    found.append(REVOCATION)
    unknown = read_details(der).extensions.unknown_critical
    if unknown:
        oids = ", ".join(unknown)
        found.append(M("It has critical extensions unknown to this program: {oids}.", oids=oids))
    return found


def _renewal(period: Period, card_expires: date | None) -> Message:
    """Say from when it can be renewed, or that the card has to be, or what comes after its end."""
    if period.state is PeriodState.EXPIRED:
        is_over = card_expires is not None and card_expires <= period.last_day
        return EXPIRED_WITH_CARD if is_over else EXPIRED
    if card_expires is None or card_expires > period.last_day:
        return RENEWAL if period.renewal_months == RENEWAL_MONTHS else RENEWAL_OF_TEN_YEARS
    return RENEWAL_OF_CARD


def _period(kind: CertificateKind, period: Period, card_expires: date | None) -> Message:
    """Say the period; a CA's certificate is not its holder's to renew."""
    if kind.is_ca and period.state in (PeriodState.IN_PERIOD, PeriodState.RENEWABLE):
        return MN(
            "until {last_day} ({n} day left)",
            "until {last_day} ({n} days left)",
            period.days_left,
            last_day=period.last_day,
        )
    return period_sentence(period, card_expires)


def _instant(at: datetime) -> str:
    return str(M("{time} Japan time", time=at.strftime("%Y-%m-%d %H:%M:%S")))


def _technical_rows(details: CertificateDetails) -> list[tuple[Message, str]]:
    extensions = details.extensions
    key = details.public_key
    size = key.curve or (str(M("{bits} bits", bits=key.bits)) if key.bits else "")
    rows = [
        (M("Key"), f"{key.algorithm} {size}".rstrip()),
        (M("Signature"), details.signature_algorithm.name),
        (M("Key usage"), ", ".join(extensions.key_usage or ())),
        (M("Extended key usage"), ", ".join(extensions.extended_key_usage or ())),
        (M("Policies"), ", ".join(policy.oid for policy in extensions.policies)),
        (M("SHA-256 of the certificate"), details.sha256.hex(":").upper()),
        (M("SHA-256 of the public key"), details.public_key_sha256.hex(":").upper()),
    ]
    return [row for row in rows if row[1]]
