"""Until when a certificate runs, in words, beside the end of its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import PeriodState
from jpki.words import day_words
from jpki_cli.words import MN, M, Message

if TYPE_CHECKING:
    from datetime import date

    from jpki.certificate import Period

#: Words for the days on which a number would be too calm.
_LAST_DAYS: Final = {
    (0, False): M("ends today ({last_day}); renew it today"),
    (1, False): M("ends tomorrow ({last_day}); renew it now"),
    (0, True): M("ends today ({last_day}), as the card does"),
    (1, True): M("ends tomorrow ({last_day}), as the card does"),
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
        return M("begins on {first_day}, ends on {last_day}", first_day=first_day, last_day=last_day)
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
        return M("The card itself ended on {day}.", day=day_words(card_expires))
    if left == 0:
        return M("The card itself ends today ({day}).", day=day_words(card_expires))
    return M("The card itself runs until {day}.", day=day_words(card_expires))
