"""Finding out what became of a PIN after the card was lost between a command and its answer.

The same card is known again by the start of its auth certificate, which was read before. Its counter is free to read;
presenting the new PIN tells for certain whether a change happened, and is the holder's decision.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.application.pin_commands import verify_pin
from jpki.errors import CardRemovedError, NotMyNumberCardError, WrongPinError

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import Pin, PinStatus
    from jpki.application.pin_commands import TryPolicy
    from jpki.application.pin_pad import PinPad
    from jpki.application.secret import Secret


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
        return Finding(sameness, card.read_pin_status(pin, all_copies=True) if sameness is Sameness.SAME else None)


def _compare(card: MyNumberCard, fingerprint: bytes) -> Sameness:
    try:
        found = card.read_fingerprint()
    except NotMyNumberCardError:
        return Sameness.ANOTHER
    if found is None:
        return Sameness.UNKNOWN
    return Sameness.SAME if found == fingerprint else Sameness.ANOTHER


def is_new_pin(card: MyNumberCard, pin: Pin, new: Secret | PinPad, fingerprint: bytes, policy: TryPolicy) -> bool:
    """Present the new PIN, once, to find out whether a change happened; False means that it did not, and cost a try.

    Raises:
        CardRemovedError: the card that lies there now is not the one of the ``fingerprint``; nothing was sent.
        JpkiError: as :func:`jpki.application.pin_commands.verify_pin`.
    """
    with card.transaction():
        if _compare(card, fingerprint) is not Sameness.SAME:
            raise CardRemovedError("another card lies there now")
        try:
            verify_pin(card, pin, new, policy)
        except WrongPinError:
            return False
        return True


def was_right(pin: Pin, before: int | None, after: PinStatus) -> bool | None:
    """Tell from the counters before and after a VERIFY without an answer whether the PIN was right; None: they do not.

    Only a right entry fills a counter. One try less does not say that it was wrong: a card may count first and compare
    afterwards.
    """
    if before is None or before >= pin.retry_limit or after.retries_remaining is None:
        return None
    return True if after.retries_remaining >= pin.retry_limit else None
