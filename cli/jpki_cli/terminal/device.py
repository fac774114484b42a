"""The terminal that a person sits at: what a prompt needs of it.

A prompt talks to the controlling terminal itself, never to the standard streams: those may be files, pipes or a log.
``posix`` (``/dev/tty``) and ``windows`` (the console) are the two implementations.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from jpki.errors import NobodyToAskError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class TerminalFault(enum.Enum):
    """Why there is no one to ask."""

    ABSENT = "absent"  # no controlling terminal: cron, a service, a pipe over ssh without a terminal
    BACKGROUND = "background"  # there is one, and another job has it
    LOST = "lost"  # it went away while it was used
    UNSEEN = "unseen"  # Windows: the console cannot be seen


class NoTerminalError(NobodyToAskError):
    """There is no one to ask: there is no terminal, or this job does not have it; ``fault`` says which."""

    def __init__(self, fault: TerminalFault) -> None:
        super().__init__(f"no terminal to ask on ({fault.value})")
        self.fault = fault


class Terminal(Protocol):
    """A terminal that is open for questions and answers.

    Every method raises :class:`NoTerminalError` when the terminal goes away.
    """

    def hidden(self, redraw: Callable[[], str]) -> AbstractContextManager[None]:
        """Take characters one by one and unechoed inside the block; restore the terminal's settings after it.

        ``redraw`` gives what is to be on the line: it is written again after the job was stopped and continued.
        """
        ...

    def visible(self, redraw: Callable[[], str]) -> AbstractContextManager[None]:
        """Take a whole line with the terminal's own echo and editing inside the block."""
        ...

    def read(self, buffer: bytearray) -> int:
        """Put what was typed, as UTF-8, at the start of ``buffer`` and return how many bytes, 0 at the end of input."""
        ...

    def has_more(self) -> bool:
        """Whether more input is there at once: distinguishes the key Esc from the start of an escape sequence."""
        ...

    def write(self, text: str) -> None:
        """Write to the terminal, whatever the standard streams are."""
        ...

    def close(self) -> None:
        """Let go of the terminal; its settings are as they were found."""
        ...
