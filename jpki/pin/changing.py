"""A change of a PIN, from the first look at the card to the final message.

By a script, whose secrets go to the card in one transaction; or with a person, who is shown the counter, asked for both
PINs, and helped to find out what is true where the card was lost.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jpki.card import Pin
from jpki.errors import CounterChangedError, DeclinedError, JpkiError, NobodyToAskError, PinChangeError
from jpki.words import M

from .asking import decide, enter, enter_new, hints
from .commands import ChangeReport, ChangeWarning, change_pin
from .options import PinOptions, require_entry, tell_changed, was_interrupted
from .pad import NOT_JUDGED, find_pad
from .person import Decision, Notice, NoticeKind, Question, SecretQuestion
from .record import PinOutcome, PinRecord, PinReport, attach
from .secret import Secret
from .seen_card import require_same
from .snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard

    from .pad import PinPad
    from .person import Person
    from .presenting import TryPolicy
    from .snapshot import CardSnapshot

    Entry = Secret | PinPad

#: What has to be known before the Basic Resident Register PIN is changed (docs/card.md, 1.5).
JUKI_NOTES: Final = (
    M("The official software cannot change this PIN; your municipal office can."),
    M(
        "The card holds this PIN twice. Only the copy in the Basic Resident Register application is changed here; "
        "the other copy keeps its value, so a terminal at an office may ask for either."
    ),
)


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """What the caller of one change allows, beside :class:`jpki.pin.options.PinOptions`.

    ``allow_weak`` takes a weak new PIN without a question; ``confirm`` presents the new one once more afterwards;
    ``accept_juki`` changes the Basic Resident Register PIN in its one place without a question.
    """

    allow_weak: bool = False
    confirm: bool = False
    accept_juki: bool = False


_DEFAULTS: Final = ChangeOptions()


class PinChange:
    """One change of one PIN.

    The outcome is kept as soon as it is known, so that nothing on the way out can hide it: not even Ctrl-C while the
    card is being closed.
    """

    def __init__(
        self,
        pin: Pin,
        current: Secret | Person,
        new: Secret | None = None,
        options: PinOptions = PinOptions(),  # noqa: B008 - frozen
        how: ChangeOptions = _DEFAULTS,
    ) -> None:
        """Prepare; nothing is asked or read yet. A person is asked for both PINs, a script gives ``new``.

        Raises:
            TypeError: a PIN is given as plain text, or a script gives no new one.
        """
        require_entry(current)
        if isinstance(current, Secret) != isinstance(new, Secret):
            raise TypeError("a script gives both PINs as jpki.Secret(...); a person is asked for both")
        self._pin = pin
        self._current = current
        self._new = new
        self._options = options
        self._how = how
        self._record = PinRecord()
        self._seen: CardSnapshot | None = None
        self._outcome: ChangeReport | PinChangeError | None = None

    @property
    def report(self) -> PinReport:
        """What is true of the PIN at this instant; UNCHANGED until a change is known or may have happened."""
        told = self._record.report(self._pin)
        if isinstance(self._outcome, ChangeReport):
            return told._replace(outcome=PinOutcome.CHANGED, retries_remaining=self._outcome.retries_remaining)
        if isinstance(self._outcome, PinChangeError):
            outcome = PinOutcome.UNKNOWN if self._outcome.is_unknown else PinOutcome.UNCHANGED
            return told._replace(outcome=outcome, retries_remaining=self._outcome.retries_remaining)
        return told._replace(outcome=PinOutcome.UNCHANGED)

    def settle(self, change: Callable[[], None]) -> ChangeReport:
        """Run a function that calls :meth:`run`, and tell what became of the PIN, however it ends.

        Raises:
            PinChangeError: the PIN is unchanged, or its state is unknown; the cause is what happened.
            DeclinedError: the person did not want to.
        """
        try:
            change()
        except BaseException as exc:
            if self._outcome is None:
                if not _is_ending(exc):
                    raise
                self._outcome = self._unchanged(exc)
            elif isinstance(self._outcome, ChangeReport):
                self._outcome = _with_warning(self._outcome, exc)
        if isinstance(self._outcome, PinChangeError):
            attach(self._outcome, self.report)
            raise self._outcome from self._outcome.cause
        if self._outcome is None:
            raise RuntimeError("a change without an outcome")
        return self._outcome

    def _unchanged(self, cause: BaseException) -> PinChangeError:
        left = self._record.retries_remaining
        return PinChangeError(pin=self._pin.value, is_unknown=False, retries_remaining=left, cause=cause)

    def run(self, card: MyNumberCard) -> None:
        """Change the PIN of this card; to be called inside :meth:`settle`, where its outcome is reported.

        Raises:
            PinChangeError: the PIN is unchanged, or its state is unknown.
        """
        if isinstance(self._current, Secret):
            if self._new is None:
                raise TypeError("a script gives the new PIN")
            self._attempt(card, (self._current, self._new), self._options.policy(self._record))
        else:
            self._with_person(self._current, card)
        if isinstance(self._outcome, PinChangeError):
            raise self._outcome from self._outcome.cause

    def _with_person(self, person: Person, card: MyNumberCard) -> None:
        policy = self._show(person, card)
        if self._pin is Pin.JUKI:
            self._confirm_juki(person)
        pad = find_pad(person, card, self._pin, for_change=True) if self._options.with_pad else None
        with ExitStack() as stack:
            entries = self._ask(person, stack) if pad is None else self._announce(person, pad)
            while True:
                is_stopped = self._attempt(card, entries, policy)
                if is_stopped or not isinstance(self._outcome, PinChangeError):
                    return
                changed = self._outcome
                if not isinstance(changed.cause, CounterChangedError):
                    self._recover(person, card, entries[1], changed)
                    return
                tell_changed(person, changed.cause)
                policy = self._show(person, card)
                decision = Decision.GO_ON if pad is not None else Decision.GO_ON_TYPED
                if not person.confirm(Question(decision, self._pin)):
                    self._outcome = changed
                    return

    def _show(self, person: Person, card: MyNumberCard) -> TryPolicy:
        """Show the counter, and note which card it is: the same one as before where something was typed for it."""
        self._outcome = None
        with card.transaction():
            if self._seen is not None:
                require_same(card, self._seen.card, self._pin)
            self._seen = snapshot(card, self._pin, all_copies=True)
        self._record.count(self._seen.status.retries_remaining)
        return decide(person, self._pin, self._seen, self._options.policy(self._record))

    def _ask(self, person: Person, stack: ExitStack) -> tuple[Entry, Entry]:
        """Have both PINs typed; they are wiped with the stack."""
        question = SecretQuestion(self._pin, self._shown.status)
        current = stack.enter_context(enter(person, question))
        asked = question._replace(is_new=True)
        new = stack.enter_context(enter_new(person, asked, current, allow_weak=self._how.allow_weak))
        return current, new

    @property
    def _shown(self) -> CardSnapshot:
        if self._seen is None:
            raise RuntimeError("a person was shown no card")
        return self._seen

    def _announce(self, person: Person, pad: PinPad) -> tuple[Entry, Entry]:
        """Say what is not checked when a PIN is typed on the reader's keys."""
        person.tell(Notice(NoticeKind.HINT, NOT_JUDGED))
        for hint in hints(self._pin):
            person.tell(Notice(NoticeKind.HINT, hint))
        return pad, pad

    def _attempt(self, card: MyNumberCard, entries: tuple[Entry, Entry], policy: TryPolicy) -> bool:
        """Change once and keep the outcome; whether somebody asked to stop meanwhile."""
        with self._options.shield() as check:
            try:
                shielded = replace(policy, check_interrupts=check)
                self._outcome = change_pin(card, self._pin, *entries, shielded, confirm=self._how.confirm)
            except PinChangeError as exc:
                self._outcome = exc
            return was_interrupted(check)

    def _recover(self, person: Person, card: MyNumberCard, new: Entry, lost: PinChangeError) -> None:
        from .recovering import Recovery

        def again(found: MyNumberCard) -> Entry | None:
            """The new PIN for a card that is back: what was typed, or the keys of the reader where it is now."""
            return new if isinstance(new, Secret) else find_pad(person, found, self._pin)

        recovery = Recovery(person, card, self._pin, self._shown, self._options, self._record)
        self._outcome = recovery.change(lost, again)

    def _confirm_juki(self, person: Person) -> None:
        for note in JUKI_NOTES:
            person.tell(Notice(NoticeKind.HINT, note))
        if not self._how.accept_juki and not person.confirm(Question(Decision.JUKI, self._pin, JUKI_NOTES)):
            raise DeclinedError("the person does not want to", pin=self._pin.value)


def _is_ending(exc: BaseException) -> bool:
    """Whether an exception ends a change from outside: an error of this library, or somebody who wants to stop.

    A signal is not an Exception; what a face itself finds wrong is reported as it is.
    """
    if isinstance(exc, (DeclinedError, NobodyToAskError)):
        return False
    return isinstance(exc, (JpkiError, EOFError)) or not isinstance(exc, Exception)


def _with_warning(report: ChangeReport, exc: BaseException) -> ChangeReport:
    """Name what happened after the change, on the way out."""
    warning = ChangeWarning.CONNECTION_LOST if isinstance(exc, JpkiError) else ChangeWarning.INTERRUPTED
    return replace(report, warnings=tuple(dict.fromkeys((*report.warnings, warning))))
