"""What is read before a PIN is typed: its state, and the card that it is for; uses no try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.card import read_pins

from .hidden_counter import unhide
from .seen_card import see

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin, PinStatus

    from .seen_card import SeenCard


@dataclass(frozen=True, slots=True)
class CardSnapshot:
    """What was read before a PIN was typed: its state, and the card that it is for."""

    status: PinStatus
    card: SeenCard


def snapshot(card: MyNumberCard, pin: Pin, *, all_copies: bool = False) -> CardSnapshot:
    """Read what is shown before a question, and what the card is recognised by; uses no try."""
    with card.transaction():
        seen = see(card)

        def read() -> PinStatus:
            return read_pins(card, [pin], all_copies=all_copies)[0]

        return CardSnapshot(unhide(card, pin.reference.application, read(), read), seen)
