"""After the card was lost between a command and its answer: wait for the same card, and find out what is true.

Only at a terminal: a script is told that the outcome is unknown. Nothing is presented without consent, nor with the
last try. Whoever stops here is told what was known before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.card.pin_use import read_pins
from jpki.errors import (
    AnotherCardError,
    CardError,
    CounterChangedError,
    JpkiError,
    OutcomeUnknownError,
    PinChangeError,
    PinError,
    VerifyRefusedError,
    WrongPinError,
)
from jpki.pin.commands import verify_pin
from jpki.pin.hidden_counter import unhide
from jpki.pin.recovery import look_again, was_surely_right
from jpki.pin.seen_card import Sameness, see
from jpki.words.names import pin_name
from jpki_cli.failures.explain import CounterFilledError, explain
from jpki_cli.pin.facts import record_of
from jpki_cli.process.interrupts import Terminated
from jpki_cli.terminal.device import NoTerminalError
from jpki_cli.words.i18n import MN, M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import Pin, PinStatus
    from jpki.pin.commands import ChangeReport
    from jpki.pin.pad import PinPad
    from jpki.pin.secret import Secret
    from jpki.pin.seen_card import SeenCard
    from jpki_cli.app.context import AppContext
    from jpki_cli.words.i18n import Message

    T = TypeVar("T")

#: How long the card is waited for at a time; then the person is asked again.
_WAIT_SECONDS: Final = 60.0
#: With fewer tries left than this the new PIN is not presented.
_SAFE_TRIES: Final = 2
_STOPPED: Final = (KeyboardInterrupt, EOFError, Terminated, NoTerminalError)
_NOT_THE_SAME: Final = {
    Sameness.ANOTHER: M("That is another card. Put the first one back."),
    Sameness.UNKNOWN: M("This card does not show what it could be known again by."),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read before a PIN was typed: its state, and the card that it is for."""

    status: PinStatus
    card: SeenCard


def look(card: MyNumberCard, pin: Pin, *, all_copies: bool = False) -> Seen:
    """Read what is shown before the prompt, and what the card is known again by; uses no try."""
    with card.transaction():
        seen = see(card)

        def read() -> PinStatus:
            return read_pins(card, [pin], all_copies=all_copies)[0]

        return Seen(unhide(card, pin.reference.application, read(), read), seen)


