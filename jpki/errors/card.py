"""Errors that a card answers with."""

from .base import JpkiError


class CardError(JpkiError):
    """The card answered ``command`` with the error status word ``sw``."""

    code = "card_refused"

    def __init__(self, command: str, sw: int) -> None:
        """Keep the command's name (never its data) and the status word."""
        super().__init__(f"{command}: {sw:04X}")
        self.command = command
        self.sw = sw


class NotMyNumberCardError(CardError):
    """The card has no JPKI application."""

    code = "not_my_number_card"


class FileNotFoundOnCardError(CardError):
    """The card has no such application, file or record (6A82, 6A83)."""

    code = "not_on_card"


class SecurityStatusError(CardError):
    """The card wants a PIN first (6982)."""

    code = "pin_needed"


class UnexpectedStatusError(CardError):
    """The card answered with a status word that this command cannot have."""

    code = "card_refused"


class VerifyRefusedError(UnexpectedStatusError):
    """The card answered a PIN with a status word that says nothing of whether it was right.

    ``retries_remaining`` is the counter as it was read afterwards (0: blocked, None: not known). ``is_contradiction``:
    the status word is a refusal, and neither it nor the counter read again fits the counter from before.
    """

    def __init__(
        self, sw: int, *, pin: str, retries_remaining: int | None = None, is_contradiction: bool = False
    ) -> None:
        """Keep the name of the PIN, and the counter where the card could still be asked."""
        super().__init__("VERIFY", sw)
        self.pin = pin
        self.retries_remaining = retries_remaining
        self.is_contradiction = is_contradiction
