"""A certificate as a person reads it, and in the formats of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import RENEWAL_MONTHS
from jpki.outside_text import visible
from jpki.words import CERTIFICATES
from jpki_cli.terminal import table, wrap
from jpki_cli.words import MN, RENEWAL, RENEWAL_OF_CARD, RENEWAL_OF_TEN_YEARS, REVOCATION, UNKNOWN_ISSUER, M, Message

from .periods import period_sentence

if TYPE_CHECKING:
    from datetime import date, datetime

    from jpki.certificate import CertificateDetails, Period, PersonalAttributes, RegisteredText, SexCode
    from jpki.identifiers import CertificateKind

_SEXES: Final = {"male": M("male"), "female": M("female")}


def ssh(der: bytes) -> bytes:
    """Write the public key as a line of OpenSSH's authorized_keys."""
    from jpki.certificate import openssh_public_key

    return openssh_public_key(der, "jpki-auth").encode() + b"\n"


def ics(kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None) -> bytes:
    """Write the time of renewal as a calendar entry without personal data."""
    from jpki.certificate import period_of, read_summary

    return period_calendar(kind, period_of(read_summary(der), at), at, card_expires)


def period_calendar(kind: CertificateKind, period: Period, at: datetime, card_expires: date | None = None) -> bytes:
    """Write the time of renewal of a period as a calendar entry without personal data.

    Where the card ends with the certificate, it is the card that is renewed.
    """
    from jpki.certificate import CalendarTexts, renewal_calendar

    certificate = CERTIFICATES[kind.value]
    if card_expires is not None and card_expires <= period.last_day:
        texts = CalendarTexts(
            window=str(M("My Number Card: apply for a new card")),
            last_day=str(M("My Number Card: last day of the card and the {certificate}", certificate=certificate)),
            description=str(
                M(
                    "The card ends with its certificates: apply for a new one online, by post or at your municipality. "
                    "It takes about a month. If the card ends with your period of stay, have the card extended at "
                    "your municipality."
                )
            ),
        )
    else:
        texts = CalendarTexts(
            window=str(M("My Number Card: the {certificate} can be renewed", certificate=certificate)),
            last_day=str(M("My Number Card: last day of the {certificate}", certificate=certificate)),
            description=str(M("At the office of your municipality, free of charge. Bring the card.")),
        )
    return renewal_calendar(kind.value, period, texts, stamp=at)


def issuer_sentence(label: str | None) -> Message:
    """Say who issued a certificate, as far as it claims."""
    if label is None:
        return UNKNOWN_ISSUER
    if label == "test":
        return M("TEST issuer: this is no real certificate")
    return M("names the J-LIS root of {year} as its issuer", year=label.rsplit("-", 1)[-1])


def render(kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None) -> str:
    """Return the whole screen."""
    from jpki.certificate import issuer_label, period_of, read_details, read_summary

    details = read_details(der)
    summary = read_summary(der)
    period = period_of(summary, at)
    title = str(CERTIFICATES[kind.value])
    rows: list[tuple[Message, str]] = [
        (M("Subject"), details.subject.to_text()),
        *_personal_rows(details.personal),
        (M("Issuer"), details.issuer.to_text()),
        (M("Issued by"), str(issuer_sentence(issuer_label(summary)))),
        (M("Serial number"), f"{details.serial:X}"),
        (M("From"), _instant(period.not_before)),
        (M("Until"), _instant(period.not_after)),
        (M("Period"), str(_period(kind, period, card_expires))),
        *_technical_rows(details),
    ]
    notes = [] if kind.value.endswith("-ca") else [wrap(str(_renewal(period, card_expires)))]
    lines = [title, *table([[str(label), visible(value)] for label, value in rows]), *notes, wrap(str(REVOCATION))]
    if details.extensions.unknown_critical:
        lines.append(
            str(
                M(
                    "It has critical extensions that this program does not know: {oids}.",
                    oids=", ".join(details.extensions.unknown_critical),
                )
            )
        )
    return "\n".join(lines) + "\n"


def _renewal(period: Period, card_expires: date | None) -> Message:
    """Say from when it can be renewed, or that the card has to be."""
    if card_expires is None or card_expires > period.last_day:
        return RENEWAL if period.renewal_months == RENEWAL_MONTHS else RENEWAL_OF_TEN_YEARS
    return RENEWAL_OF_CARD


def _period(kind: CertificateKind, period: Period, card_expires: date | None) -> Message:
    """Say the period; a CA's certificate is not its holder's to renew."""
    if kind.value.endswith("-ca") and period.state.value in ("in_period", "renewable"):
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


def _personal_rows(personal: PersonalAttributes) -> list[tuple[Message, str]]:
    rows: list[tuple[Message, str]] = []
    if personal.name is not None:
        rows.append((M("Name"), _registered(personal.name)))
    if personal.birth_date is not None:
        birth = personal.birth_date
        rows.append((M("Birth date"), birth.raw if birth.day is None else birth.day.isoformat()))
    if personal.sex is not None:
        rows.append((M("Sex"), sex_text(personal.sex)))
    if personal.address is not None:
        rows.append((M("Address"), _registered(personal.address)))
    rows += [
        (M("Other attribute"), f"{other.type_oid or other.kind.value} {other.text or ''}") for other in personal.others
    ]
    return rows


def sex_text(sex: SexCode) -> str:
    """Say the sex; a code that sources do not agree on is shown as it is."""
    known = None if sex.meaning is None else _SEXES.get(sex.meaning.value)
    return str(known) if known is not None else str(M("code {code}", code=sex.code))


def _registered(value: RegisteredText) -> str:
    if not value.is_any_replaced:
        return value.text
    if value.replaced is None:
        return str(M("{text} (some characters were replaced; the card's face may differ)", text=value.text))
    marked = "".join(f"[{c}]" if i in value.replaced else c for i, c in enumerate(value.text))
    return str(M("{text} (characters in brackets were replaced; the card's face may differ)", text=marked))
