"""Presenting and changing a PIN: one VERIFY for one request, and the truth afterwards.

Each function is one short transaction: SELECT the application and the IEF, read the counter again and compare it with
the one that the caller saw, VERIFY, do what the PIN is for, and leave nothing open on the card.
"""

from __future__ import annotations

import enum
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.application import pin as pins
from jpki.application.my_number_card import CertificateKind
from jpki.application.pin import Pin, PinState, PinStatus
from jpki.application.pin_rules import require_form
from jpki.errors import (
    ApduError,
    CardError,
    CounterChangedError,
    DataError,
    FileNotFoundOnCardError,
    JpkiError,
    LastTryError,
    OutcomeUnknownError,
    PinBlockedError,
    PinChangeError,
    PinError,
    TransportError,
    UnexpectedStatusError,
    WrongPinError,
)
from jpki.iso7816.status import RetryState, StatusWord, parse_retry_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.secret import Secret

#: Answers to CHANGE after which nobody knows whether the value was written (docs/cli.md, exit codes).
_NO_DIAGNOSIS: Final = 0x6F00
#: A secret from a script is sent only with this many tries left, unless the caller allowed the last one.
_SAFE_TRIES: Final = 2


def _never() -> None:
    """Stand-in for a caller that has no interruptions to look at."""


@dataclass(frozen=True, slots=True)
class TryPolicy:
    """What the caller decided about the use of a try.

    ``shown`` is the counter that a person saw before typing; None where nobody was shown one (scripts).
    ``check_interrupts`` is called right before each command that carries a secret; it raises to stop there.
    """

    shown: int | None = None
    use_last_try: bool = False
    check_interrupts: Callable[[], None] = _never


class ChangeWarning(enum.Enum):
    """What went wrong after the PIN was changed; the change stands."""

    INTERRUPTED = "interrupted"
    CONNECTION_LOST = "connection_lost"
    NOT_CONFIRMED = "not_confirmed"
    CONFIRMATION_REFUSED = "confirmation_refused"


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """A PIN was changed; ``retries_remaining`` is its full counter again, ``is_confirmed`` that it was read back."""

    pin: Pin
    retries_remaining: int
    is_confirmed: bool = False
    warnings: tuple[ChangeWarning, ...] = ()


def check_tries(status: PinStatus, policy: TryPolicy) -> None:
    """Refuse before anything secret is sent.

    Raises:
        FileNotFoundOnCardError: the card has no such PIN.
        UnexpectedStatusError: the card did not give the counter.
        PinBlockedError: no try is left.
        LastTryError: one is left and its use was not allowed.
        CounterChangedError: the counter is not the one that was shown.
    """
    sw = 0x6A82 if status.sw is None else status.sw
    if status.state is PinState.ABSENT:
        raise FileNotFoundOnCardError("VERIFY", sw)
    if status.state is PinState.UNKNOWN:
        raise UnexpectedStatusError("VERIFY", sw)
    if status.state is PinState.BLOCKED:
        raise PinBlockedError("no try is left", pin=status.name)
    left = status.retries_remaining
    if left is None:
        return
    if policy.shown is not None and left != policy.shown:
        raise CounterChangedError("the counter changed", pin=status.name, expected=policy.shown, found=left)
    if left < _SAFE_TRIES and not policy.use_last_try:
        raise LastTryError("one try is left", pin=status.name)


