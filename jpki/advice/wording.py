"""Where a line of guidance was read, and of which date, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words import M, Message, listed

if TYPE_CHECKING:
    from .model import GuideRule


def date_words(date: str | None) -> Message:
    """Say the date of a source: a day, month or year, a span of years, "or earlier", or that it has none."""
    if date is None:
        return M("no date")
    first, _, last = date.partition("/")
    if not last:
        return M("{text}", text=first)
    if first == "..":
        return M("{year} or earlier", year=last)
    return M("{first} to {last}", first=first, last=last)


def origin(rule: GuideRule) -> Message:
    """Say where a rule was read, and of which date that is."""
    if rule.cities:
        return M("pages of {cities}, {date}", cities=listed(rule.cities), date=date_words(rule.date))
    return M("{source}, {date}", source=rule.source.label, date=date_words(rule.date))
