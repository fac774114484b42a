"""The time to judge by: now, or the day of ``--at``."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from jpki_cli.failures import usage_error
from jpki_cli.words import M

from . import clock
from .click_classes import Option

_JAPAN: Final = timezone(timedelta(hours=9))


def at_option() -> Option:
    """Make the option ``--at``."""
    return Option(["--at"], metavar="DATE", help=M("Judge as of this day (YYYY-MM-DD, Japan time) instead of now."))


def parse_at(text: str | None) -> datetime:
    """Parse --at: noon in Japan of a day, or an instant with its offset; None is now."""
    if text is None:
        return clock.now()
    try:
        return datetime.combine(date.fromisoformat(text), time(12), _JAPAN)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise usage_error(M("A day has the form YYYY-MM-DD."))
    return at
