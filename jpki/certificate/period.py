"""Until when a certificate runs, from when it can be renewed, and which rule ended it (docs/certificates.md, 3).

All days are days of Japan. Japan time is +09:00 without summer time, whatever zone the computer is in.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The time of the card's dates: nine hours ahead of UTC, the whole year.
JST: Final = timezone(timedelta(hours=9), "JST")
#: Months before the end from which a certificate can be renewed (docs/certificates.md, 3.3).
RENEWAL_MONTHS: Final = 3
#: Planned for the next card, whose certificates run for ten years (docs/certificates.md, 3.6).
NEXT_RENEWAL_MONTHS: Final = 12
#: No certificate of today runs longer than to the sixth birthday after its issue.
_LONGEST_TODAY: Final = timedelta(days=6 * 366 + 1)
_ONE_DAY: Final = timedelta(days=1)
_FEBRUARY_28: Final = (2, 28)
_MARCH_1: Final = (3, 1)


class HasPeriod(Protocol):
    """Anything with a first and a last instant, both inclusive: a certificate's summary, details or parts."""

    @property
    def not_before(self) -> datetime:
        """First instant."""
        ...

    @property
    def not_after(self) -> datetime:
        """Last instant."""
        ...


class PeriodState(enum.Enum):
    """Where an instant lies in a certificate's period; the values are those of the JSON output."""

    NOT_YET_VALID = "not_yet_valid"
    IN_PERIOD = "in_period"
    RENEWABLE = "renewable"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Period:
    """A certificate's period, seen from one instant.

    ``not_before`` and ``not_after`` are in Japan time, both inclusive. ``days_left`` counts calendar days of Japan: 1
    on the day before the last one, 0 on the last day and after the end. ``days_since`` is 0 until the end and 1 on the
    day after the last. ``renewable_from`` is the first day on which every town renews (see :func:`renewal_days`);
    ``renewable_in_some_towns_from`` is the day before it, on which only some do, and ``depends_on_town`` is true on
    just that day.
    """

    state: PeriodState
    not_before: datetime
    not_after: datetime
    days_left: int
    days_since: int
    renewable_from: date
    renewable_in_some_towns_from: date
    depends_on_town: bool
    renewal_months: int = RENEWAL_MONTHS

    def __repr__(self) -> str:
        # The last day mostly is a birthday, so it is as personal as the certificate.
        return f"<Period {self.state.value}>"

    @property
    def last_day(self) -> date:
        """The day of Japan on which the period ends."""
        return self.not_after.date()


def in_japan(at: datetime) -> datetime:
    """The same instant in Japan time.

    Raises:
        ValueError: ``at`` has no time zone, or is outside the calendar in Japan.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone means another one elsewhere")
    try:
        return at.astimezone(JST)
    except OverflowError:
        raise ValueError("an instant is outside the calendar") from None


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it has no such day.

    Three months before 31 May is 28 February, in leap years 29 February: the reading of Civil Code 143 (2), by which a
    period of months without a corresponding day ends with the last day of the month.
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        return date(year, month + 1, 1) - _ONE_DAY  # such a month is never December, which has 31 days


def renewal_days(last_day: date, months: int = RENEWAL_MONTHS) -> tuple[date, date]:
    """The first day of renewal in some towns, and in all: three months before the last day, and the day after that.

    The leaflet of the card says "from three months before". Towns read this in two ways: from the day three months
    back, or from the day after it (Omura, Suita and Kawauchi write: end on 1 August, from 2 May). Who comes on the
    later day is served everywhere.
    """
    earlier = months_before(last_day, months)
    return earlier, earlier + _ONE_DAY


def renewal_months(not_before: datetime, not_after: datetime) -> int:
    """How many months before its end a certificate can be renewed: three, or twelve where it runs for ten years."""
    return NEXT_RENEWAL_MONTHS if not_after - not_before > _LONGEST_TODAY else RENEWAL_MONTHS


def period_of(certificate: HasPeriod, at: datetime) -> Period:
    """Look at a certificate's period from the instant ``at``.

    A fraction of a second belongs to its second, as the last one counts in full.

    Raises:
        ValueError: ``at`` has no time zone, or is outside the calendar in Japan.
    """
    now = in_japan(at).replace(microsecond=0)
    not_before, not_after = certificate.not_before.astimezone(JST), certificate.not_after.astimezone(JST)
    months = renewal_months(not_before, not_after)
    in_some_towns, everywhere = renewal_days(not_after.date(), months)
    days = (not_after.date() - now.date()).days
    return Period(
        state=_state(now, not_before, not_after, everywhere),
        not_before=not_before,
        not_after=not_after,
        days_left=max(days, 0),
        days_since=max(-days, 0),
        renewable_from=everywhere,
        renewable_in_some_towns_from=in_some_towns,
        depends_on_town=not_before <= now <= not_after and now.date() == in_some_towns,
        renewal_months=months,
    )


def _state(now: datetime, not_before: datetime, not_after: datetime, renewable_from: date) -> PeriodState:
    if now > not_after:
        return PeriodState.EXPIRED
    if now < not_before:
        return PeriodState.NOT_YET_VALID
    return PeriodState.RENEWABLE if now.date() >= renewable_from else PeriodState.IN_PERIOD


class EndRule(enum.Enum):
    """What can end a certificate's period (docs/certificates.md, 3.1)."""

    FIFTH_BIRTHDAY = "fifth_birthday"  # the rule
    SIXTH_BIRTHDAY = "sixth_birthday"  # renewed within the last three months of the one before
    CARD_EXPIRY = "card_expiry"
    AUTH_CERTIFICATE = "auth_certificate"  # a sign certificate ends with the auth certificate at the latest


def end_rules(
    certificate: HasPeriod,
    *,
    birth_date: date | None = None,
    card_expiry: date | None = None,
    auth_not_after: datetime | None = None,
) -> tuple[EndRule, ...]:
    """The rules whose day is the last day of the certificate, as far as the given facts show; empty: not known.

    Two rules often name the same day: the card of a child ends on the fifth birthday as well. ``auth_not_after`` is
    given for a sign certificate only. No source says which day is the birthday of somebody born on 29 February, nor
    whether a birthday on the day of issue counts, so each reading of the birthday rules is accepted, the fifth before
    the sixth.
    """
    last_day = certificate.not_after.astimezone(JST).date()
    issued = certificate.not_before.astimezone(JST).date()
    found = [] if birth_date is None else [*_birthday_rules(birth_date, issued, last_day)][:1]
    if card_expiry == last_day:
        found.append(EndRule.CARD_EXPIRY)
    if auth_not_after is not None and auth_not_after.astimezone(JST).date() == last_day:
        found.append(EndRule.AUTH_CERTIFICATE)
    return tuple(found)


def _birthday_rules(birth: date, issued: date, last_day: date) -> Iterator[EndRule]:
    for count, rule in ((5, EndRule.FIFTH_BIRTHDAY), (6, EndRule.SIXTH_BIRTHDAY)):
        for leap_day in (_FEBRUARY_28, _MARCH_1):
            first = birthday_in(birth, issued.year, leap_day)
            if first >= issued and birthday_in(birth, issued.year + count - 1, leap_day) == last_day:
                yield rule
            if first <= issued and birthday_in(birth, issued.year + count, leap_day) == last_day:
                yield rule


def birthday_in(birth: date, year: int, leap_day: tuple[int, int] = _FEBRUARY_28) -> date:
    """Birthday in a year of somebody born on ``birth``; ``leap_day`` stands for 29 February in other years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, *leap_day)
