"""Who is asked for a PIN: a person, through whatever shows questions: a terminal, a window, a dialog of the agent.

:class:`jpki.pin.request.PinRequest` asks; a face answers. What a face has to say comes ready-made, in both languages;
how it asks for a yes is its own.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from jpki.card import Pin, PinStatus
    from jpki.words import Message

    from .rules import FormFault
    from .secret import Secret


class Decision(enum.Enum):
    """What a person is to say yes or no to."""

    LAST_TRY = "last_try"  # one try is left; a wrong entry locks the PIN
    HIDDEN_COUNTER = "hidden_counter"  # the card does not tell the tries left
    WEAK = "weak"  # the new PIN is easily guessed
    JUKI = "juki"  # the Basic Resident Register PIN is changed in one of its two places
    GO_ON_TYPED = "go_on_typed"  # the counter changed meanwhile; with what was typed before
    GO_ON = "go_on"  # the same, where it is typed on the reader's keys
    PRESENT_NEW = "present_new"  # to find out whether a change happened; may use a try


class NoticeKind(enum.Enum):
    """What a sentence is about, so that a face can leave out what it shows in another way."""

    COUNTER = "counter"  # the tries left, before anything is typed
    HINT = "hint"  # how to choose a new PIN
    ENTRY = "entry"  # what is wrong with what was typed, or what was done to it
    WEAKNESS = "weakness"
    PIN_PAD = "pin_pad"  # what to type on the reader's keys
    PROGRESS = "progress"  # what happened to card or counter meanwhile
    FAILURE = "failure"  # what went wrong, while it can still be found out what is true
    OUTCOME = "outcome"  # what was found out


class CardWanted(enum.Enum):
    """For what the card that was lost is to be put back on the reader."""

    FIND_OUT = "find_out"  # whether the PIN was changed
    SEE_TRIES = "see_tries"  # how many tries are left
    LOOK_AGAIN = "look_again"  # the same once more: no card, or another one, lay there


class SecretQuestion(NamedTuple):
    """A PIN to be typed: ``status`` is its state as the card shows it now.

    ``is_new`` asks for the one that it becomes, ``is_repeated`` for that a second time. ``fault`` is what was wrong
    with the form of the entry before, None at the first. ``requester`` is the program that asks, as a claim.
    """

    pin: Pin
    status: PinStatus
    is_new: bool = False
    is_repeated: bool = False
    fault: FormFault | None = None
    requester: str | None = None


class Question(NamedTuple):
    """A decision, and what has to be known for it."""

    decision: Decision
    pin: Pin
    notes: tuple[Message, ...] = ()


class Notice(NamedTuple):
    """A sentence to be shown; no answer is wanted."""

    kind: NoticeKind
    message: Message


@runtime_checkable
class Person(Protocol):
    """Somebody who can be asked; every method may raise to stop, and nothing more is sent then.

    Raises:
        DeclinedError: the person does not want to.
        EOFError, KeyboardInterrupt: the same, at a terminal.
    """

    def ask_secret(self, question: SecretQuestion) -> Secret:
        """Have a PIN typed; of whatever form, and wiped by the request that asked for it."""
        ...

    def confirm(self, question: Question) -> bool:
        """Have something decided; anything but a clear yes is no."""
        ...

    def tell(self, notice: Notice) -> None:
        """Say something."""
        ...

    def await_card(self, wanted: CardWanted) -> bool:
        """Have the same card put back on the reader; False where the person does not want to."""
        ...
