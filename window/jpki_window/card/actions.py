"""What can be done with a PIN or a certificate of the card that is shown.

The libraries of a flow are loaded when it is started: whether a button is offered is asked of every card that is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.words import M, Message
from jpki_window.pin import (
    can_be_used,
    has_usable,
    start_attributes,
    start_change,
    start_check,
    start_sign_certificate,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from jpki.card import CardStatus, Pin, PinStatus
    from jpki_window.reading import Context


class PinAction(NamedTuple):
    """A button beside each PIN of the card that is shown; ``start`` is given the window as parent of its dialog."""

    title: Message
    start: Callable[[Context, Pin, QWidget], None]
    is_offered: Callable[[PinStatus], bool]


class CardAction(NamedTuple):
    """A button below the card that is shown, where it is offered."""

    title: Message
    start: Callable[[Context, QWidget], None]
    is_offered: Callable[[CardStatus], bool]


PIN_ACTIONS: Final = (
    PinAction(M("Check PIN"), start_check, can_be_used),
    PinAction(M("Change PIN"), start_change, can_be_used),
)
CARD_ACTIONS: Final = (
    CardAction(M("Show name and address"), start_attributes, lambda status: has_usable("input", status)),
    CardAction(M("Show the signature certificate"), start_sign_certificate, lambda status: has_usable("sign", status)),
)
