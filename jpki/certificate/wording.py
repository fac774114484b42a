"""Until when a certificate runs, in words, beside the end of its card; and whom it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import MN, UNKNOWN_ISSUER, M, Message, day_words

from .period import PeriodState

if TYPE_CHECKING:
    from datetime import date

    from .period import Period
    from .personal_attributes import PersonalAttributes, RegisteredText, SexCode

_SEXES: Final = {"male": M("male"), "female": M("female")}
#: Words for the days on which a number would be too calm.
_LAST_DAYS: Final = {
    (0, False): M("expires today ({last_day}); renew it today"),
    (1, False): M("expires tomorrow ({last_day}); renew it now"),
    (0, True): M("expires today ({last_day}), as the card does"),
    (1, True): M("expires tomorrow ({last_day}), as the card does"),
}


def period_sentence(period: Period, card_expires: date | None = None) -> Message:
    """Say a period in Japan time, and when it can be renewed: not beyond the end of the card, where that is known."""
    last_day = period.last_day
    with_card = card_expires is not None and card_expires <= period.last_day
    if period.state is PeriodState.EXPIRED:
        return MN(
            "expired on {last_day} ({n} day ago)",
            "expired on {last_day} ({n} days ago)",
            period.days_since,
            last_day=last_day,
        )
    if period.state is PeriodState.NOT_YET_VALID:
        first_day = period.not_before.date()
        return M("begins on {first_day}, expires on {last_day}", first_day=first_day, last_day=last_day)
    near = _LAST_DAYS.get((period.days_left, with_card))
    if near is not None:
        return near.with_values(last_day=last_day)
    if with_card:
        return MN(
            "until {last_day} ({n} day left), as the card",
            "until {last_day} ({n} days left), as the card",
            period.days_left,
            last_day=last_day,
        )
    if period.state is PeriodState.RENEWABLE:
        return MN(
            "until {last_day} ({n} day left); can be renewed now",
            "until {last_day} ({n} days left); can be renewed now",
            period.days_left,
            last_day=last_day,
        )
    return MN(
        "until {last_day} ({n} day left); can be renewed from {renewal}",
        "until {last_day} ({n} days left); can be renewed from {renewal}",
        period.days_left,
        last_day=last_day,
        renewal=period.renewable_from,
    )


def card_end_sentence(card_expires: date, today: date) -> Message:
    """Say when the card itself ends or has ended."""
    left = (card_expires - today).days
    if left < 0:
        return M("The card itself expired on {day}.", day=day_words(card_expires))
    if left == 0:
        return M("The card itself expires today ({day}).", day=day_words(card_expires))
    return M("The card itself runs until {day}.", day=day_words(card_expires))


def personal_rows(personal: PersonalAttributes) -> list[tuple[Message, str]]:
    """Whom a certificate names, row by row; as much of it as is there."""
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


def issuer_sentence(label: str | None) -> Message:
    """Say who issued a certificate, as far as it claims."""
    if label is None:
        return UNKNOWN_ISSUER
    if label == "test":
        return M("TEST issuer: this is not a real certificate")
    return M("names the J-LIS root of {year} as its issuer", year=label.rsplit("-", 1)[-1])
