"""Validity rules of docs/certificates.md, section 3, against a day-by-day search and the worked values given there."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from jpki_sim import dates
from jpki_sim.dates import BirthdayRules

DAYS = st.dates(date(1920, 1, 1), date(2060, 12, 31))
RULES = st.builds(BirthdayRules, leap_day=st.sampled_from(["02-28", "03-01"]), issue_day_counts=st.booleans())


def is_birthday(day: date, birth: date, rules: BirthdayRules) -> bool:
    """Say of one day whether it is a birthday, without computing one."""
    if (day.month, day.day) == (birth.month, birth.day):
        return True
    if (birth.month, birth.day) != (2, 29):
        return False
    is_leap_year = (date(day.year, 3, 1) - timedelta(days=1)).day == 29
    return not is_leap_year and (day.month, day.day) == ((2, 28) if rules.leap_day == "02-28" else (3, 1))


def walk_to_birthday(birth: date, issued: date, count: int, rules: BirthdayRules) -> date:
    """Walk day by day from the issue until the wanted birthday comes."""
    day = issued if rules.issue_day_counts else issued + timedelta(days=1)
    while True:
        if is_birthday(day, birth, rules):
            count -= 1
            if count == 0:
                return day
        day += timedelta(days=1)


@given(birth=DAYS, issued=DAYS, count=st.integers(1, 6), rules=RULES)
def test_nth_birthday_is_the_one_met_by_walking(birth: date, issued: date, count: int, rules: BirthdayRules) -> None:
    """The n-th birthday after a day is the one that a walk through the calendar meets."""
    assert dates.nth_birthday_after(birth, issued, count, rules) == walk_to_birthday(birth, issued, count, rules)


@given(
    birth=DAYS,
    issued=DAYS,
    renewed=st.booleans(),
    cap=st.none() | st.integers(0, 4000).map(lambda days: timedelta(days=days)),
)
def test_a_certificate_ends_with_the_earliest(birth: date, issued: date, renewed: bool, cap: timedelta | None) -> None:  # noqa: FBT001 # drawn
    """A certificate ends on its fifth (renewed early: sixth) birthday or with what caps it, whichever is earlier."""
    birthday = walk_to_birthday(birth, issued, 6 if renewed else 5, dates.DEFAULT_RULES)
    caps = () if cap is None else (issued + cap,)
    expiry = dates.certificate_expiry(birth, issued, renewed_in_window=renewed, not_later_than=caps)
    assert expiry == min((birthday, *caps))


@pytest.mark.parametrize(
    ("birth", "renewed", "expected"),
    [
        (date(1990, 12, 1), False, date(2030, 12, 1)),
        (date(1990, 12, 1), True, date(2031, 12, 1)),
        (date(1990, 3, 10), False, date(2031, 3, 10)),
        (date(1990, 3, 10), True, date(2032, 3, 10)),
    ],
)
def test_worked_values(birth: date, renewed: bool, expected: date) -> None:  # noqa: FBT001 # parameter
    """The values that docs/certificates.md, 3.1 works out for an issue on 22 November 2026 come out."""
    assert dates.certificate_expiry(birth, date(2026, 11, 22), renewed_in_window=renewed) == expected


def test_the_public_test_card() -> None:
    """Born 17 February 1980, issued 27 October 2025: the published test card ends on 17 February 2030."""
    assert dates.certificate_expiry(date(1980, 2, 17), date(2025, 10, 27)) == date(2030, 2, 17)


def test_leap_day_birthdays_follow_their_rule() -> None:
    """Somebody born on 29 February has the birthday on the 28th in other years, or on 1 March if the rule says so."""
    born = date(2000, 2, 29)
    assert dates.birthday_in(born, 2026) == date(2026, 2, 28)
    assert dates.birthday_in(born, 2026, BirthdayRules(leap_day="03-01")) == date(2026, 3, 1)
    assert dates.birthday_in(born, 2028) == date(2028, 2, 29)


@pytest.mark.parametrize(("counts", "year"), [(False, 2031), (True, 2030)])
def test_issue_on_a_birthday_follows_its_rule(counts: bool, year: int) -> None:  # noqa: FBT001 # parameter
    """A birthday on the day of issue is the first of five only where the rule says so."""
    rules = BirthdayRules(issue_day_counts=counts)
    assert dates.certificate_expiry(date(1990, 5, 5), date(2026, 5, 5), rules=rules) == date(year, 5, 5)


@pytest.mark.parametrize(
    ("birth", "applied", "expected"),
    [
        (date(1990, 5, 5), date(2026, 5, 6), date(2036, 5, 5)),
        (date(2008, 5, 5), date(2026, 5, 5), date(2036, 5, 5)),
        (date(2008, 5, 6), date(2026, 5, 5), date(2030, 5, 6)),
        (date(2003, 5, 5), date(2022, 3, 31), date(2026, 5, 5)),
        (date(2003, 5, 5), date(2022, 4, 1), date(2031, 5, 5)),
    ],
)
def test_card_expiry(birth: date, applied: date, expected: date) -> None:
    """Adults get ten birthdays and minors five; adult is 18 since 1 April 2022 and was 20 before."""
    assert dates.card_expiry(birth, applied) == expected


@pytest.mark.parametrize(
    ("day", "attribute", "digits"),
    [
        (date(1980, 2, 17), "319800217", "550217"),
        (date(1989, 1, 7), "319890107", "640107"),
        (date(1989, 1, 8), "419890108", "010108"),
        (date(2019, 4, 30), "420190430", "310430"),
        (date(2019, 5, 1), "520190501", "010501"),
        (date(2020, 2, 24), "520200224", "020224"),
        (date(1926, 12, 24), "219261224", "151224"),
        (date(1926, 12, 25), "319261225", "011225"),
        (date(1912, 7, 29), "119120729", "450729"),
        (date(1912, 7, 30), "219120730", "010730"),
        (date(1868, 1, 24), "018680124", "680124"),
    ],
)
def test_eras(day: date, attribute: str, digits: str) -> None:
    """Dates are written with their era in the certificate, and with its year in 照合番号B."""
    assert dates.birth_attribute(day) == attribute
    assert dates.era_digits(day) == digits


def test_days_and_instants_of_a_card_file() -> None:
    """A day may be relative to the day of use; without a time it begins at 01:30:07 and ends at 23:59:59 Japan time."""
    today = date(2026, 11, 22)
    assert dates.resolve_day("today-1d", today) == date(2026, 11, 21)
    assert dates.resolve_day("today+80d", today) == date(2027, 2, 10)
    assert dates.resolve_day("today", today) == today
    assert dates.resolve_instant("today", today, is_end=True).isoformat() == "2026-11-22T23:59:59+09:00"
    assert dates.resolve_instant("2026-01-02", today, is_end=False).isoformat() == "2026-01-02T01:30:07+09:00"
    exact = dates.resolve_instant("today+1dT00:00:05Z", today, is_end=True)
    assert exact == datetime.fromisoformat("2026-11-23T00:00:05+00:00")


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "today+", "today+1", "today+1d ", "2026-2-3", "20260203", "2026-02-30", "2026-W01-1"),
        *("1600-01-01", "3000-01-01", "2026-01-02T03:04:05", "2026-01-02T03:04Z", "2026-01-02T25:00:00Z"),
        "2026-01-02T03:04:05.6Z",
    ],
)
def test_other_texts_are_no_instants(text: str) -> None:
    """Anything that is not exactly a day or an instant with its offset is refused."""
    with pytest.raises(ValueError, match=r".*"):
        dates.resolve_instant(text, date(2026, 11, 22), is_end=False)


@pytest.mark.parametrize(("instant", "day"), [("14:59:59", 28), ("15:00:00", 29)])
def test_today_in_japan_is_a_day_of_japan(monkeypatch: pytest.MonkeyPatch, instant: str, day: int) -> None:
    """The default day is the one of Japan, whatever the computer's zone."""
    at = datetime.fromisoformat(f"2028-02-28T{instant}+00:00")
    monkeypatch.setattr(dates, "now", lambda: at.astimezone(dates.JST))
    assert dates.japan_today() == date(2028, 2, day)