class Recovery:
    """One card that was lost while a PIN was used; the old connection is closed."""

    def __init__(self, app: AppContext, card: MyNumberCard, pin: Pin, seen: Seen) -> None:
        self._app = app
        self._card = card
        self._pin = pin
        self._seen = seen

    def change(
        self, lost: PinChangeError, new: Callable[[MyNumberCard], Secret | PinPad | None]
    ) -> ChangeReport | PinChangeError:
        """Find out about a change; ``new`` gives the new PIN for presenting it, on the card that is back.

        Returns what is known in the end: a report where the PIN was changed, else an error to raise, which is ``lost``
        where nothing more was learned.
        """
        if not _can_be_found_out(lost):
            return lost
        self._tell(lost)
        question = M("Put the same card on the reader, to find out? [Y/n] ")

        def find_out(card: MyNumberCard, status: PinStatus) -> ChangeReport | PinChangeError:
            self._learn(lost, status.retries_remaining)
            return self._present(card, status, lost, new) if lost.is_unknown else lost

        return self._with_same_card(question, find_out) or lost

    def verify(self, lost: OutcomeUnknownError) -> OutcomeUnknownError:
        """Find out about a VERIFY by its counter; returns the error to raise, with the tries left if they were read."""
        if lost.retries_remaining is None and isinstance(lost.__cause__, JpkiError):
            self._tell(lost)
            question = M("Put the same card on the reader, to see the tries left? [Y/n] ")
            found = self._with_same_card(question, lambda _card, status: status)
            self._learn(lost, None if found is None else found.retries_remaining)
        if not was_surely_right(self._pin, self._seen.status.retries_remaining, lost.retries_remaining):
            return lost
        record_of(self._app).accept(self._pin.retry_limit)
        return CounterFilledError(str(lost), pin=lost.pin, retries_remaining=lost.retries_remaining)

    def _learn(self, lost: OutcomeUnknownError | PinChangeError, left: int | None) -> None:
        """Keep the counter that was read again."""
        lost.retries_remaining = left
        if isinstance(lost, PinChangeError) and isinstance(lost.cause, OutcomeUnknownError):
            lost.cause.retries_remaining = left
        record = record_of(self._app)
        if record.is_lost:
            record.read_again(left)

    def _tell(self, lost: OutcomeUnknownError | PinChangeError) -> None:
        self._app.note(explain(lost).message)
        cause = lost.cause if isinstance(lost, PinChangeError) else lost.__cause__
        if isinstance(cause, OutcomeUnknownError):
            cause = cause.__cause__
        if cause is not None:
            self._app.note(explain(cause).message)

    def _with_same_card(self, question: Message, use: Callable[[MyNumberCard, PinStatus], T]) -> T | None:
        """Wait for the card as often as the person wants; None where it was not looked at."""
        from jpki_cli.terminal.prompts import confirm

        if self._seen.card.fingerprint is None:
            self._app.note(M("It cannot be found out here: this card does not show what it could be known again by."))
            return None
        self._card.close()
        try:
            while confirm(str(question), default=True):
                found = self._look(use)
                if found is not None:
                    return found
                question = M("Look again? [Y/n] ")
        except _STOPPED:
            pass  # what was known before is still true, and is told
        return None

    def _look(self, use: Callable[[MyNumberCard, PinStatus], T]) -> T | None:
        from jpki_cli.pin.entry import show_state

        try:
            with self._app.open_card(wait=_WAIT_SECONDS) as card:
                finding = look_again(card, self._pin, self._seen.card)
                if finding.status is None:
                    self._app.note(_NOT_THE_SAME[finding.sameness])
                    return None
                self._app.note(M("It is the same card."))
                show_state(self._app, finding.status)
                return use(card, finding.status)
        except JpkiError as exc:
            self._app.note(explain(exc).message)
            return None

    def _present(
        self,
        card: MyNumberCard,
        status: PinStatus,
        lost: PinChangeError,
        new: Callable[[MyNumberCard], Secret | PinPad | None],
    ) -> ChangeReport | PinChangeError:
        """Present the new PIN, if the person agrees; what goes wrong once it was sent leaves the change unknown."""
        from jpki.pin.commands import ChangeReport, ChangeWarning, TryPolicy
        from jpki_cli.process.interrupts import shielded

        entry = new(card) if self._may_present(status) else None
        if entry is None:
            return lost
        try:
            with shielded() as check:
                policy = TryPolicy(
                    status.retries_remaining, self._seen.card, check_interrupts=check, record=record_of(self._app)
                )
                verify_pin(card, self._pin, entry, policy)
        except WrongPinError as exc:
            return self._refused(exc, lost)
        except (AnotherCardError, CounterChangedError):
            raise  # nothing was sent: the person is asked again
        except (OutcomeUnknownError, CardError, PinError) as exc:
            lost.retries_remaining = (
                exc.retries_remaining if isinstance(exc, (OutcomeUnknownError, VerifyRefusedError)) else None
            )
            self._app.note(explain(exc).message)
            return lost
        warnings = (ChangeWarning.CONNECTION_LOST,)
        return ChangeReport(self._pin, self._pin.retry_limit, is_confirmed=True, warnings=warnings)

    def _may_present(self, status: PinStatus) -> bool:
        from jpki_cli.terminal.prompts import confirm

        left = status.retries_remaining
        if left is None or left < _SAFE_TRIES:
            self._app.note(M("The new PIN is not presented to a card with so few tries."))
            return False
        self._app.note(M("Presenting the new PIN tells for certain. If the change did not happen, that uses one try."))
        return confirm(str(M("Present the new PIN once? [y/N] ")))

    def _refused(self, refusal: WrongPinError, lost: PinChangeError) -> PinChangeError:
        left = refusal.retries_remaining
        self._app.note(M("The card refused the new {pin}: the old one still holds.", pin=pin_name(self._pin.value)))
        if left is not None:
            self._app.note(
                MN(
                    "{n} try is left; a right entry makes the counter full again.",
                    "{n} tries are left; a right entry makes the counter full again.",
                    left,
                )
            )
        return PinChangeError(pin=self._pin.value, is_unknown=False, retries_remaining=left, cause=lost.cause)


def _can_be_found_out(lost: PinChangeError) -> bool:
    """Whether an answer was lost on the way, and not to somebody who wants to stop."""
    if isinstance(lost.cause, OutcomeUnknownError):
        return isinstance(lost.cause.__cause__, JpkiError) and lost.retries_remaining is None
    return lost.is_unknown and isinstance(lost.cause, JpkiError)
