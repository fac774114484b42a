"""Where requests wait for a person: one dialog at a time, few that wait, and no second question right after a no."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import DialogDeclinedError, NoDialogError, RequesterGoneError
from jpki.agent.kept import boot_clock
from jpki.card import PinState
from jpki.errors import PinFormatError
from jpki.pin import form_of_another, normalise, require_form

from .questions import CannotOpenError, Grant

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from jpki.pin import Secret

    from .questions import Conversation, Dialog, DialogQuestion, StillWanted, Words

#: Requests that may wait while a dialog is open.
MAX_WAITING: Final = 8
#: Seconds for which a client is not asked for again after a no.
REFUSAL_SECONDS: Final = 60.0
#: Entries of a wrong form before the dialog ends; nothing is sent for any of them.
_ENTRIES: Final = 3
_SLICE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """A PIN of the right form, and what it is good for."""

    secret: Secret
    grant: Grant


class Desk:
    """Asks a person with the first dialog that opens; safe to use from several threads."""

    def __init__(self, dialogs: Sequence[Dialog], words: Words, clock: Callable[[], float] = boot_clock) -> None:
        """Ask with these dialogs, in this order."""
        self._dialogs = dialogs
        self._words = words
        self._clock = clock
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._waiting = 0
        self._refusals: dict[Hashable, float] = {}
        self._is_declined = False

    @contextmanager
    def turn(self, client: Hashable, is_wanted: StillWanted) -> Iterator[None]:
        """Wait until no other request has the person's attention, and have it for the length of the block.

        A block that ends with a no is remembered: the same client is refused for a while.

        Raises:
            DialogDeclinedError: the person refused this client a moment ago.
            NoDialogError: too many wait.
            RequesterGoneError: the client went away while it waited.
        """
        self._check_refusal(client)
        with self._guard:
            if self._waiting > MAX_WAITING:  # the one that has its turn is counted
                raise NoDialogError("too many requests wait for a person")
            self._waiting += 1
        try:
            self._await_turn(is_wanted)
            try:
                self._check_refusal(client)
                with self._heeding_decline():
                    yield
            except DialogDeclinedError:
                with self._guard:
                    self._refusals[client] = self._clock() + REFUSAL_SECONDS
                raise
            finally:
                self._turn.release()
        finally:
            with self._guard:
                self._waiting -= 1

    @contextmanager
    def _heeding_decline(self) -> Iterator[None]:
        """Take for a no that a question ended because of :meth:`decline`."""
        self._is_declined = False
        try:
            yield
        except RequesterGoneError as exc:
            if self._is_declined:
                raise DialogDeclinedError("the person said no at the agent") from exc
            raise

    def decline(self) -> bool:
        """Say no to the question that is open, from any thread; False where there is none, or a no was said already."""
        if self._is_declined or not self._turn.locked():
            return False
        self._is_declined = True
        return True

    def _await_turn(self, is_wanted: StillWanted) -> None:
        while not self._turn.acquire(timeout=_SLICE):
            if not is_wanted():
                raise RequesterGoneError("the program that asked went away")
        if not is_wanted():
            self._turn.release()
            raise RequesterGoneError("the program that asked went away")

    def _check_refusal(self, client: Hashable) -> None:
        now = self._clock()
        with self._guard:  # a no that another thread notes meanwhile would be lost
            self._refusals = {refused: until for refused, until in self._refusals.items() if until > now}
            is_refused = client in self._refusals
        if is_refused:
            raise DialogDeclinedError("the person refused this program a moment ago")

    def ask(self, question: DialogQuestion, grants: Sequence[Grant], is_wanted: StillWanted) -> Answer:
        """Have the PIN typed, inside a :meth:`turn`; the last try takes a yes of its own first, and
        so does a counter that the card does not tell.

        Raises:
            DialogDeclinedError: the person said no.
            NoDialogError: no dialog can be opened.
            PinFormatError: what was typed could not be this PIN, several times.
            RequesterGoneError: the client went away meanwhile.
        """
        for dialog in self._dialogs:
            try:
                with ExitStack() as stack:
                    return self._ask(
                        stack.enter_context(dialog.open(self._until_declined(is_wanted))), question, grants
                    )
            except CannotOpenError:
                continue
        raise NoDialogError("no dialog can be opened")

    def confirm(self, question: DialogQuestion, is_wanted: StillWanted) -> None:
        """Have the person say yes to the use of a PIN that is kept, inside a :meth:`turn`; raises as :meth:`ask`."""
        for dialog in self._dialogs:
            try:
                with dialog.open(self._until_declined(is_wanted)) as talk:
                    talk.choose(self._words.confirm(question))
                    return
            except CannotOpenError:
                continue
        raise NoDialogError("no dialog can be opened")

    def _until_declined(self, is_wanted: StillWanted) -> StillWanted:
        return lambda: is_wanted() and not self._is_declined

    def _ask(self, talk: Conversation, question: DialogQuestion, grants: Sequence[Grant]) -> Answer:
        if question.status.state is PinState.LAST_TRY or question.status.is_hidden:
            talk.choose(self._words.last_try(question))
        grant = grants[0]
        if len(grants) > 1:
            grant = grants[talk.choose(self._words.grants(question, grants))]
        for entries_left in reversed(range(_ENTRIES)):
            secret = normalise(question.pin, talk.ask_secret(self._words.secret(question, grant))).secret
            try:
                require_form(question.pin, secret, is_new=False)
            except PinFormatError as exc:
                with secret:
                    likeness = form_of_another(question.pin, secret)
                if not entries_left:
                    raise
                question = replace(question, fault=exc.reason, likeness=likeness)
                continue
            return Answer(secret, grant)
        raise AssertionError("unreachable")  # pragma: no cover
