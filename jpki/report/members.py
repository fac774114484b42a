"""Parts of JSON objects: what was found about a PIN, an advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.card import PinState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jpki.advice import Advice
    from jpki.card import PinStatus

    from .result_types import AdviceFacts, PinFacts


def pin_facts(status: PinStatus) -> PinFacts:
    """One entry of ``pins``; of one that is not in use ``state`` is the card's own answer."""
    is_unused = status.state is PinState.NOT_IN_USE
    facts: PinFacts = {
        "pin": status.name,
        "state": (PinState.BLOCKED if is_unused else status.state).value,
        "retries_remaining": status.retries_remaining,
        "retry_limit": status.retry_limit,
        "status_word": None if status.sw is None else f"{status.sw:04X}",
    }
    if is_unused:
        facts["in_use"] = False
    if status.copies:
        facts["copies"] = list(status.copies)
    return facts


def advice_facts(found: Iterable[Advice]) -> list[AdviceFacts]:
    """Say advice in JSON."""
    return [
        {
            "code": a.code,
            "pin": a.pins[0] if len(a.pins) == 1 else None,
            "pins": list(a.pins),
            "certificate": a.certificates[0] if len(a.certificates) == 1 else None,
            "certificates": list(a.certificates),
            "topic": a.rule.topic,
            "text": a.message.both(),
        }
        for a in found
    ]
