"""What is told of signing beside its failures: before the password is asked for, and afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import MN, M, Message

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.certificate.summary import Validity

#: Who gets the file learns this; a yes is wanted to it.
HOLDS_PERSONAL_DATA: Final = M(
    "The signature will hold your signature certificate: name, address, birth date and sex. Whoever gets the file can "
    "read them."
)
PERIOD_PROBABLY_OVER: Final = M(
    "The period of your user certificate is over. That of your signature certificate, which is readable only with the "
    "password, is probably over too."
)


def turns_words(count: int) -> Message:
    """Say that the password is presented more than once."""
    return MN(
        "The password is kept for {n} turn at the card, and presented once in each.",
        "The password is kept for {n} turns at the card, and presented once in each.",
        count,
    )


def period_warning(validity: Validity, now: datetime) -> Message | None:
    """Say that a signature is of no use as its certificate's period is over, or has not begun; None where it is."""
    if now > validity.not_after:
        return M("The period of your signature certificate is over: whoever verifies this will see that it fails.")
    if now < validity.not_before:
        return M("The period of your signature certificate has not begun; is this computer's date right?")
    return None
