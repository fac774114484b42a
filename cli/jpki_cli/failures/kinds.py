"""What a failure is to the command line: an exit code, a machine word, sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jpki_cli.words import Message

EXIT_UNEXPECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_TRANSPORT: Final = 3
EXIT_WRONG_PIN: Final = 4
EXIT_BLOCKED: Final = 5
EXIT_CARD: Final = 6
EXIT_CHECK: Final = 7
EXIT_UNKNOWN: Final = 8
EXIT_INTERRUPTED: Final = 130
EXIT_TERMINATED: Final = 143
#: All of them.
ALL_EXIT_CODES: Final = (
    *(EXIT_UNEXPECTED, EXIT_USAGE, EXIT_TRANSPORT, EXIT_WRONG_PIN, EXIT_BLOCKED, EXIT_CARD, EXIT_CHECK, EXIT_UNKNOWN),
    *(EXIT_INTERRUPTED, EXIT_TERMINATED),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said about a failure; ``remedy`` is the next step, empty if there is none."""

    exit_code: int
    code: str
    message: Message
    remedy: tuple[Message, ...] = ()


class CliError(Exception):
    """A failure that the command line itself finds."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


def usage_error(message: Message, *, code: str = "usage", remedy: tuple[Message, ...] = ()) -> CliError:
    """Make an error with exit code 2: found before the card is touched."""
    return CliError(Failure(EXIT_USAGE, code, message, remedy))
