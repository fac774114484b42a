"""Counters that a card does not show: it answers 9000 to the question where the PIN is verified, or 6300.

9000 hides the counter as long as another program has left the PIN verified, so that its application is left and the
card asked again. A counter that stays hidden counts as one on which one try is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, PinStatus
    from jpki.identifiers import Application


def unhide(
    card: MyNumberCard, application: Application, status: PinStatus, read_again: Callable[[], PinStatus]
) -> PinStatus:
    """Ask again behind another application where the counter is hidden; the application has to be selected again."""
    if not status.is_hidden:
        return status
    card.leave(application)
    return read_again()
