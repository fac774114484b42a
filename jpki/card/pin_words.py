"""The counter of a PIN in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.card.pin import PinState
from jpki.words import MN, M, Message

if TYPE_CHECKING:
    from jpki.card.pin import PinStatus


def tries(status: PinStatus) -> Message:
    """Say the counter of a PIN in words."""
    state = status.state.value
    if state == "not_in_use":
        return M("not in use")
    if state == "blocked":
        return M("locked")
    if state == "absent":
        return M("not on this card")
    if state == "verified":
        return M("verified at the moment; the card does not tell the number")
    if state == "unlimited":
        return M("no limit")
    if status.retries_remaining is None:
        return M("unknown")
    if status.retry_limit is None:
        return MN("{n} try left", "{n} tries left", status.retries_remaining)
    return MN(
        "{n} of {limit} tries left",
        "{n} of {limit} tries left",
        status.retries_remaining,
        limit=max(status.retry_limit, status.retries_remaining),
    )


def tries_in_short(status: PinStatus) -> Message:
    """Say the counter of a PIN in a word or two, for a column of a table."""
    return M("verified") if status.state.value == "verified" else tries(status)


def not_in_use(state: PinState, *, is_phone: bool) -> Message | None:
    """Say of a PIN that it has no use here, rather than that it is locked or missing; None where it has one."""
    if state is PinState.NOT_IN_USE:
        return M("not in use")
    return M("not on a phone") if state is PinState.ABSENT and is_phone else None
