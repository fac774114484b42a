"""Birthdays, validity periods and Japan time, as docs/certificates.md, section 3 tells them.

A certificate ends at 23:59:59 Japan time of the earliest of: the fifth birthday after its issue (the sixth when it
replaces one within that one's last three months), the end of the user certificate (for the signature certificate) and
the end of the card. Two questions that no source answers are settings, see :class:`BirthdayRules`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Final, Literal, NamedTuple

JST: Final = timezone(timedelta(hours=9), "JST")
_LAST_SECOND: Final = time(23, 59, 59, tzinfo=JST)
#: Samples were issued shortly after midnight or at about half past one (docs/certificates.md, 2.1).
_ISSUE_TIME: Final = time(1, 30, 7, tzinfo=JST)
_ADULT_18_SINCE: Final = date(2022, 4, 1)
#: A day counted from the day of use.
RELATIVE_DAY: Final = re.compile(r"today(?:([+-])([0-9]{1,5})d)?")
#: A day from 1700 to 2999.
ISO_DAY: Final = re.compile(r"(?:1[7-9]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
#: A time of day with its offset.
ISO_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_UNKNOWN_ERA: Final = 0
_ERAS: Final = (
    (date(2019, 5, 1), 5, 2018),
    (date(1989, 1, 8), 4, 1988),
    (date(1926, 12, 25), 3, 1925),
    (date(1912, 7, 30), 2, 1911),
    (date(1868, 1, 25), 1, 1867),
)


class BirthdayRules(NamedTuple):
    """What sources leave open about birthdays.

    ``leap_day``: the birthday of somebody born on 29 February in other years. 28 February is the reading of Civil
    Code 143 (2), where a period without a corresponding day ends with the last day of the month, and of the statutes
    that say so expressly (Road Traffic Act 92-2). ``issue_day_counts``: whether a birthday on the day of issue is the
    first.
    """

    leap_day: Literal["02-28", "03-01"] = "02-28"
    issue_day_counts: bool = False


DEFAULT_RULES: Final = BirthdayRules()


def now() -> datetime:
    """The present time in Japan; the only clock of the simulated cards, so that tests can set the day."""
    return datetime.now(JST)


def japan_today() -> date:
    """Today's date in Japan."""
    return now().date()


def birthday_in(birth: date, year: int, rules: BirthdayRules = DEFAULT_RULES) -> date:
    """Birthday of somebody born on ``birth`` in a year."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date.fromisoformat(f"{year:04d}-{rules.leap_day}")


def nth_birthday_after(birth: date, day: date, count: int, rules: BirthdayRules = DEFAULT_RULES) -> date:
    """The ``count``-th birthday after ``day``."""
    first = birthday_in(birth, day.year, rules)
    is_later = first > day or (first == day and rules.issue_day_counts)
    return birthday_in(birth, day.year + count - (1 if is_later else 0), rules)


def age_on(birth: date, day: date, rules: BirthdayRules = DEFAULT_RULES) -> int:
    """Age in years on a day, counted from the birthday."""
    return day.year - birth.year - (1 if day < birthday_in(birth, day.year, rules) else 0)


def certificate_expiry(
    birth: date,
    issued: date,
    *,
    renewed_in_window: bool = False,
    not_later_than: tuple[date, ...] = (),
    birthdays: int = 5,
    rules: BirthdayRules = DEFAULT_RULES,
) -> date:
    """Last day of a certificate issued on ``issued``.

    ``not_later_than`` are the days that cap it: the end of the card, and that of the user certificate for a signature
    certificate. ``birthdays`` is how many it lasts: five today, ten in the next generation.
    """
    count = birthdays + 1 if renewed_in_window else birthdays
    return min((nth_birthday_after(birth, issued, count, rules), *not_later_than))


def card_expiry(birth: date, applied: date, rules: BirthdayRules = DEFAULT_RULES) -> date:
    """Last day of a card applied for on ``applied``: tenth birthday for adults, fifth for minors (3.2)."""
    adult = 18 if applied >= _ADULT_18_SINCE else 20
    return nth_birthday_after(birth, applied, 10 if age_on(birth, applied, rules) >= adult else 5, rules)


def end_of_day(day: date) -> datetime:
    """23:59:59 Japan time, the last instant of a certificate."""
    return datetime.combine(day, _LAST_SECOND)


def issue_instant(day: date) -> datetime:
    """The moment of issue used where only the day is known."""
    return datetime.combine(day, _ISSUE_TIME)


def resolve_day(text: str, today: date) -> date:
    """A day of a card file: ``2031-03-10``, ``today``, ``today+80d`` or ``today-1d``.

    Raises:
        ValueError: neither, no day of the calendar, or outside the years 1700 to 2999.
    """
    if match := RELATIVE_DAY.fullmatch(text):
        days = int(match[2] or 0)
        return today + timedelta(days=-days if match[1] == "-" else days)
    if not ISO_DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def resolve_instant(text: str, today: date, *, is_end: bool) -> datetime:
    """An instant of a card file: a day (01:30:07 or, ``is_end``, 23:59:59 Japan time), or ISO 8601 with its offset.

    Raises:
        ValueError: neither.
    """
    if "T" not in text:
        day = resolve_day(text, today)
        return end_of_day(day) if is_end else issue_instant(day)
    day_text, _, time_text = text.partition("T")
    if not ISO_TIME.fullmatch(time_text):
        raise ValueError(text)
    return datetime.combine(resolve_day(day_text, today), time.fromisoformat(time_text))


def era(day: date) -> tuple[int, int]:
    """Era code (1 Meiji … 5 Reiwa) and year within it; code 0 and the Gregorian year before Meiji."""
    for first, code, offset in _ERAS:
        if day >= first:
            return code, day.year - offset
    return _UNKNOWN_ERA, day.year


def era_digits(day: date) -> str:
    """Six digits YYMMDD with the year of the era: the start of 照合番号B (docs/card.md, 2.1)."""
    return f"{era(day)[1] % 100:02d}{day:%m%d}"


def birth_attribute(day: date) -> str:
    """Nine characters of the signature certificate: era code, then the Gregorian date."""
    return f"{era(day)[0]}{day.year:04d}{day:%m%d}"
