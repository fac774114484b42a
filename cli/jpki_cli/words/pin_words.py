"""What PINs are called, what is wrong with a value, and who helps when one is locked."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M, Message

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

FORM_FAULTS: Final = {
    "not_four_digits": M("This PIN has exactly four digits."),
    "password_length": M("The signature password has 6 to 16 characters."),
    "password_characters": M("The signature password has only the letters A to Z and the digits 0 to 9."),
    "password_needs_letter_and_digit": M("The signature password needs at least one letter and one digit."),
}


def pin_name(pin: str) -> Message:
    """Say which PIN is meant, with its form, so that nobody types the wrong one."""
    return PIN_NAMES[pin]


def pin_label(pin: str) -> Message:
    """Say which PIN is meant, short enough for a column of a table."""
    return _PIN_LABELS.get(pin) or PIN_NAMES[pin]


BLOCKED_REMEDY: Final = {
    "sign": M(
        "It can be reset at the office of your municipality, or with a phone app and a convenience-store terminal "
        "if you know the 4-digit user certificate PIN."
    ),
    "auth": M(
        "It can be reset at the office of your municipality, or with a phone app and the terminal of some "
        "convenience stores if you know the signature password."
    ),
    "input": M("It can be reset at the office of your municipality."),
    "juki": M("It can be reset at the office of your municipality."),
}
