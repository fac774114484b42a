"""When a value of the wrong form has the form of another PIN: the one that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.card.pin import Pin
from jpki.pin.rules import form_fault
from jpki.pin.secret import Secret
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from jpki_cli.words.i18n import Message

_LIKE_FOUR_DIGITS: Final = M("What you typed has four digits, as the other PINs of the card have.")
_LIKE_THE_PASSWORD: Final = M("What you typed has the form of the signature password, which is another one.")


def form_of_another(pin: Pin, entered: Secret) -> Message | None:
    """Say so when a value of the wrong form has the form of another of the card's PINs, which was probably meant."""
    if pin.is_password:
        return _LIKE_FOUR_DIGITS if form_fault(Pin.AUTH, entered, is_new=False) is None else None
    with Secret(entered.reveal().upper()) as capitals:
        return _LIKE_THE_PASSWORD if form_fault(Pin.SIGN, capitals, is_new=True) is None else None
