"""What is said about signing, apart from failures: before the password is asked for, and afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import MN, M, Message

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.certificate import Validity

#: Who gets the file learns this; a yes is wanted to it.
HOLDS_PERSONAL_DATA: Final = M(
    "The signature will contain your signature certificate: name, address, birth date and sex. Everybody who gets "
    "the file can read them."
)
#: Said before the password where the user certificate has expired.
PERIOD_PROBABLY_OVER: Final = M(
    "Your user certificate has expired. Your signature certificate, which can be read only with the password, has "
    "probably expired too."
)


def turns_words(count: int) -> Message:
    """Say that the password is presented more than once."""
    return MN(
        "The password is kept for {n} turn at the card, and used once in each.",
        "The password is kept for {n} turns at the card, and used once in each.",
        count,
    )


def period_warning(validity: Validity, now: datetime) -> Message | None:
    """Say that a signature is of no use as its certificate's period is over, or has not begun; None if it is."""
    if now > validity.not_after:
        return M("Your signature certificate has expired: this signature will fail when it is verified.")
    if now < validity.not_before:
        return M("The period of your signature certificate has not started; is the date of this computer correct?")
    return None
