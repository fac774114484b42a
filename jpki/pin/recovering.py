"""After the card was lost between a command and its answer: wait for the same card, and find out what is true.

Only with a person; a script learns that the outcome is unknown. Nothing is presented without consent, nor with the
last try. Whoever stops here sees what was known before.

The same card is recognised by the start of its auth certificate, which was read before. Its counter is free to read;
presenting the new PIN shows for certain whether a change happened, and is the holder's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

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
from jpki.words import MN, M, failure_text, pin_name

from .asking import counter_text
from .commands import ChangeReport, ChangeWarning, verify_pin
from .person import CardWanted, Decision, Notice, NoticeKind, Question
from .presenting import TryPolicy
from .seen_card import CardMatch, compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, Pin, PinStatus
    from jpki.words import Message

    from .options import PinOptions
    from .pad import PinPad
    from .person import Person
    from .record import PinRecord
    from .secret import Secret
    from .seen_card import SeenCard
    from .snapshot import CardSnapshot

T = TypeVar("T")

#: How long the card is waited for at a time, in seconds; then the person is asked again.
_WAIT: Final = 60.0
#: With fewer tries left than this the new PIN is not presented.
_SAFE_TRIES: Final = 2
_NOT_THE_SAME: Final = {
    CardMatch.ANOTHER: M("That is another card. Put the first one back."),
    CardMatch.UNKNOWN: M("This card shows nothing by which it could be recognised."),
}
_MAY_USE_A_TRY: Final = M("Trying the new PIN makes it certain. If the change did not happen, that uses one try.")


@dataclass(frozen=True, slots=True)
class Recheck:
    """What a second look says; ``status`` is that of the PIN, and None unless it is the same card."""

    match: CardMatch
    status: PinStatus | None = None


def recheck(card: MyNumberCard, pin: Pin, seen: SeenCard) -> Recheck:
    """Compare the card with the one that was ``seen``, and read the tries left if it is the same; uses no try."""
    with card.transaction():
        match = compare(card, seen)
        return Recheck(match, card.read_pin_status(pin) if match is CardMatch.SAME else None)


def was_surely_right(pin: Pin, before: int | None, after: int | None) -> bool:
    """Tell from the counters before and after a VERIFY without an answer whether the PIN was right for certain.

    Only a right entry fills a counter. One try less does not say that it was wrong: a card may count first and compare
    afterwards.
    """
    return before is not None and after is not None and before < pin.retry_limit <= after


class Recovery:
    """One card that was lost while a PIN was used; the old connection is closed."""

    def __init__(
        self, person: Person, card: MyNumberCard, pin: Pin, seen: CardSnapshot, options: PinOptions, record: PinRecord
    ) -> None:
        self._person = person
        self._card = card
        self._pin = pin
        self._seen = seen
        self._options = options
        self._record = record

    def change(
        self, lost: PinChangeError, new: Callable[[MyNumberCard], Secret | PinPad | None]
    ) -> ChangeReport | PinChangeError:
        """Find out about a change; ``new`` gives the new PIN for presenting it, on the card that is back.

        Returns what is known in the end: a report where the PIN was changed, else an error to raise, which is ``lost``
        where nothing more was learned.
        """
        if not _can_be_found_out(lost):
            return lost
        self._tell_failure(lost)

        def find_out(card: MyNumberCard, status: PinStatus) -> ChangeReport | PinChangeError:
            self._learn(lost, status.retries_remaining)
            return self._present(card, status, lost, new) if lost.is_unknown else lost

        return self._with_same_card(CardWanted.FIND_OUT, find_out) or lost

    def verify(self, lost: OutcomeUnknownError) -> OutcomeUnknownError:
        """Find out about a VERIFY by its counter; returns the error to raise, with the tries left if they were read."""
        if lost.retries_remaining is None and isinstance(lost.__cause__, JpkiError):
            self._tell_failure(lost)
            found = self._with_same_card(CardWanted.SEE_TRIES, lambda _card, status: status)
            self._learn(lost, None if found is None else found.retries_remaining)
        if was_surely_right(self._pin, self._seen.status.retries_remaining, lost.retries_remaining):
            self._record.accept(self._pin.retry_limit)
            lost.was_right = True
        return lost

    def _learn(self, lost: OutcomeUnknownError | PinChangeError, left: int | None) -> None:
        """Keep the counter that was read again."""
        lost.retries_remaining = left
        if isinstance(lost, PinChangeError) and isinstance(lost.cause, OutcomeUnknownError):
            lost.cause.retries_remaining = left
        if self._record.is_lost:
            self._record.read_again(left)

    def _tell(self, kind: NoticeKind, message: Message) -> None:
        self._person.tell(Notice(kind, message))

    def _tell_failure(self, lost: OutcomeUnknownError | PinChangeError) -> None:
        cause = lost.cause if isinstance(lost, PinChangeError) else lost.__cause__
        if isinstance(cause, OutcomeUnknownError):
            cause = cause.__cause__
        for exc in (lost, cause):
            if exc is not None:
                self._tell_what(exc)

    def _tell_what(self, exc: BaseException) -> None:
        said = failure_text(exc)
        if said is not None:
            self._tell(NoticeKind.FAILURE, said.message)

    def _with_same_card(self, wanted: CardWanted, use: Callable[[MyNumberCard, PinStatus], T]) -> T | None:
        """Wait for the card as often as the person wants; None if it was not looked at."""
        if self._options.reopen is None:
            return None
        if self._seen.card.fingerprint is None:
            message = M("This cannot be checked here: this card shows nothing by which it could be recognised.")
            self._tell(NoticeKind.FAILURE, message)
            return None
        self._card.close()
        try:
            while self._person.await_card(wanted):
                found = self._look(use)
                if found is not None:
                    return found
                wanted = CardWanted.LOOK_AGAIN
        except BaseException as exc:
            # A person who stops sees what was known before, which is still true; a mistake of the program is not.
            if isinstance(exc, Exception) and not isinstance(exc, (JpkiError, EOFError)):
                raise
        return None

    def _look(self, use: Callable[[MyNumberCard, PinStatus], T]) -> T | None:
        if self._options.reopen is None:
            return None
        try:
            with self._options.reopen(_WAIT) as card:
                finding = recheck(card, self._pin, self._seen.card)
                if finding.status is None:
                    self._tell(NoticeKind.PROGRESS, _NOT_THE_SAME[finding.match])
                    return None
                self._tell(NoticeKind.PROGRESS, M("It is the same card."))
                self._tell(NoticeKind.COUNTER, counter_text(finding.status))
                return use(card, finding.status)
        except JpkiError as exc:
            self._tell_what(exc)
            return None

    def _present(
        self,
        card: MyNumberCard,
        status: PinStatus,
        lost: PinChangeError,
        new: Callable[[MyNumberCard], Secret | PinPad | None],
    ) -> ChangeReport | PinChangeError:
        """Present the new PIN, if the person agrees; what goes wrong once it was sent leaves the change unknown."""
        entry = new(card) if self._may_present(status) else None
        if entry is None:
            return lost
        try:
            with self._options.shield() as check:
                policy = TryPolicy(
                    status.retries_remaining, self._seen.card, check_interrupts=check, record=self._record
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
            self._tell_what(exc)
            return lost
        warnings = (ChangeWarning.CONNECTION_LOST,)
        return ChangeReport(self._pin, self._pin.retry_limit, is_confirmed=True, warnings=warnings)

    def _may_present(self, status: PinStatus) -> bool:
        left = status.retries_remaining
        if left is None or left < _SAFE_TRIES:
            message = M("With so few tries left, the new PIN is not tried.")
            self._tell(NoticeKind.OUTCOME, message)
            return False
        return self._person.confirm(Question(Decision.PRESENT_NEW, self._pin, (_MAY_USE_A_TRY,)))

    def _refused(self, refusal: WrongPinError, lost: PinChangeError) -> PinChangeError:
        left = refusal.retries_remaining
        old = M("The card refused the new {pin}: the old one is still in use.", pin=pin_name(self._pin.value))
        self._tell(NoticeKind.OUTCOME, old)
        if left is not None:
            message = MN(
                "{n} try is left; one correct entry restores all tries.",
                "{n} tries are left; one correct entry restores all tries.",
                left,
            )
            self._tell(NoticeKind.OUTCOME, message)
        return PinChangeError(pin=self._pin.value, is_unknown=False, retries_remaining=left, cause=lost.cause)


def _can_be_found_out(lost: PinChangeError) -> bool:
    """Whether an answer was lost on the way, and not to somebody who wants to stop."""
    if isinstance(lost.cause, OutcomeUnknownError):
        return isinstance(lost.cause.__cause__, JpkiError) and lost.retries_remaining is None
    return lost.is_unknown and isinstance(lost.cause, JpkiError)
