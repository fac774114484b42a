"""What can be in the way of a request to the agent, beside the errors of the library."""

from __future__ import annotations

from jpki.errors import JpkiError


class CardAbsentError(JpkiError):
    """No card that has what is wanted lies on a reader."""


class DialogDeclinedError(JpkiError):
    """The person said no, or had said so a moment ago; nothing was sent."""


class NoDialogError(JpkiError):
    """No dialog could be opened, or too many wait already; nothing was sent."""


class RequesterGoneError(JpkiError):
    """The program that asked is not there any more; nothing was sent."""


class AnotherKeyError(JpkiError):
    """A phone's PIN was right, and its key is not the one that is offered; nothing was signed."""


class CounterNotFullError(JpkiError):
    """A program passed a PIN whose counter is not full: only a person may go on; nothing was sent."""
