"""The pages of the window in the order of its menu.

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

    from jpki_window.reading import Context


class Page(NamedTuple):
    """One entry of the menu: a name for :meth:`Context.open_page`, its title, and what makes it."""

    name: str
    title: Message
    factory: Callable[[Context], QWidget]


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
