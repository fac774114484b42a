"""Periods, renewal days and rules of the end, against tables and against slow counting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given, strategies as st

from jpki.certificate import JST, PeriodState, end_rules, in_japan, period_of, renewal_days
from jpki.certificate.period import EndRule, birthday_in, months_before

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class _Certificate:
    not_before: datetime
    not_after: datetime


def _certificate(last_day: date, issued: date = date(2025, 3, 10)) -> _Certificate:
    return _Certificate(
        datetime(issued.year, issued.month, issued.day, 1, 30, 7, tzinfo=JST).astimezone(UTC),
        datetime(last_day.year, last_day.month, last_day.day, 23, 59, 59, tzinfo=JST).astimezone(UTC),
    )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=JST)


@pytest.mark.parametrize(
    ("last_day", "in_some_towns", "everywhere"),
    [
        # Omura: end on 1 August, from 2 May.
        (date(2027, 8, 1), date(2027, 5, 1), date(2027, 5, 2)),
        (date(2030, 2, 17), date(2029, 11, 17), date(2029, 11, 18)),
        (date(2030, 1, 1), date(2029, 10, 1), date(2029, 10, 2)),
        (date(2030, 12, 31), date(2030, 9, 30), date(2030, 10, 1)),
        (date(2030, 3, 31), date(2029, 12, 31), date(2030, 1, 1)),
        # Months without the day: the last day of the month.
        (date(2027, 5, 31), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2027, 5, 30), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2027, 5, 29), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2027, 5, 28), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2027, 7, 31), date(2027, 4, 30), date(2027, 5, 1)),
        # The same in leap years.
        (date(2028, 5, 31), date(2028, 2, 29), date(2028, 3, 1)),
        (date(2028, 5, 30), date(2028, 2, 29), date(2028, 3, 1)),
        (date(2028, 5, 29), date(2028, 2, 29), date(2028, 3, 1)),
        (date(2028, 5, 28), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2100, 5, 29), date(2100, 2, 28), date(2100, 3, 1)),
        # Ends on 28 and 29 February.
        (date(2028, 2, 29), date(2027, 11, 29), date(2027, 11, 30)),
        (date(2027, 2, 28), date(2026, 11, 28), date(2026, 11, 29)),
    ],
)
def test_renewal_begins_three_months_before(last_day: date, in_some_towns: date, everywhere: date) -> None:
    """Renewal begins on the same day three months back, or that month's last day; everywhere on the day after."""
    assert renewal_days(last_day) == (in_some_towns, everywhere)


def _months_before_slowly(day: date, months: int) -> date:
    """Walk back day by day into the wanted month, then to the wanted day or the month's last."""
    walked, left = day, months
    while left:
        previous = walked - _DAY
        left -= previous.month != walked.month
        walked = previous
    while walked.day > day.day:
        walked -= _DAY
    return walked


@given(st.dates(date(1951, 1, 1), date(2199, 12, 31)), st.integers(1, 14))
def test_months_before_agrees_with_walking_back(day: date, months: int) -> None:
    """Going back by months gives what walking back day by day gives."""
    assert months_before(day, months) == _months_before_slowly(day, months)


@pytest.mark.parametrize(
    ("at", "state", "days_left", "days_since"),
    [
        ("2025-03-10T01:30:06+09:00", PeriodState.NOT_YET_VALID, 1805, 0),
        ("2025-03-10T01:30:07+09:00", PeriodState.IN_PERIOD, 1805, 0),
        ("2029-11-17T23:59:59+09:00", PeriodState.IN_PERIOD, 92, 0),
        ("2029-11-18T00:00:00+09:00", PeriodState.RENEWABLE, 91, 0),
        ("2030-02-16T23:59:59+09:00", PeriodState.RENEWABLE, 1, 0),
        ("2030-02-17T00:00:00+09:00", PeriodState.RENEWABLE, 0, 0),
        ("2030-02-17T23:59:59+09:00", PeriodState.RENEWABLE, 0, 0),
        ("2030-02-17T23:59:59.999999+09:00", PeriodState.RENEWABLE, 0, 0),
        ("2030-02-18T00:00:00+09:00", PeriodState.EXPIRED, 0, 1),
        ("2030-03-01T00:00:00+09:00", PeriodState.EXPIRED, 0, 12),
        # The same instants told elsewhere.
        ("2030-02-17T14:59:59+00:00", PeriodState.RENEWABLE, 0, 0),
        ("2030-02-17T15:00:00+00:00", PeriodState.EXPIRED, 0, 1),
        ("2030-02-17T04:59:59-10:00", PeriodState.RENEWABLE, 0, 0),
        ("2030-02-18T01:00:00+10:00", PeriodState.EXPIRED, 0, 1),
    ],
)
def test_state_changes_at_the_second_and_days_are_days_of_japan(
    at: str, state: PeriodState, days_left: int, days_since: int
) -> None:
    """The first and the last second count, the next does not; days are counted in Japan, wherever the clock is."""
    period = period_of(_certificate(date(2030, 2, 17)), datetime.fromisoformat(at))
    assert (period.state, period.days_left, period.days_since) == (state, days_left, days_since)


