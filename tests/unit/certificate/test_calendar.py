"""The calendar file has the days of renewal and nothing else of the certificate."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta

import icalendar
import pytest

from jpki.certificate import period_of, read_summary, split
from jpki.certificate.calendar import CalendarTexts, renewal_calendar
from jpki.errors import ExtraMissingError

_TEXTS = CalendarTexts("更新できる期間です; はじめ, おわり", "The last day", "See your municipality." * 8)


def _events(written: bytes) -> dict[str, icalendar.Component]:
    calendar = icalendar.Calendar.from_ical(written)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_entries_are_the_window_and_the_last_day(make_holder: Callable[..., bytes], at: datetime) -> None:
    """Both entries are whole days of Japan, whose end is the day after the last (RFC 5545, 3.6.1)."""
    period = period_of(read_summary(make_holder()), at)
    events = _events(renewal_calendar("auth", period, _TEXTS, stamp=at))
    window = events["auth-2030-02-17-window@jpki.invalid"]
    last_day = events["auth-2030-02-17-last-day@jpki.invalid"]
    assert len(events) == 2
    assert (window.decoded("dtstart"), window.decoded("dtend")) == (date(2029, 11, 18), date(2030, 2, 18))
    assert (last_day.decoded("dtstart"), last_day.decoded("dtend")) == (date(2030, 2, 17), date(2030, 2, 18))
    assert str(window["summary"]) == _TEXTS.window
    assert str(last_day["summary"]) == _TEXTS.last_day
    assert str(last_day["description"]) == _TEXTS.description
    (alarm,) = window.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=9)


def test_lines_are_those_of_a_calendar_file(make_holder: Callable[..., bytes], at: datetime) -> None:
    """Lines end with CRLF and are folded to 75 bytes without cutting a character (RFC 5545, 3.1)."""
    written = renewal_calendar("auth", period_of(read_summary(make_holder()), at), _TEXTS, stamp=at)
    lines = written.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_same_certificate_gives_the_same_file(make_holder: Callable[..., bytes], at: datetime) -> None:
    """The entries are the same whenever the certificate is read, but for their stamp; kinds differ."""
    summary = read_summary(make_holder())
    later = at + timedelta(days=30)
    first = renewal_calendar("auth", period_of(summary, at), _TEXTS, stamp=at)
    assert renewal_calendar("auth", period_of(summary, later), _TEXTS, stamp=at) == first
    assert set(_events(renewal_calendar("sign", period_of(summary, at), _TEXTS, stamp=at))).isdisjoint(_events(first))


def test_nothing_else_of_the_certificate_is_in_the_file(persona_certificates: dict[str, bytes], at: datetime) -> None:
    """Neither serial number nor name nor day of issue can be found in it."""
    certificate = persona_certificates["adult/sign"]
    parts = split(certificate)
    written = renewal_calendar("sign", period_of(read_summary(certificate), at), _TEXTS, stamp=at).decode()
    for secret in (str(parts.serial), f"{parts.serial:X}", f"{parts.not_before:%Y%m%d}", "テスト", "架空", "Kaku"):
        assert secret not in written


def test_missing_library_is_named(
    make_holder: Callable[..., bytes], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without icalendar the error says what to install."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ExtraMissingError) as caught:
        renewal_calendar("auth", period_of(read_summary(make_holder()), at), _TEXTS, stamp=at)
    assert caught.value.extra == "calendar"
