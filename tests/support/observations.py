"""Observations of a card, written with the words of the JSON output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.advice.observation import End, Observation
from jpki.card import CardKind, CertificateState, PinState
from jpki.certificate import PeriodState
from jpki.words import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping


def observed(
    pins: Mapping[str, PinState],
    certificates: Mapping[str, str],
    kind: str = "card",
    present: Mapping[str, bool | None] | None = None,
    card: str = "unknown",
    *,
    new: frozenset[str] = frozenset(),
    ends: Mapping[str, End] | None = None,
    by_holder: bool = True,
) -> Observation:
    """An observation; a certificate's word is its state or ``missing``, and ``card`` the state of the card's period."""
    return Observation(
        pins,
        {
            which: Unread.MISSING if word == "missing" else CertificateState(word)
            for which, word in certificates.items()
        },
        CardKind(kind),
        present or {},
        None if card == "unknown" else PeriodState(card),
        new,
        ends or {},
        by_holder,
    )
