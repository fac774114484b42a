"""What can be done about a card, for whoever acts: the door of the rules for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .model import Applicant
from .rules import advise_status

if TYPE_CHECKING:
    from jpki.card import CardStatus

    from .rules import Advice


def advise(
    status: CardStatus, *, applicant: Applicant = Applicant.SELF, at: datetime | None = None
) -> tuple[Advice, ...]:
    """Say what the holder of a card, or whoever acts for them, can do about it, most urgent first.

    Args:
        status: what was read of the card.
        applicant: who acts; some ways are for the holder in person.
        at: the instant to look at it from; now unless one is given.
    """
    return advise_status(status, at or datetime.now(UTC), by_holder=applicant is Applicant.SELF)
