"""Finding out what became of a PIN after the card was lost between a command and its answer.

The same card is recognised by the start of its auth certificate, which was read before. Its counter is free to read;
presenting the new PIN (:func:`jpki.pin.commands.verify_pin`) shows for certain whether a change happened,
and is the holder's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .seen_card import Sameness, compare

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin, PinStatus

    from .seen_card import SeenCard


@dataclass(frozen=True, slots=True)
class Finding:
    """What a second look says; ``status`` is that of the PIN, and None unless it is the same card."""

    sameness: Sameness
    status: PinStatus | None = None


def look_again(card: MyNumberCard, pin: Pin, seen: SeenCard) -> Finding:
    """Compare the card with the one that was ``seen``, and read the tries left if it is the same; uses no try."""
    with card.transaction():
        sameness = compare(card, seen)
        return Finding(sameness, card.read_pin_status(pin) if sameness is Sameness.SAME else None)


def was_surely_right(pin: Pin, before: int | None, after: int | None) -> bool:
    """Tell from the counters before and after a VERIFY without an answer whether the PIN was right for certain.

    Only a right entry fills a counter. One try less does not say that it was wrong: a card may count first and compare
    afterwards.
    """
    return before is not None and after is not None and before < pin.retry_limit <= after
