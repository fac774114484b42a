"""The counter of a PIN in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words import MN, M, Message

if TYPE_CHECKING:
    from .pin import PinStatus


def tries(status: PinStatus) -> Message:
    """Say the counter of a PIN in words."""
    state = status.state.value
    if status.lacks_certificate:
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


def not_in_use(state: str, *, lacks_certificate: bool, is_phone: bool) -> Message | None:
    """Say of a PIN that it has no use here, rather than that it is locked or missing; None where it has one."""
    if state == "blocked" and lacks_certificate:
        return M("not in use")
    return M("not on a phone") if state == "absent" and is_phone else None
