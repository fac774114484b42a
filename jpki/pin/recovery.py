"""Finding out what became of a PIN after the card was lost between a command and its answer.

The same card is known again by the start of its auth certificate, which was read before. Its counter is free to read;
presenting the new PIN tells for certain whether a change happened, and is the holder's decision.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.errors import CardRemovedError, NotMyNumberCardError
from jpki.pin.commands import verify_pin

if TYPE_CHECKING:
    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import Pin, PinStatus
    from jpki.pin.commands import TryPolicy
    from jpki.pin.pad import PinPad
    from jpki.pin.secret import Secret


class Sameness(enum.Enum):
    """Whether a card is the one from before."""

    SAME = "same"
    ANOTHER = "another"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a second look says; ``status`` is that of the PIN, and None unless it is the same card."""

    sameness: Sameness
    status: PinStatus | None = None


def look_again(card: MyNumberCard, pin: Pin, fingerprint: bytes) -> Finding:
    """Compare the card with the ``fingerprint`` from before, and read the tries left if it is the same; uses no try."""
    with card.transaction():
        sameness = _compare(card, fingerprint)
        return Finding(sameness, card.read_pin_status(pin) if sameness is Sameness.SAME else None)


def _compare(card: MyNumberCard, fingerprint: bytes) -> Sameness:
    try:
        found = card.read_fingerprint()
    except NotMyNumberCardError:
        return Sameness.ANOTHER
    if found is None:
        return Sameness.UNKNOWN
    return Sameness.SAME if found == fingerprint else Sameness.ANOTHER


def present_new(card: MyNumberCard, pin: Pin, new: Secret | PinPad, fingerprint: bytes, policy: TryPolicy) -> None:
    """Present the new PIN, once, to find out whether a change happened; returns only if it did.

    Raises:
        WrongPinError: it did not; that cost a try.
        CardRemovedError: the card that lies there now is not the one of the ``fingerprint``; nothing was sent.
        JpkiError: as :func:`jpki.pin.commands.verify_pin`.
    """
    with card.transaction():
        if _compare(card, fingerprint) is not Sameness.SAME:
            raise CardRemovedError("another card lies there now")
        verify_pin(card, pin, new, policy)


def was_surely_right(pin: Pin, before: int | None, after: int | None) -> bool:
    """Tell from the counters before and after a VERIFY without an answer whether the PIN was right for certain.

    Only a right entry fills a counter. One try less does not say that it was wrong: a card may count first and compare
    afterwards.
    """
    return before is not None and after is not None and before < pin.retry_limit <= after
