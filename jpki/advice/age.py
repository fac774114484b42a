"""How old the guidance is: procedures, numbers and fees change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from jpki.certificate import in_japan
from jpki.words import M

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.words import Message

#: The month in which the newest of its sources were read; the rules keep a date each.
GUIDANCE_MONTH: Final = date(2026, 11, 1)
_MONTHS_GOOD: Final = 12


def is_old(at: datetime) -> bool:
    """Whether more than a year has passed since the guidance was written."""
    today = in_japan(at).date()
    return (today.year - GUIDANCE_MONTH.year) * 12 + today.month - GUIDANCE_MONTH.month > _MONTHS_GOOD


def freshness(at: datetime) -> Message:
    """Say of which month the guidance is, and a year later that it is old and where to ask."""
    values = {"year": GUIDANCE_MONTH.year, "month": GUIDANCE_MONTH.month}
    if is_old(at):
        return M(
            "This guidance dates from {year}-{month:02} and is more than a year old. Ask your municipal office or "
            "call 0120-95-0178 for the current rules.",
            **values,
        )
    return M("As of {year}-{month:02}. Rules differ from town to town: call before you go.", **values)