def _present(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> None:
    """SELECT, read the counter, VERIFY once; returns only when the card said that the PIN is right."""
    reference = pin.reference
    card.select(reference.application, again=True)
    card.card.select_ef(reference.ef_id)
    status = pins.interpret(pin.value, pin.retry_limit, card.card.current_retry_status())
    check_tries(status, policy)
    policy.check_interrupts()
    try:
        sw = card.card.verify(secret.reveal())
    except (TransportError, ApduError) as exc:
        raise OutcomeUnknownError("the answer to VERIFY was lost", pin=pin.value) from exc
    _require_right(pin, sw)


def _require_right(pin: Pin, sw: StatusWord) -> None:
    status = parse_retry_status(sw)
    if status is None or status.state is RetryState.UNLIMITED:
        raise UnexpectedStatusError("VERIFY", sw)
    if status.state is RetryState.BLOCKED:
        raise PinBlockedError("the last try was used", pin=pin.value, by_this_call=True)
    if status.remaining is not None:
        raise WrongPinError("the card refused the PIN", pin=pin.value, retries_remaining=status.remaining)


def _counter(card: MyNumberCard, pin: Pin) -> int | None:
    """Tries left as far as the card still says; never raises."""
    try:
        return card.read_pin_status(pin).retries_remaining
    except JpkiError:
        return None


@contextmanager
def _presented(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> Iterator[None]:
    """A transaction in which the PIN is verified, and after which nothing is left open, whatever happens inside."""
    require_form(pin, secret, is_new=False)
    with card.transaction():
        try:
            _present(card, pin, secret, policy)
            yield
        except OutcomeUnknownError as exc:
            exc.retries_remaining = _counter(card, pin)
            raise
        finally:
            card.drop_security_status()


def verify_pin(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> None:
    """Find out whether this is the PIN; one attempt.

    Raises:
        PinFormatError: nothing was sent, the value cannot be this PIN.
        PinError: as :func:`check_tries`; or WrongPinError, PinBlockedError after the attempt.
        OutcomeUnknownError: the answer was lost.
    """
    with _presented(card, pin, secret, policy):
        pass


def read_protected_certificate(card: MyNumberCard, kind: CertificateKind, secret: Secret, policy: TryPolicy) -> bytes:
    """Read the sign certificate, or a phone's auth certificate, with its PIN; raises as :func:`verify_pin`."""
    pin = Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH
    with _presented(card, pin, secret, policy):
        return card.read_certificate(kind)


class _Stage(enum.Enum):
    """How far a change came, which is all that is needed to say what is true of the PIN."""

    NOT_SENT = enum.auto()
    SENT = enum.auto()
    REFUSED = enum.auto()
    DONE = enum.auto()


class _Change:
    """One change of a PIN: keeps how far it came, so that an interruption at any point can be told truly."""

    def __init__(self, card: MyNumberCard, pin: Pin, current: Secret, new: Secret) -> None:
        self.card = card
        self.pin = pin
        self.current = current
        self.new = new
        self.stage = _Stage.NOT_SENT
        self.retries_remaining: int | None = None
        self.warnings: list[ChangeWarning] = []
        self.is_confirmed = False

    def run(self, policy: TryPolicy, *, confirm: bool) -> None:
        with self.card.transaction():
            try:
                _present(self.card, self.pin, self.current, policy)
                policy.check_interrupts()
                self._send()
                if confirm:
                    self._confirm()
            except (WrongPinError, PinBlockedError, LastTryError, CounterChangedError) as exc:
                self.retries_remaining = _remaining(exc)
                raise
            except BaseException:
                if self.stage is not _Stage.DONE:
                    self.retries_remaining = _counter(self.card, self.pin)
                raise
            finally:
                self.card.drop_security_status()

    def _send(self) -> None:
        send = self.card.card.change_key if self.pin is Pin.JUKI else self.card.card.change_reference_data
        self.stage = _Stage.SENT
        sw = send(self.new.reveal())
        if sw == 0x9000:
            self.stage = _Stage.DONE
            return
        if sw != _NO_DIAGNOSIS and sw.sw1 not in (0x64, 0x65):
            self.stage = _Stage.REFUSED
        raise UnexpectedStatusError("CHANGE KEY" if self.pin is Pin.JUKI else "CHANGE REFERENCE DATA", sw)

    def _confirm(self) -> None:
        """Present the new PIN once, on the caller's request; a failure of it does not undo the change."""
        try:
            sw = self.card.card.verify(self.new.reveal())
        except (TransportError, ApduError):
            self.warnings.append(ChangeWarning.NOT_CONFIRMED)
            raise
        self.is_confirmed = sw == 0x9000
        if not self.is_confirmed:
            self.warnings.append(ChangeWarning.CONFIRMATION_REFUSED)


def change_pin(
    card: MyNumberCard,
    pin: Pin,
    current: Secret,
    new: Secret,
    policy: TryPolicy,
    *,
    confirm: bool = False,
) -> ChangeReport:
    """Change a PIN whose current value is known: VERIFY and CHANGE, once each, in one transaction.

    The Basic Resident Register PIN is changed in its own application only; the copy in the common application (see
    :attr:`Pin.copies`) keeps its value.

    With ``confirm`` the new PIN is presented once more after the change.

    Raises:
        PinFormatError: nothing was sent, one of the values cannot be this PIN.
        PinChangeError: anything else; it says whether the PIN is unchanged or its state unknown. Every exception
            becomes one, interruptions too, because what is true of the PIN must not get lost with it.
    """
    require_form(pin, current, is_new=False)
    require_form(pin, new, is_new=True)
    change = _Change(card, pin, current, new)
    try:
        change.run(policy, confirm=confirm)
    except BaseException as exc:
        if change.stage is not _Stage.DONE:
            raise _failure(change, exc) from exc
        change.warnings.append(_warning(exc))
    warnings = tuple(dict.fromkeys(change.warnings))
    return ChangeReport(pin, pin.retry_limit, change.is_confirmed, warnings)


def _failure(change: _Change, exc: BaseException) -> PinChangeError:
    return PinChangeError(
        pin=change.pin.value,
        is_unknown=change.stage is _Stage.SENT,
        retries_remaining=change.retries_remaining,
        cause=_cause(exc),
    )


def _cause(exc: BaseException) -> BaseException:
    """Look through a lost answer to what lost it: for a change, a lost VERIFY leaves the PIN unchanged."""
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


def _warning(exc: BaseException) -> ChangeWarning:
    if isinstance(exc, (TransportError, DataError, CardError, PinError)):
        return ChangeWarning.CONNECTION_LOST
    return ChangeWarning.INTERRUPTED
