"""The day that the tests of this process are given, for what is made while they are collected."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from jpki_sim import dates

#: As the option ``--today`` gives it; ``now`` is the clock's.
day = "now"


def now() -> datetime:
    """Noon of that day in Japan, in UTC."""
    if day == "now":
        return datetime.now(UTC).replace(microsecond=0)
    return datetime.combine(date.fromisoformat(day), time(12), dates.JST).astimezone(UTC)
