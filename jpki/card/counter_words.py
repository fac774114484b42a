"""The counter of a PIN in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import MN, M, Message, pin_name

from .pin import PinState

if TYPE_CHECKING:
    from .pin import Pin, PinStatus

#: What may be said with a change that happened, by its code (:class:`jpki.pin.commands.ChangeWarning`).
CHANGE_WARNINGS: Final = {
    "interrupted": M("Interrupted after the change; the PIN was changed."),
    "connection_lost": M("The connection to the card was lost after the change; the PIN was changed."),
    "not_confirmed": M("The new PIN could not be confirmed, but the PIN was changed."),
    "confirmation_refused": M(
        "The card changed the PIN but then refused the new one. To see the tries left:\n  jpki pin status"
    ),
}
#: Of a PIN whose answer was lost and whose counter tells.
RIGHT_AFTER_ALL: Final = M("The card's reply was lost, but all tries are available again: the entry was correct.")
#: Of a change after which the new PIN was presented.
ACCEPTED: Final = M("The card accepted the new PIN.")

_MOST_DOTS: Final = 5


def correct(pin: Pin) -> Message:
    """Say that the card found a PIN right."""
    name, limit = pin_name(pin.value), pin.retry_limit
    return M("Correct: that is the {pin}. All {n} tries are available again.", pin=name, n=limit)


def changed(pin: Pin) -> Message:
    """Say that a PIN was changed."""
    return M("The {pin} was changed.", pin=pin_name(pin.value))


def tries(status: PinStatus) -> Message:
    """Say the counter of a PIN in words."""
    state = status.state
    if state is PinState.NOT_IN_USE:
        return M("not in use")
    if state is PinState.BLOCKED:
        return M("locked")
    if state is PinState.ABSENT:
        return M("not on this card")
    if state is PinState.VERIFIED:
        return M("verified at the moment; the card does not show the number of tries")
    if state is PinState.UNLIMITED:
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
    return M("verified") if status.state is PinState.VERIFIED else tries(status)


def not_in_use(state: PinState, *, is_phone: bool) -> Message | None:
    """Say of a PIN that it has no use here, rather than that it is locked or missing; None if it has one."""
    if state is PinState.NOT_IN_USE:
        return M("not in use")
    return M("not on a phone") if state is PinState.ABSENT and is_phone else None


def dots(left: int | None, limit: int | None) -> str:
    """Draw tries left; empty if a number is not known, or too large to be seen at a glance."""
    if left is None or limit is None or max(left, limit) > _MOST_DOTS:
        return ""
    return "●" * left + "○" * max(0, limit - left)
