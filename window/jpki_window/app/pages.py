"""The pages of the window in the order of its menu, and what can be done with a PIN or a certificate.

Each is made when it is first shown, and its module is imported then. A page is a widget; it may have

- ``receive(argument)``: called when another page opens it with something to show;
- ``retranslate()``: says everything anew after the language was changed; a page without it is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.words import M, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from jpki.card import CardStatus, Pin, PinStatus

    from .context import Context


class Page(NamedTuple):
    """One entry of the menu: a name for :meth:`Context.open_page`, its title, and what makes it."""

    name: str
    title: Message
    factory: Callable[[Context], QWidget]


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


def _card(context: Context) -> QWidget:
    from jpki_window.card import CardPage

    return CardPage(context)


def _sign(context: Context) -> QWidget:
    from jpki_window.files import SignPage

    return SignPage(context)


def _verify(context: Context) -> QWidget:
    from jpki_window.files import VerifyPage

    return VerifyPage(context)


def _certificates(context: Context) -> QWidget:
    from jpki_window.files import CertificatesPage

    return CertificatesPage(context)


def _doctor(context: Context) -> QWidget:
    from jpki_window.help import DoctorPage

    return DoctorPage(context)


def _guide(context: Context) -> QWidget:
    from jpki_window.help import GuidePage

    return GuidePage(context)


def _papers(context: Context) -> QWidget:
    from jpki_window.help import PapersPage

    return PapersPage(context)


def _about(context: Context) -> QWidget:
    from jpki_window.help import AboutPage

    return AboutPage(context)


def _check_pin(context: Context, pin: Pin, parent: QWidget) -> None:
    from jpki_window.pin import start_check

    start_check(context, pin, parent)


def _change_pin(context: Context, pin: Pin, parent: QWidget) -> None:
    from jpki_window.pin import start_change

    start_change(context, pin, parent)


def _can_be_used(status: PinStatus) -> bool:
    from jpki_window.pin import can_be_used

    return can_be_used(status)


def _show_attributes(context: Context, parent: QWidget) -> None:
    from jpki_window.pin import start_attributes

    start_attributes(context, parent)


def _has_attributes(status: CardStatus) -> bool:
    from jpki_window.pin import has_usable

    return has_usable("input", status)


def _show_sign_certificate(context: Context, parent: QWidget) -> None:
    from jpki_window.pin import start_sign_certificate

    start_sign_certificate(context, parent)


def _has_sign_certificate(status: CardStatus) -> bool:
    from jpki_window.pin import has_usable

    return has_usable("sign", status)


PAGES: Final[list[Page]] = [
    Page("card", M("Card"), _card),
    Page("sign", M("Sign files"), _sign),
    Page("verify", M("Check a signed file"), _verify),
    Page("certificates", M("Certificates"), _certificates),
    Page("doctor", M("What is in the way"), _doctor),
    Page("guide", M("Guide"), _guide),
    Page("papers", M("Papers to take along"), _papers),
    Page("about", M("About this program"), _about),
]
PIN_ACTIONS: Final[list[PinAction]] = [
    PinAction(M("Check PIN"), _check_pin, _can_be_used),
    PinAction(M("Change PIN"), _change_pin, _can_be_used),
]
CARD_ACTIONS: Final[list[CardAction]] = [
    CardAction(M("Show name and address"), _show_attributes, _has_attributes),
    CardAction(M("Show the signature certificate"), _show_sign_certificate, _has_sign_certificate),
]
