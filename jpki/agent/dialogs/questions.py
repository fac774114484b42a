"""What a dialog asks, as facts; the words for it are made elsewhere, in the person's language."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from jpki.card import Pin, PinStatus
    from jpki.pin import Secret
    from jpki.words import Message


class Grant(enum.Enum):
    """What a PIN is good for, as the person chose."""

    ONCE = "once"
    #: For the next signature of the same process too, within ten seconds.
    TWICE = "twice"
    #: For every signature of the same program for some minutes.
    MINUTES = "minutes"


class Use(enum.Enum):
    """What the signature is for, as far as the request tells."""

    #: By PKCS #11: a hash or bytes of which nothing can be shown.
    LOGIN_KEY = "login_key"
    SIGNATURE_KEY = "signature_key"
    SSH_LOGIN = "ssh_login"
    SSH_HOST_LOGIN = "ssh_host_login"
    SSH_SIGNATURE = "ssh_signature"
    #: None: a phone gives its certificate out after its PIN only.
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use, with what a request says of itself, made fit to be shown: user and host key, or the namespace.

    ``is_forwarded``: it comes from another computer, through a connection that forwards the agent.
    """

    use: Use
    details: tuple[str, ...] = ()
    is_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class DialogQuestion:
    """Who wants what: ``program`` is a claim, and fit to be shown.

    ``status`` has the tries left. ``minutes`` is how long a PIN may be kept, or ``seconds`` where they are no whole
    number of minutes. ``is_wrong_before`` tells that the entry before this one was wrong; ``fault`` is the
    code of what was wrong with the form of the one before, for which nothing was sent, and ``likeness`` says of which
    other PIN it had the form.
    """

    pin: Pin
    status: PinStatus
    purpose: Purpose
    program: str
    pid: int
    minutes: int = 0
    seconds: int = 0
    is_wrong_before: bool = False
    fault: str | None = None
    likeness: Message | None = None


class SecretText(NamedTuple):
    """The words of a dialog that takes a PIN.

    ``refused_key`` is what a dialog says that refuses an entry amid which a key was pressed that types nothing.
    """

    title: str
    description: str
    prompt: str
    ok: str
    cancel: str
    refused_key: str = ""


class ChoiceText(NamedTuple):
    """The words of a dialog with buttons: one for each choice, and one that ends it."""

    title: str
    description: str
    choices: tuple[str, ...]
    cancel: str


class Words(Protocol):
    """Makes the words of the dialogs."""

    def secret(self, question: DialogQuestion, grant: Grant) -> SecretText:
        """Ask for the PIN; what the answer is good for is said."""
        ...

    def grants(self, question: DialogQuestion, grants: Sequence[Grant]) -> ChoiceText:
        """Ask what the PIN is to be good for."""
        ...

    def confirm(self, question: DialogQuestion) -> ChoiceText:
        """Ask whether a PIN that is kept may be used."""
        ...

    def last_try(self, question: DialogQuestion) -> ChoiceText:
        """Ask whether the last try may be used, or one of which the card does not tell whether it is the last."""
        ...


class CannotOpenError(Exception):
    """The dialog cannot be shown here; the next one is tried."""


class Conversation(Protocol):
    """A dialog that is open; it ends when the client does for whose request it was opened."""

    def ask_secret(self, text: SecretText) -> Secret:
        """Have a PIN typed.

        Raises:
            DialogDeclinedError: the person said no.
            CannotOpenError: it cannot be shown here.
        """
        ...

    def choose(self, text: ChoiceText) -> int:
        """Have one of at most two choices taken; gives its place.

        Raises:
            DialogDeclinedError, CannotOpenError: as above.
        """
        ...


class StillWanted(Protocol):
    """Tells whether the program that asks is still there."""

    def __call__(self) -> bool:
        """Whether the answer will reach anybody."""
        ...


class Dialog(Protocol):
    """A way to ask a person."""

    def open(self, is_wanted: StillWanted) -> AbstractContextManager[Conversation]:
        """Begin a conversation.

        Raises:
            CannotOpenError: there is no such program, or nothing to show it on.
        """
        ...
