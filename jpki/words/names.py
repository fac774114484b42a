"""What the PINs, the kinds of card and the certificates are called, and what is wrong with a value."""

from __future__ import annotations

from typing import Final

from .message import M, Message

PIN_NAMES: Final = {
    "auth": M("user certificate PIN (4 digits)"),
    "sign": M("signature password (6 to 16 letters and digits)"),
    "input": M("card-info input PIN (4 digits)"),
    "juki": M("Basic Resident Register PIN (4 digits)"),
    "text-a": M("verification number A (card-info input)"),
    "text-b": M("verification number B (card-info input)"),
    "visual-a": M("verification number A (card-face check)"),
    "visual-b": M("verification number B (card-face check)"),
}
#: Shorter, for a table below a heading that says what they are.
_PIN_LABELS: Final = {
    "auth": M("user certificate PIN, 4 digits"),
    "sign": M("signature password, 6-16 letters/digits"),
    "input": M("card-info input PIN, 4 digits"),
    "juki": M("Basic Resident Register PIN, 4 digits"),
}
#: Without the form, where none is about to be typed.
_PIN_SHORT: Final = {
    "auth": M("user certificate PIN"),
    "sign": M("signature password"),
    "input": M("card-info input PIN"),
    "juki": M("Basic Resident Register PIN"),
}
#: What each is for, as the leaflet of the card says (the rule "pins.what-for" of the guide).
PIN_PURPOSES: Final = {
    "auth": M("To log in to services online."),
    "sign": M("To sign documents, such as a tax return (e-Tax)."),
    "input": M("Lets a program read name and address from the chip."),
    "juki": M("For the municipal office, after a move."),
}
#: What is wrong with the form of a PIN, by its code.
FORM_FAULTS: Final = {
    "not_four_digits": M("This PIN has exactly four digits."),
    "password_length": M("The signature password has 6 to 16 characters."),
    "password_characters": M("The signature password has only the letters A to Z and the digits 0 to 9."),
    "password_needs_letter_and_digit": M("The signature password needs at least one letter and one digit."),
}
#: What each kind of card is called.
KINDS: Final = {
    "card": M("My Number Card"),
    "android": M("JPKI on an Android phone"),
    "iphone": M("JPKI on an iPhone"),
    "juki_card": M("Basic Resident Registration Card (the old card; no longer usable)"),
    "unknown": M("card with a JPKI application of an unknown kind"),
}
#: What each certificate is called.
CERTIFICATES: Final = {
    "auth": M("user certificate"),
    "sign": M("signature certificate"),
    "auth-ca": M("CA certificate of the user certificate"),
    "sign-ca": M("CA certificate of the signature certificate"),
}
#: Of a PIN whose certificate is not on the card (docs/certificates.md, 3.4).
NOT_LOCKED: Final = M(
    "Not in use: this card does not have the certificate for it, so there is nothing to reset. If another program "
    "calls it locked, ignore that."
)


def pin_name(pin: str) -> Message:
    """Say which PIN is meant, with its form, so that the wrong one is not typed."""
    return PIN_NAMES[pin]


def pin_short(pin: str) -> Message:
    """Say which PIN is meant, in a sentence that asks for none."""
    return _PIN_SHORT.get(pin) or PIN_NAMES[pin]


def pin_label(pin: str) -> Message:
    """Say which PIN is meant, short enough for a column of a table."""
    return _PIN_LABELS.get(pin) or PIN_NAMES[pin]