def test_period_has_days_and_instants_of_japan() -> None:
    """Instants are told in Japan time; the last day is Japan's."""
    period = period_of(_certificate(date(2030, 2, 17)), datetime(2026, 1, 1, tzinfo=UTC))
    assert period.not_after.isoformat() == "2030-02-17T23:59:59+09:00"
    assert period.not_before.isoformat() == "2025-03-10T01:30:07+09:00"
    assert period.last_day == date(2030, 2, 17)
    assert (period.renewable_in_some_towns_from, period.renewable_from) == (date(2029, 11, 17), date(2029, 11, 18))


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (0, True), (1, False)])
def test_towns_differ_on_one_day_only(days: int, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Only on the day three months before does it depend on the town."""
    period = period_of(_certificate(date(2027, 8, 1)), _noon(date(2027, 5, 1) + days * _DAY))
    assert period.depends_on_town is expected
    assert period.state is (PeriodState.RENEWABLE if days > 0 else PeriodState.IN_PERIOD)


def test_towns_do_not_differ_over_a_certificate_that_has_not_begun() -> None:
    """Where the certificate begins after the day three months before, no town renews it on that day."""
    short = _certificate(date(2027, 8, 1), issued=date(2027, 6, 1))
    assert not period_of(short, _noon(date(2027, 5, 1))).depends_on_town
    assert period_of(short, _noon(date(2027, 6, 1))).state is PeriodState.RENEWABLE


def test_period_that_ends_before_it_begins_is_never_in_period() -> None:
    """A certificate with its times the wrong way round is expired or has not begun, at any instant."""
    wrong = _Certificate(datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    for month in range(1, 13):
        state = period_of(wrong, datetime(2026, month, 15, tzinfo=UTC)).state
        assert state in (PeriodState.EXPIRED, PeriodState.NOT_YET_VALID)


@given(
    st.floats(0, 2100 * 86400),
    st.integers(-23 * 60, 23 * 60),
)
def test_days_left_agree_with_counting_midnights(seconds: float, minutes: int) -> None:
    """Days left are the midnights of Japan between now and the last second, in whatever zone now is told."""
    at = datetime(2025, 3, 11, tzinfo=UTC) + seconds * _SECOND
    certificate = _certificate(date(2030, 2, 17))
    period = period_of(certificate, at.astimezone(timezone(timedelta(minutes=minutes))))
    midnights, midnight = 0, datetime(2025, 3, 11, tzinfo=JST)
    while midnight <= certificate.not_after:
        midnights += midnight > at
        midnight += _DAY
    assert period.days_left == midnights
    assert (period.state is PeriodState.EXPIRED) == (at.replace(microsecond=0) > certificate.not_after)
    assert (period.days_since > 0) == (period.state is PeriodState.EXPIRED)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001 - that it is refused is what is tested
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_instants_without_place_in_japan_are_refused(at: datetime) -> None:
    """An instant without a time zone, or outside the calendar in Japan, is the caller's mistake."""
    with pytest.raises(ValueError, match="instant"):
        period_of(_certificate(date(2030, 2, 17)), at)
    with pytest.raises(ValueError, match="instant"):
        in_japan(at)


def test_text_form_of_a_period_shows_no_day() -> None:
    """The last day mostly is a birthday, so no text form of a period has it."""
    assert repr(period_of(_certificate(date(2030, 2, 17)), datetime(2026, 1, 1, tzinfo=UTC))) == "<Period in_period>"


_BORN = date(1980, 2, 17)


@pytest.mark.parametrize(
    ("birth", "issued", "last_day", "rules"),
    [
        # The published test card.
        (_BORN, date(2025, 10, 27), date(2030, 2, 17), (EndRule.FIFTH_BIRTHDAY,)),
        # docs/certificates.md, 3.1.
        (date(1990, 12, 1), date(2026, 11, 22), date(2030, 12, 1), (EndRule.FIFTH_BIRTHDAY,)),
        (date(1990, 12, 1), date(2026, 11, 22), date(2031, 12, 1), (EndRule.SIXTH_BIRTHDAY,)),
        (date(1990, 3, 10), date(2026, 11, 22), date(2031, 3, 10), (EndRule.FIFTH_BIRTHDAY,)),
        (date(1990, 3, 10), date(2026, 11, 22), date(2032, 3, 10), (EndRule.SIXTH_BIRTHDAY,)),
        (date(1990, 3, 10), date(2026, 11, 22), date(2030, 3, 10), ()),
        (date(1990, 3, 10), date(2026, 11, 22), date(2031, 3, 11), ()),
        # Issued on a birthday: whether it counts is not known, so both are the fifth.
        (_BORN, date(2026, 2, 17), date(2030, 2, 17), (EndRule.FIFTH_BIRTHDAY,)),
        (_BORN, date(2026, 2, 17), date(2031, 2, 17), (EndRule.FIFTH_BIRTHDAY,)),
        (_BORN, date(2026, 2, 17), date(2032, 2, 17), (EndRule.SIXTH_BIRTHDAY,)),
        # Born on 29 February: both readings, and the day itself in leap years.
        (date(2000, 2, 29), date(2026, 11, 22), date(2031, 2, 28), (EndRule.FIFTH_BIRTHDAY,)),
        (date(2000, 2, 29), date(2026, 11, 22), date(2031, 3, 1), (EndRule.FIFTH_BIRTHDAY,)),
        (date(2000, 2, 29), date(2026, 11, 22), date(2032, 2, 29), (EndRule.SIXTH_BIRTHDAY,)),
        (date(2000, 2, 29), date(2026, 11, 22), date(2032, 2, 28), ()),
        (date(2000, 2, 29), date(2026, 11, 22), date(2032, 3, 1), ()),
    ],
)
def test_birthday_rules(birth: date, issued: date, last_day: date, rules: tuple[EndRule, ...]) -> None:
    """The fifth or sixth birthday after issue is told where the last day is one."""
    assert end_rules(_certificate(last_day, issued), birth_date=birth) == rules


def test_rules_of_card_and_auth_certificate() -> None:
    """The end of the card and of the auth certificate are told where they are the same day, besides a birthday."""
    certificate = _certificate(date(2030, 2, 17), date(2025, 10, 27))
    auth_end = certificate.not_after
    assert end_rules(certificate) == ()
    assert end_rules(certificate, card_expiry=date(2030, 2, 17)) == (EndRule.CARD_EXPIRY,)
    assert end_rules(certificate, card_expiry=date(2030, 2, 18)) == ()
    assert end_rules(certificate, auth_not_after=auth_end) == (EndRule.AUTH_CERTIFICATE,)
    assert end_rules(certificate, auth_not_after=auth_end + _SECOND) == ()
    assert end_rules(certificate, birth_date=_BORN, card_expiry=date(2030, 2, 17), auth_not_after=auth_end) == (
        EndRule.FIFTH_BIRTHDAY,
        EndRule.CARD_EXPIRY,
        EndRule.AUTH_CERTIFICATE,
    )


def _birthdays_after(birth: date, issued: date, leap_day: tuple[int, int]) -> list[date]:
    """The first six birthdays after the day of issue, found by walking through every day."""
    found: list[date] = []
    day = issued
    while len(found) < 6:
        day += _DAY
        is_leap_year = (date(day.year, 3, 1) - _DAY).day == 29
        is_substituted = (birth.month, birth.day) == (2, 29) and not is_leap_year
        if (day.month, day.day) == (leap_day if is_substituted else (birth.month, birth.day)):
            found.append(day)
    return found


@given(
    st.dates(date(1910, 1, 1), date(2026, 1, 1)),
    st.dates(date(2015, 10, 20), date(2060, 12, 31)),
    st.sampled_from([(2, 28), (3, 1)]),
)
def test_birthday_rules_agree_with_walking_through_every_day(
    birth: date, issued: date, leap_day: tuple[int, int]
) -> None:
    """The rule found for the fifth and sixth birthday after issue is that of a walk through all days between."""
    assume(birth < issued)
    *_, fifth, sixth = _birthdays_after(birth, issued, leap_day)
    assert end_rules(_certificate(fifth, issued), birth_date=birth) == (EndRule.FIFTH_BIRTHDAY,)
    assert end_rules(_certificate(sixth, issued), birth_date=birth) == (EndRule.SIXTH_BIRTHDAY,)


@given(
    st.dates(date(1910, 1, 1), date(2026, 1, 1)),
    st.dates(date(2026, 1, 2), date(2050, 12, 31)),
    st.integers(0, 3000),
)
def test_no_other_day_is_a_birthday(birth: date, issued: date, later: int) -> None:
    """A day that no reading makes a fifth or sixth birthday has no birthday rule."""
    last_day = issued + later * _DAY
    readings = {
        day
        for leap_day in ((2, 28), (3, 1))
        for before in (issued, issued - _DAY)  # with the day of issue and without it
        for day in _birthdays_after(birth, before, leap_day)[4:]
    }
    assume(last_day not in readings)
    assert end_rules(_certificate(last_day, issued), birth_date=birth) == ()


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(1900, 2100))
def test_birthday_is_the_day_itself_or_the_substitute(birth: date, year: int) -> None:
    """Only 29 February has a substitute, and only in years without it."""
    day = birthday_in(birth, year)
    assert (day.month, day.day) in ((birth.month, birth.day), (2, 28))
    assert day.year == year
    assert ((day.month, day.day) == (birth.month, birth.day)) or (birth.month, birth.day) == (2, 29)
