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
    CardError,
    CounterChangedError,
    FileNotFoundOnCardError,
    JpkiError,
    LastTryError,
    OutcomeUnknownError,
    PinBlockedError,
    PinChangeError,
    PinError,
    UnexpectedStatusError,
    WrongPinError,
)
from jpki.iso7816.status import RetryState, StatusWord, parse_retry_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.secret import Secret

#: Answers after which nobody knows what the card did: execution errors, and 6F00 (docs/cli.md, exit codes).
_NO_DIAGNOSIS: Final = 0x6F00
_EXECUTION_ERRORS: Final = frozenset({0x64, 0x65})
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
    """A PIN was changed; ``is_confirmed`` tells that it was read back.

    ``retries_remaining`` is its full counter again, less where the card refused the new PIN when it was read back, and
    None where the answer to that was lost.
    """

    pin: Pin
    retries_remaining: int | None
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


def _begin(card: MyNumberCard, pin: Pin, policy: TryPolicy) -> None:
    """SELECT, read the counter and judge it; nothing that is secret is sent, and nothing is opened."""
    reference = pin.reference
    card.select(reference.application, again=True)
    card.card.select_ef(reference.ef_id)
    check_tries(pins.interpret(pin.value, pin.retry_limit, card.card.current_retry_status()), policy)


def _verify(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> None:
    """VERIFY once; returns only when the card said that the PIN is right."""
    policy.check_interrupts()
    raw = secret.reveal()
    try:
        sw = card.card.verify(raw)
    except ValueError:
        raise  # a mistake of the caller: nothing was sent
    except BaseException as exc:
        # An interruption loses the answer as a fault does.
        raise OutcomeUnknownError("the answer to VERIFY was lost", pin=pin.value) from exc
    status = parse_retry_status(sw)
    if status is None or status.state is RetryState.UNLIMITED:
        refusal = UnexpectedStatusError("VERIFY", sw)
        if _says_nothing(sw):
            raise OutcomeUnknownError("the answer to VERIFY says nothing", pin=pin.value) from refusal
        raise refusal
    if status.state is RetryState.BLOCKED:
        raise PinBlockedError("the last try was used", pin=pin.value, by_this_call=True)
    if status.remaining is not None:
        raise WrongPinError("the card refused the PIN", pin=pin.value, retries_remaining=status.remaining)


def _says_nothing(sw: StatusWord) -> bool:
    return sw == _NO_DIAGNOSIS or sw.sw1 in _EXECUTION_ERRORS


def _counter(card: MyNumberCard, pin: Pin) -> int | None:
    """Tries left as far as the card still says; never raises, because something worse is about to be told."""
    try:
        status = card.read_pin_status(pin)
    except BaseException:  # noqa: BLE001 - see above: an interruption, too, would replace what is being told
        return None
    # Only a right VERIFY makes a card say 9000 here, and that fills the counter (docs/card.md, 2.4).
    return pin.retry_limit if status.state is PinState.VERIFIED else status.retries_remaining


@contextmanager
def _presented(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> Iterator[None]:
    """A transaction in which the PIN is verified, and after which nothing is left open, whatever happens inside."""
    require_form(pin, secret, is_new=False)
    refusal: JpkiError | None = None
    try:
        with card.transaction():
            _begin(card, pin, policy)
            try:
                _verify(card, pin, secret, policy)
                yield
            except JpkiError as exc:
                refusal = exc
                if isinstance(exc, OutcomeUnknownError):
                    exc.retries_remaining = _counter(card, pin)
                raise
            finally:
                card.drop_security_status()
    except BaseException:
        # An interruption on the way out must not hide what became of the PIN.
        if refusal is not None:
            raise refusal from refusal.__cause__
        raise


def verify_pin(card: MyNumberCard, pin: Pin, secret: Secret, policy: TryPolicy) -> None:
    """Find out whether this is the PIN; one attempt.

    Raises:
        PinFormatError: nothing was sent, the value cannot be this PIN.
        PinError: as :func:`check_tries`; or WrongPinError, PinBlockedError after the attempt.
        OutcomeUnknownError: the answer was lost, by an interruption too, or says nothing (6F00, 64xx, 65xx).
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
                _begin(self.card, self.pin, policy)
            except BaseException as exc:
                self._read_counter(exc)
                raise
            try:
                _verify(self.card, self.pin, self.current, policy)
                policy.check_interrupts()
                self._send()
                if confirm:
                    self._confirm()
            except BaseException as exc:
                if self.stage is not _Stage.DONE or self.retries_remaining is None:
                    self._read_counter(exc)
                raise
            finally:
                self.card.drop_security_status()

    def _read_counter(self, exc: BaseException) -> None:
        """Learn the tries left from an error that names them, else from the card."""
        if isinstance(exc, PinError):
            self.retries_remaining = _remaining(exc)
        else:
            self.retries_remaining = _counter(self.card, self.pin)

    def _send(self) -> None:
        send = self.card.card.change_key if self.pin is Pin.JUKI else self.card.card.change_reference_data
        raw = self.new.reveal()
        self.stage = _Stage.SENT
        sw = send(raw)
        if sw == 0x9000:
            self.stage = _Stage.DONE
            # A right VERIFY has filled the counter (docs/card.md, 2.4).
            self.retries_remaining = self.pin.retry_limit
            return
        if not _says_nothing(sw):
            self.stage = _Stage.REFUSED
        raise UnexpectedStatusError("CHANGE KEY" if self.pin is Pin.JUKI else "CHANGE REFERENCE DATA", sw)

    def _confirm(self) -> None:
        """Present the new PIN once, on the caller's request; a failure of it does not undo the change.

        It is never presented with the last try, whatever was allowed for the change itself.
        """
        self.warnings.append(ChangeWarning.NOT_CONFIRMED)
        status = pins.interpret(self.pin.value, None, self.card.card.current_retry_status())
        self.retries_remaining = status.retries_remaining
        if status.state in (PinState.LAST_TRY, PinState.BLOCKED):
            return
        self.retries_remaining = None
        try:
            _verify(self.card, self.pin, self.new, TryPolicy())
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
    current: Secret,
    new: Secret,
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
    require_form(pin, current, is_new=False)
    require_form(pin, new, is_new=True)
    change = _Change(card, pin, current, new)
    try:
        change.run(policy, confirm=confirm)
    except BaseException as exc:
        if change.stage is not _Stage.DONE:
            raise _failure(change, exc) from exc
        change.warnings += _warnings(_cause(exc))
    return ChangeReport(pin, change.retries_remaining, change.is_confirmed, tuple(change.warnings))


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


def _warnings(cause: BaseException) -> list[ChangeWarning]:
    """What to say of an exception after the change; a card that refuses the confirmation has been told of already."""
    if isinstance(cause, CardError):
        return []
    return [ChangeWarning.CONNECTION_LOST if isinstance(cause, JpkiError) else ChangeWarning.INTERRUPTED]
