"""One use of one PIN: asked for, presented once to the card that was shown, and told of truly afterwards.

Everything that a PIN opens is done through a :class:`PinRequest`: a certificate is read, a key signs, attributes are
read. A change of a PIN is :class:`jpki.pin.changing.PinChange`.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.errors import CounterChangedError, OutcomeUnknownError
from jpki.pin.asking import decide, enter
from jpki.pin.commands import presented
from jpki.pin.looking import look
from jpki.pin.pads import find_pad
from jpki.pin.person import Notice, NoticeKind, Person, SecretQuestion
from jpki.pin.presenting import TryPolicy
from jpki.pin.record import PinRecord, PinReport
from jpki.pin.report import reported
from jpki.pin.secret import Secret
from jpki.words import MN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import Pin
    from jpki.pin.looking import Seen
    from jpki.pin.pad import PinPad

    #: Reaches the card on the same reader again, within so many seconds.
    Reopen = Callable[[float], AbstractContextManager[MyNumberCard]]
    #: Remembers interruptions inside the block; what it gives raises the first of them.
    Shield = Callable[[], AbstractContextManager[Callable[[], None]]]

T = TypeVar("T")


def _no_interruption() -> None:
    """Of a caller that remembers none: Ctrl-C ends the wait for the card, and the answer counts as lost."""


@contextmanager
def unshielded() -> Iterator[Callable[[], None]]:
    """Let interruptions through as they come."""
    yield _no_interruption


@dataclass(frozen=True, slots=True)
class PinOptions:
    """What the caller of one request allows, and what it has for the person.

    ``use_last_try`` and ``use_hidden_counter`` allow a try that is or may be the last; where they are not given a
    person is asked, and a script's secret is not sent. ``with_pad``: a person types on the reader's own keys, where it
    has some. ``reopen`` reaches the card again when it was lost; without it nothing is found out. ``shield`` keeps
    interruptions from losing an answer of the card.
    """

    use_last_try: bool = False
    use_hidden_counter: bool = False
    with_pad: bool = True
    reopen: Reopen | None = None
    shield: Shield = unshielded

    def policy(self, record: PinRecord) -> TryPolicy:
        """What is allowed before anything was shown."""
        return TryPolicy(use_last_try=self.use_last_try, use_hidden_counter=self.use_hidden_counter, record=record)


_DEFAULTS: Final = PinOptions()


class PinRequest:
    """A PIN of a card, and whoever gives it: a script's :class:`Secret`, or a :class:`Person` who is asked.

    A script's secret is sent at most once, to the card that lies there. A person is shown the tries left before typing,
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
        self._is_done = False

    @property
    def report(self) -> PinReport:
        """What is true of the PIN at this instant."""
        return self._record.report(self._pin)

    def run(self, work: Callable[[MyNumberCard], T]) -> T:
        """Present the PIN once, do the work inside the same transaction, leave nothing open, and return its result.

        An exception that leaves this call tells the truth about the PIN (:func:`jpki.pin_report`).

        Raises:
            PinFormatError: nothing was sent, a script's value cannot be this PIN.
            LastTryError, HiddenCounterError: nothing was sent, such a try was not allowed.
            AnotherCardError: nothing was sent, it is not the card that was shown.
            WrongPinError, PinBlockedError, VerifyRefusedError: the card refused it.
            PinPadError: nothing was sent, the entry on the reader was ended.
            OutcomeUnknownError: the answer was lost; ``was_right`` tells that the counter says it was right.
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
            seen = look(self._card, self._pin)
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
        seen: Seen,
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

    def _find_out(self, person: Person, seen: Seen, lost: OutcomeUnknownError) -> OutcomeUnknownError:
        from jpki.pin.recovering import Recovery

        recovery = Recovery(person, self._card, self._pin, seen, self._options, self._record)
        return recovery.verify(lost)


class _LostError(Exception):
    """An answer was lost, and nobody asked to stop meanwhile."""

    def __init__(self, lost: OutcomeUnknownError) -> None:
        super().__init__()
        self.lost = lost


def require_entry(value: object) -> None:
    """Refuse a PIN that is plain text: a str cannot be overwritten, and turns up in tracebacks and logs.

    Raises:
        TypeError: it is neither a Secret nor a Person.
    """
    if not isinstance(value, (Secret, Person)):
        raise TypeError(f"a PIN is given as jpki.Secret(...) or by a jpki.Person, not as {type(value).__name__}")


def was_interrupted(check: Callable[[], None]) -> bool:
    """Whether a shield remembers an interruption; ``check`` is what it gave."""
    try:
        check()
    except BaseException:  # noqa: BLE001 - what it raises stands for the signal
        return True
    return False


def tell_changed(person: Person, exc: CounterChangedError) -> None:
    """Tell that another program used the PIN meanwhile, before asking again."""
    message = MN(
        "Nothing was sent: another program used this PIN meanwhile. {n} try is left now.",
        "Nothing was sent: another program used this PIN meanwhile. {n} tries are left now.",
        exc.found or 0,
    )
    person.tell(Notice(NoticeKind.PROGRESS, message))
