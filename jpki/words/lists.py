"""Several things, and days, as a part of a sentence in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .message import M, Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def listed(parts: Sequence[Message]) -> Message:
    """Say several things with commas between them; one thing as it is."""
    joined = parts[-1]
    for part in reversed(parts[:-1]):
        joined = M("{first}, {others}", first=part, others=joined)
    return joined


def day_words(day: date) -> Message:
    """Say a day as running text has it: 2026-11-25, or 2026年11月25日."""
    return M("{year}-{month:02}-{day:02}", year=day.year, month=day.month, day=day.day)


def month_words(day: date) -> Message:
    """Say a day of which only the month is to be shown."""
    return M("a day of {year}-{month:02}", year=day.year, month=day.month)
