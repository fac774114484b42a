"""When to renew a certificate, as a calendar file (RFC 5545).

Writing it takes the library icalendar, which is installed with the extra ``jpki[calendar]``: who wants no calendar file
needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Final

from jpki.errors import ExtraMissingError

if TYPE_CHECKING:
    from datetime import datetime

    from icalendar import Event

    from .period import Period

_ONE_DAY: Final = timedelta(days=1)
_MORNING: Final = timedelta(hours=9)
_PRODUCT: Final = "-//jpki//certificate renewal//EN"
_DOMAIN: Final = "jpki.invalid"


@dataclass(frozen=True, slots=True)
class CalendarTexts:
    """What the two entries say; they should hold nothing that is not known of every card."""

    window: str
    last_day: str
    description: str = ""


def renewal_calendar(name: str, period: Period, texts: CalendarTexts, *, stamp: datetime) -> bytes:
    """Write two all-day entries: the days on which the certificate can be renewed, and its last day.

    ``name`` names the certificate (``auth``); with the last day it makes the identifiers of the entries, so that the
    same certificate read twice is one entry. ``stamp`` is now. The file holds these days and ``texts``, nothing else of
    the certificate. The window begins on the day on which every town renews, with a reminder at nine in the morning.

    Raises:
        ExtraMissingError: icalendar is not installed.
    """
    try:
        from icalendar import Alarm, Calendar
    except ImportError as exc:
        raise ExtraMissingError("a calendar file needs the library icalendar", extra="calendar") from exc
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    identifier = f"{name}-{period.last_day.isoformat()}"
    window = _event(f"{identifier}-window", (period.renewable_from, period.last_day), texts.window, stamp)
    last_day = _event(f"{identifier}-last-day", (period.last_day, period.last_day), texts.last_day, stamp)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", texts.window)
    alarm.add("trigger", _MORNING)
    window.add_component(alarm)
    for event in (window, last_day):
        if texts.description:
            event.add("description", texts.description)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(identifier: str, days: tuple[date, date], summary: str, stamp: datetime) -> Event:
    from icalendar import Event

    first, last = days
    event = Event()
    event.add("uid", f"{identifier}@{_DOMAIN}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", first)
    event.add("dtend", last + _ONE_DAY)  # the end of an all-day entry is the day after it (RFC 5545, 3.6.1)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event
