"""Presenting and changing a PIN: one VERIFY for one request, and the truth afterwards.

Each function is one short transaction: SELECT the application and the IEF, read the counter again and compare it with
the one that the caller saw, VERIFY, do what the PIN is for, and leave nothing open on the card.
"""

from __future__ import annotations

import enum
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from jpki.card import Pin, PinState, pin as pins
from jpki.errors import (
    AnotherCardError,
    CardError,
    CounterChangedError,
    HiddenCounterError,
    JpkiError,
    LastTryError,
    OutcomeUnknownError,
    PinChangeError,
    PinError,
    PinPadError,
    UnexpectedStatusError,
    VerifyRefusedError,
    WrongPinError,
)

from .pad import PadStep, PinPad
from .presenting import TryPolicy, check_counter, check_tries, remaining_tries, require_entry_form, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import MyNumberCard
    from jpki.iso7816 import StatusWord

    from .record import PinRecord
    from .secret import Secret

#: SW1 of the answers that prove that a CHANGE was not carried out: the checking errors without 6C and 6F (ISO/IEC
#: 7816-4, 5.6). For CHANGE KEY, whose class 80 is not ISO's, that is an assumption (docs/card.md, section 2.5).
_NOT_CARRIED_OUT: Final = frozenset({0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E})

__all__ = [
    "ChangeReport",
    "ChangeWarning",
    "TryPolicy",
    "change_pin",
    "check_tries",
    "verify_pin",
]


class ChangeWarning(enum.Enum):
    """What went wrong after the PIN was changed; the PIN stays changed."""

    INTERRUPTED = "interrupted"
    CONNECTION_LOST = "connection_lost"
    NOT_CONFIRMED = "not_confirmed"
    CONFIRMATION_REFUSED = "confirmation_refused"


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """A PIN was changed; ``is_confirmed`` says that it was read back.

    ``retries_remaining`` is its full counter again, less where the card refused the new PIN when it was read back, and
    None if the answer to that was lost.
    """

    pin: Pin
    retries_remaining: int | None
    is_confirmed: bool = False
    warnings: tuple[ChangeWarning, ...] = ()


@contextmanager
def presented(card: MyNumberCard, pin: Pin, entry: Secret | PinPad, policy: TryPolicy) -> Iterator[None]:
    """A transaction in which the PIN is verified, and after which the card is left closed, however it ends."""
    require_entry_form(pin, entry, is_new=False)
    refusal: JpkiError | None = None
    try:
        with card.transaction():
            check_counter(card, pin, policy)
            try:
                verify(card, pin, entry, policy)
                yield
            except JpkiError as exc:
                refusal = exc
                if isinstance(exc, OutcomeUnknownError | VerifyRefusedError):
                    exc.retries_remaining = remaining_tries(card, pin, policy.record)
                    policy.record.read_again(exc.retries_remaining)
                raise
            finally:
                card.drop_security_status()
    except BaseException:
        # An interruption on the way out must not hide what became of the PIN.
        if refusal is not None:
            raise refusal from refusal.__cause__
        raise


def verify_pin(card: MyNumberCard, pin: Pin, entry: Secret | PinPad, policy: TryPolicy) -> None:
    """Find out whether this is the PIN; one attempt.

    Raises:
        PinFormatError: nothing was sent, the value cannot be this PIN.
        PinPadError: nothing was sent, the entry on the reader was ended.
        PinError: as :func:`check_tries`; or WrongPinError, PinBlockedError after the attempt.
        OutcomeUnknownError: the answer was lost, by an interruption too, or says nothing (6F00, 64xx, 65xx).
        VerifyRefusedError: another status word, which is no answer to whether this is the PIN.
    """
    with presented(card, pin, entry, policy):
        pass


class _Stage(enum.Enum):
    """How far a change came, which is all that is needed to say what is true of the PIN."""

    NOT_SENT = enum.auto()
    SENT = enum.auto()
    REFUSED = enum.auto()
    DONE = enum.auto()


