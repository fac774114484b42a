"""The flows as the window's buttons start them: the dialog above the window, and the card looked at anew afterwards.

The libraries of a flow are loaded when it is started: whether a button is offered is asked of every card that is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication

from jpki.card import Pin, PinState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from jpki.card import CardStatus, PinStatus
    from jpki_window.reading import Context

    from .flow import PinFlow

_UNUSABLE: Final = frozenset({PinState.BLOCKED, PinState.NOT_IN_USE, PinState.ABSENT, PinState.UNKNOWN})


def start_check(context: Context, pin: Pin, parent: QWidget) -> None:
    """Check a PIN of the card that is shown."""
    from .flows import check_pin

    start(context, check_pin(context, pin, parent.window()))


def start_change(context: Context, pin: Pin, parent: QWidget) -> None:
    """Change a PIN of the card that is shown."""
    from .flows import change_pin

    start(context, change_pin(context, pin, parent.window()))


def start_sign_certificate(context: Context, parent: QWidget) -> None:
    """Show the signature certificate of the card that is shown."""
    from .flows import show_sign_certificate

    start(context, show_sign_certificate(context, parent.window()))


def start_attributes(context: Context, parent: QWidget) -> None:
    """Show what the card that is shown holds of its holder."""
    from .flows import show_attributes

    start(context, show_attributes(context, parent.window()))


def can_be_used(status: PinStatus) -> bool:
    """Whether a PIN can be presented: a locked one, or one that is not there, cannot."""
    return status.state not in _UNUSABLE


def has_usable(pin: str, status: CardStatus) -> bool:
    """Whether the card has this PIN and a try for it."""
    return any(found.name == pin and can_be_used(found) for found in status.pins)


def start(context: Context, flow: PinFlow[Any]) -> None:
    """Start a flow whose dialog ends with it; the card is looked at anew afterwards."""
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(flow.give_up)
    flow.dialog.finished.connect(lambda _result: context.look_again())
    flow.dialog.finished.connect(flow.deleteLater)
    flow.dialog.finished.connect(flow.dialog.deleteLater)
    flow.start()
