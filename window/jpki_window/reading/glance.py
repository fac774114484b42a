"""What the window knows of the card now: its status, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.advice import Advice
    from jpki.card import CardStatus


@dataclass(frozen=True, slots=True)
class Glance:
    """The card at a glance; with neither ``status`` nor ``failure`` it is being looked at.

    ``failure`` is why there is no status: no service, no reader, no card, several cards, a mute card, another kind.
    ``readers`` are the names of the readers that a card lies on. ``at`` is when it was looked at.
    """

    reader: str | None = None
    status: CardStatus | None = None
    advice: tuple[Advice, ...] = ()
    failure: BaseException | None = None
    readers: tuple[str, ...] = ()
    at: datetime | None = None
    is_simulated: bool = False

    @property
    def is_looking(self) -> bool:
        """Whether nothing is known yet."""
        return self.status is None and self.failure is None
