"""Whether the card on the reader is the one that a person was shown (docs/architecture.md, invariant 2).

A card is recognised by its fingerprint, which anybody can read and copy onto a false card (docs/security.md): it
distinguishes two cards on one table, and proves nothing. A card that shows none is known by its connection only.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.errors import AnotherCardError, NotMyNumberCardError

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin

#: Answers to SELECT that say that there is no such application, and not that something went wrong.
_NOT_THERE: Final = frozenset({0x6A82, 0x6A83})


class CardMatch(enum.Enum):
    """Whether a card is the one from before."""

    SAME = "same"
    ANOTHER = "another"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card as it was when its state was shown.

    ``fingerprint`` is what it is recognised by, None if it shows none; ``continuity`` is the connection's
    (:class:`jpki.iso7816.card.Iso7816Card`) at that moment.
    """

    fingerprint: bytes | None
    continuity: object


def see(card: MyNumberCard) -> SeenCard:
    """Note the card, in the transaction in which its state is read: SELECT and one READ."""
    return SeenCard(card.read_fingerprint(), card.card.continuity)


def compare(card: MyNumberCard, seen: SeenCard) -> CardMatch:
    """Compare the card with one that was seen: one READ if that had a fingerprint, no command otherwise.

    Raises:
        NotMyNumberCardError: the card did not let its application be selected, and did not say that it has none.
    """
    if seen.fingerprint is None:
        return CardMatch.SAME if card.card.continuity is seen.continuity else CardMatch.UNKNOWN
    try:
        found = card.read_fingerprint()
    except NotMyNumberCardError as exc:
        if exc.sw not in _NOT_THERE:
            raise
        return CardMatch.ANOTHER
    if found is None:
        return CardMatch.UNKNOWN
    return CardMatch.SAME if found == seen.fingerprint else CardMatch.ANOTHER


def require_same(card: MyNumberCard, seen: SeenCard, pin: Pin) -> None:
    """Refuse a card that is not the one that was seen, in the transaction that is to present the PIN.

    Raises:
        AnotherCardError: it is another one, or nothing shows that it is not.
        NotMyNumberCardError: as :func:`compare`.
    """
    match = compare(card, seen)
    if match is not CardMatch.SAME:
        is_certain = match is CardMatch.ANOTHER
        raise AnotherCardError("another card lies on the reader", pin=pin.value, is_certain=is_certain)