class _Change:
    """One change of a PIN: keeps how far it came, so that what it says after an interruption is true at any point."""

    def __init__(self, card: MyNumberCard, pin: Pin, current: Secret | PinPad, new: Secret | PinPad) -> None:
        self.card = card
        self.pin = pin
        self.current = current
        self.new = new
        self.stage = _Stage.NOT_SENT
        self.retries_remaining: int | None = None
        self.warnings: list[ChangeWarning] = []
        self.is_confirmed = False

    def run(self, policy: TryPolicy, *, confirm: bool) -> None:
        record = policy.record
        with self.card.transaction():
            try:
                check_counter(self.card, self.pin, policy, elsewhere=self.pin.copies[1:])
            except BaseException as exc:
                self._read_counter(exc, record)
                raise
            try:
                verify(self.card, self.pin, self.current, policy)
                policy.check_interrupts()
                self._send()
                if confirm:
                    self._confirm(record)
            except BaseException as exc:
                if self.stage is not _Stage.DONE or self.retries_remaining is None:
                    self._read_counter(exc, record)
                if record.is_lost:
                    record.read_again(self.retries_remaining)
                raise
            finally:
                self._leave()

    def _leave(self) -> None:
        if not self.card.drop_security_status() and self.stage is _Stage.DONE:
            self.warnings.append(ChangeWarning.CONNECTION_LOST)

    def _read_counter(self, exc: BaseException, record: PinRecord) -> None:
        """Learn the tries left from an error that names them, else from the card; another card's are of no interest."""
        if isinstance(exc, AnotherCardError | HiddenCounterError):
            self.retries_remaining = None
        elif isinstance(exc, PinError):
            self.retries_remaining = _remaining(exc)
        else:
            self.retries_remaining = remaining_tries(self.card, self.pin, record)

    def _send(self) -> None:
        send = self._sender()
        self.stage = _Stage.SENT
        try:
            sw = send()
        except PinPadError:
            self.stage = _Stage.REFUSED
            raise
        if sw == 0x9000:
            self.stage = _Stage.DONE
            # A right VERIFY has filled the counter (docs/card.md, 2.4).
            self.retries_remaining = self.pin.retry_limit
            return
        if sw.sw1 in _NOT_CARRIED_OUT:
            self.stage = _Stage.REFUSED
        raise UnexpectedStatusError("CHANGE KEY" if self.pin is Pin.JUKI else "CHANGE REFERENCE DATA", sw)

    def _sender(self) -> Callable[[], StatusWord]:
        if isinstance(self.new, PinPad):
            self.new.announce(PadStep.NEW_TWICE)
            return partial(self.new.change, self.pin)
        send = self.card.card.change_key if self.pin is Pin.JUKI else self.card.card.change_reference_data
        return partial(send, self.new.reveal())

    def _confirm(self, record: PinRecord) -> None:
        """Present the new PIN once, on the caller's request; a failure of it does not undo the change.

        It is never presented with the last try, whatever was allowed for the change itself.
        """
        self.warnings.append(ChangeWarning.NOT_CONFIRMED)
        status = pins.interpret(self.pin.value, None, self.card.card.current_retry_status())
        self.retries_remaining = status.retries_remaining
        record.count(status.retries_remaining)
        if status.state in (PinState.LAST_TRY, PinState.BLOCKED):
            return
        self.retries_remaining = None
        try:
            verify(self.card, self.pin, self.new, TryPolicy(record=record), PadStep.NEW_AGAIN)
        except PinError as exc:
            self.retries_remaining = _remaining(exc)
            self.warnings = [ChangeWarning.CONFIRMATION_REFUSED]
            return
        self.retries_remaining = self.pin.retry_limit
        self.warnings.clear()
        self.is_confirmed = True


def change_pin(
    card: MyNumberCard,
    pin: Pin,
    current: Secret | PinPad,
    new: Secret | PinPad,
    policy: TryPolicy,
    *,
    confirm: bool = False,
) -> ChangeReport:
    """Change a PIN whose current value is known: VERIFY and CHANGE, once each, in one transaction.

    The Basic Resident Register PIN is changed in its own application only; the copy in the common application (see
    :attr:`Pin.copies`) keeps its value.

    With ``confirm`` the new PIN is presented once more after the change, unless that would be the last try.

    Raises:
        PinFormatError: nothing was sent, one of the values cannot be this PIN.
        PinChangeError: anything else; it says whether the PIN is unchanged or its state unknown. Every exception
            becomes one, interruptions too, because what is true of the PIN must not get lost with it.
    """
    require_entry_form(pin, current, is_new=False)
    require_entry_form(pin, new, is_new=True)
    change = _Change(card, pin, current, new)
    try:
        change.run(policy, confirm=confirm)
    except BaseException as exc:
        if change.stage is not _Stage.DONE:
            raise _failure(change, exc) from exc
        change.warnings += _warnings(_cause(exc))
    warnings = tuple(dict.fromkeys(change.warnings))
    return ChangeReport(pin, change.retries_remaining, change.is_confirmed, warnings)


def _failure(change: _Change, exc: BaseException) -> PinChangeError:
    if isinstance(exc, OutcomeUnknownError | VerifyRefusedError):
        exc.retries_remaining = change.retries_remaining
    return PinChangeError(
        pin=change.pin.value,
        is_unknown=change.stage is _Stage.SENT,
        retries_remaining=change.retries_remaining,
        cause=exc,
    )


def _cause(exc: BaseException) -> BaseException:
    """Look through a lost answer to what lost it."""
    if isinstance(exc, OutcomeUnknownError) and exc.__cause__ is not None:
        return exc.__cause__
    return exc


def _remaining(exc: PinError) -> int | None:
    """Tell the counter from an error that names it."""
    if isinstance(exc, WrongPinError):
        return exc.retries_remaining
    if isinstance(exc, CounterChangedError):
        return exc.found
    return 1 if isinstance(exc, LastTryError) else 0


def _warnings(cause: BaseException) -> list[ChangeWarning]:
    """What to say of an exception after the change; a confirmation that was refused or given up has been reported."""
    if isinstance(cause, CardError | PinPadError):
        return []
    return [ChangeWarning.CONNECTION_LOST if isinstance(cause, JpkiError) else ChangeWarning.INTERRUPTED]
