"""One use of one PIN: asked for, presented once to the card that was shown, and reported truthfully afterwards.

Everything that a PIN opens is done through a :class:`PinRequest`: a certificate is read, a key signs, attributes are
read. A change of a PIN is :class:`jpki.pin.changing.PinChange`.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.errors import CounterChangedError, OutcomeUnknownError

from .asking import decide, enter
from .commands import presented
from .options import PinOptions, require_entry, tell_changed, was_interrupted
from .pad import find_pad
from .person import Person, SecretQuestion
from .record import PinRecord, PinReport, reported
from .secret import Secret
from .snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, Pin

    from .pad import PinPad
    from .presenting import TryPolicy
    from .snapshot import CardSnapshot

T = TypeVar("T")


_DEFAULTS: Final = PinOptions()


class PinRequest:
    """A PIN of a card, and whoever gives it: a script's :class:`Secret`, or a :class:`Person` who is asked.

    A script's secret is sent at most once, to the card that is there. A person is shown the tries left before typing,
    asked for a last try, and what was typed goes to that card only.
    """

    def __init__(self, card: MyNumberCard, pin: Pin, entry: Secret | Person, options: PinOptions = _DEFAULTS) -> None:
        """Prepare; nothing is asked or sent yet.

        Raises:
            TypeError: the entry is neither; a PIN is never given as plain text.
        """
        require_entry(entry)
        self._card = card
        self._pin = pin
        self._entry = entry
        self._options = options
        self._record = PinRecord()
        self._shown: bytes | None = None
        self._is_done = False

    @property
    def report(self) -> PinReport:
        """What is true of the PIN at this instant."""
        return self._record.report(self._pin)

    def was_shown(self, certificate: bytes) -> bool:
        """Whether the card that the person was shown has this user certificate, going by its fingerprint.

        The PIN goes to no other card, so inside ``work`` this is also the card that is there. False for a script, which
        is shown none, and for a card without a fingerprint.
        """
        return self._shown is not None and certificate.startswith(self._shown)

    def run(self, work: Callable[[MyNumberCard], T]) -> T:
        """Present the PIN once, do the work inside the same transaction, leave nothing open, and return its result.

        An exception that leaves this call says truthfully what became of the PIN (:func:`jpki.pin_report`).

        Raises:
            PinFormatError: nothing was sent, a script's value cannot be this PIN.
            LastTryError, HiddenCounterError: nothing was sent, such a try was not allowed.
            AnotherCardError: nothing was sent, it is not the card that was shown.
            WrongPinError, PinBlockedError, VerifyRefusedError: the card refused it.
            PinPadError: nothing was sent, the entry on the reader was ended.
            OutcomeUnknownError: the answer was lost; ``was_right``: the counter shows that the PIN was correct.
            RuntimeError: this request was used before.
        """

        def use(entry: Secret | PinPad, policy: TryPolicy) -> T:
            with presented(self._card, self._pin, entry, policy):
                return work(self._card)

        return self.use(use)

    def use(self, use: Callable[[Secret | PinPad, TryPolicy], T]) -> T:
        """Have the PIN entered and used by a function that presents it itself, for work of several turns at the card.

        Raises: as :meth:`run`.
        """
        if self._is_done:
            raise RuntimeError("one request is for one use of a PIN")
        self._is_done = True
        with reported(lambda: self.report):
            if isinstance(self._entry, Secret):
                return self._by_script(self._entry, use)
            return self._by_person(self._entry, use)

    def _by_script(self, secret: Secret, use: Callable[[Secret | PinPad, TryPolicy], T]) -> T:
        with self._options.shield() as check:
            return use(secret, replace(self._options.policy(self._record), check_interrupts=check))

    def _by_person(self, person: Person, use: Callable[[Secret | PinPad, TryPolicy], T]) -> T:
        """Ask once, and again only where the counter changed before anything was sent."""
        pad = find_pad(person, self._card, self._pin) if self._options.with_pad else None
        while True:
            seen = snapshot(self._card, self._pin)
            self._shown = seen.card.fingerprint
            self._record.count(seen.status.retries_remaining)
            policy = decide(person, self._pin, seen, self._options.policy(self._record))
            try:
                return self._once(person, pad, seen, policy, use)
            except CounterChangedError as exc:
                tell_changed(person, exc)
            except _LostError as exc:
                raise self._find_out(person, seen, exc.lost) from exc.lost.__cause__

    def _once(
        self,
        person: Person,
        pad: PinPad | None,
        seen: CardSnapshot,
        policy: TryPolicy,
        use: Callable[[Secret | PinPad, TryPolicy], T],
    ) -> T:
        question = SecretQuestion(self._pin, seen.status)
        with nullcontext(pad) if pad is not None else enter(person, question) as entry, self._options.shield() as check:
            try:
                return use(entry, replace(policy, check_interrupts=check))
            except OutcomeUnknownError as exc:
                if was_interrupted(check):
                    raise
                raise _LostError(exc) from exc

    def _find_out(self, person: Person, seen: CardSnapshot, lost: OutcomeUnknownError) -> OutcomeUnknownError:
        from .recovering import Recovery

        recovery = Recovery(person, self._card, self._pin, seen, self._options, self._record)
        return recovery.verify(lost)


class _LostError(Exception):
    """An answer was lost, and the user did not ask to stop meanwhile."""

    def __init__(self, lost: OutcomeUnknownError) -> None:
        super().__init__()
        self.lost = lost
