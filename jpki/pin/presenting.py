"""Presenting a PIN to the card, once: what comes before, what the answer means, and what may go wrong between.

Used by :mod:`jpki.pin.commands`, inside its transactions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from jpki.card import Pin, PinState, pin as pins, recognise_unused
from jpki.errors import (
    CounterChangedError,
    FileNotFoundOnCardError,
    HiddenCounterError,
    LastTryError,
    OutcomeUnknownError,
    PinBlockedError,
    PinNotInUseError,
    PinPadError,
    UnexpectedStatusError,
    VerifyRefusedError,
    WrongPinError,
)
from jpki.iso7816 import RetryState, StatusWord, parse_retry_status

from .hidden_counter import unhide
from .pad import PadStep, PinPad
from .record import PinRecord
from .rules import require_form
from .seen_card import require_same

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, PinStatus, Reference

    from .secret import Secret
    from .seen_card import SeenCard

#: Answers after which it is unknown what the card did: execution errors, and 6F00 (docs/cli.md, exit codes).
_NO_DIAGNOSIS: Final = 0x6F00
_EXECUTION_ERRORS: Final = frozenset({0x64, 0x65})
#: States in which no try is left.
_NO_TRIES: Final = {PinState.BLOCKED: PinBlockedError, PinState.NOT_IN_USE: PinNotInUseError}
#: A secret from a script is sent only with this many tries left, unless the caller allowed the last one.
_SAFE_TRIES: Final = 2


def _never() -> None:
    """Stand-in for a caller that has no interruptions to look at."""


@dataclass(frozen=True, slots=True)
class TryPolicy:
    """What the caller decided about the use of a try.

    ``shown`` is the counter that a person saw before typing; None if no counter was shown (scripts). ``seen`` is the
    card whose counter that was, and the only one to which the secret goes; None if no card was shown.
    ``use_hidden_counter`` allows a try that may be the last one, because the card does not tell how many are left.
    ``check_interrupts`` is called right before each command that carries a secret; it raises to stop there. ``record``
    is where it is written down what becomes of the PIN.
    """

    shown: int | None = None
    seen: SeenCard | None = None
    use_last_try: bool = False
    use_hidden_counter: bool = False
    check_interrupts: Callable[[], None] = _never
    record: PinRecord = field(default_factory=PinRecord, compare=False)


def check_tries(status: PinStatus, policy: TryPolicy) -> None:
    """Refuse before anything secret is sent.

    Raises:
        FileNotFoundOnCardError: the card has no such PIN.
        UnexpectedStatusError: the card did not give the counter.
        PinBlockedError: no try is left.
        PinNotInUseError: its certificate is not on the card, so it has no use.
        LastTryError: one is left and its use was not allowed.
        HiddenCounterError: the card does not tell how many are left, and that was not allowed.
        CounterChangedError: the counter is not the one that was shown.
    """
    sw = 0x6A82 if status.sw is None else status.sw
    if status.state is PinState.ABSENT:
        raise FileNotFoundOnCardError("VERIFY", sw)
    if status.state is PinState.UNKNOWN:
        raise UnexpectedStatusError("VERIFY", sw)
    if status.state in _NO_TRIES:
        raise _NO_TRIES[status.state]("no try is left", pin=status.name)
    left = status.retries_remaining
    if left is None:
        if not policy.use_hidden_counter:
            raise HiddenCounterError("the card does not tell the tries left", pin=status.name)
        return
    if policy.shown is not None and left != policy.shown:
        raise CounterChangedError("the counter changed", pin=status.name, expected=policy.shown, found=left)
    if left < _SAFE_TRIES and not policy.use_last_try:
        raise LastTryError("one try is left", pin=status.name)


def check_counter(card: MyNumberCard, pin: Pin, policy: TryPolicy, *, elsewhere: tuple[Reference, ...] = ()) -> None:
    """Look whether it is the card that was seen, SELECT, read the counter and judge it.

    Nothing that is secret is sent, and nothing is opened. ``elsewhere`` are other places of the same PIN, whose
    counters are read first: the lowest decides.

    Raises:
        AnotherCardError: it is not the card that was seen.
        JpkiError: as :func:`check_tries`.
    """
    reference = pin.reference
    if policy.seen is not None:
        require_same(card, policy.seen, pin)
    was_selected = policy.seen is not None and policy.seen.fingerprint is not None
    others = [_counter_at(card, pin, place) for place in elsewhere]
    own = _own_counter(card, pin, again=not was_selected)
    was_presented = own.state is PinState.VERIFIED and policy.shown is not None
    own = unhide(card, reference.application, own, lambda: _own_counter(card, pin, again=True))
    own = recognise_unused(card, own)
    policy.record.count(own.retries_remaining)
    check_tries(own, replace(policy, shown=None) if others else policy)
    if others:
        check_tries(pins.lowest([own, *others]), policy)
    if was_presented:  # it was not when its counter was shown, and who presents a PIN may have changed it
        left = own.retries_remaining
        raise CounterChangedError("the PIN was presented", pin=pin.value, expected=policy.shown, found=left)


def _counter_at(card: MyNumberCard, pin: Pin, place: Reference) -> PinStatus:
    """Ask for the counter in another place of the PIN."""

    def read() -> PinStatus:
        return card.read_status_at(pin, place)

    return unhide(card, place.application, read(), read)


def _own_counter(card: MyNumberCard, pin: Pin, *, again: bool) -> PinStatus:
    """SELECT and ask for the counter; the file of the PIN is current afterwards."""
    card.select(pin.reference.application, again=again)
    card.card.select_ef(pin.reference.ef_id)
    return pins.interpret(pin.value, pin.retry_limit, card.card.current_retry_status())


def verify(
    card: MyNumberCard, pin: Pin, entry: Secret | PinPad, policy: TryPolicy, step: PadStep = PadStep.CURRENT
) -> None:
    """VERIFY once; returns only when the card said that the PIN is right."""
    policy.check_interrupts()
    if isinstance(entry, PinPad):
        entry.announce(step)
    record = policy.record
    try:
        record.send()
        sw = entry.verify() if isinstance(entry, PinPad) else card.card.verify(entry.reveal())
        _judge(card, pin, sw, record)
    except (ValueError, PinPadError) as exc:
        record.take_back()  # a mistake of the caller, or the reader ended the entry: nothing was sent
        if isinstance(exc, PinPadError):
            _require_untouched(card, pin, record, exc)
        raise
    except BaseException as exc:
        if not record.is_lost or isinstance(exc, OutcomeUnknownError | VerifyRefusedError):
            raise
        # An interruption loses the answer as a fault does.
        raise OutcomeUnknownError("the answer to VERIFY was lost", pin=pin.value) from exc


def _require_untouched(card: MyNumberCard, pin: Pin, record: PinRecord, ended: PinPadError) -> None:
    """Look at the counter once more: the reader's words for an entry that was ended may have been the card's.

    Raises:
        OutcomeUnknownError: the counter is another one, so the PIN was sent.
    """
    before, left = record.retries_remaining, remaining_tries(card, pin, record)
    if None not in (before, left) and left != before:
        record.send()
        raise OutcomeUnknownError(
            "the reader says that nothing was sent, and the counter changed", pin=pin.value
        ) from ended


def _judge(card: MyNumberCard, pin: Pin, sw: StatusWord, record: PinRecord) -> None:
    """Note what the answer to VERIFY says; returns only where that is that the PIN is right."""
    status = parse_retry_status(sw)
    if status is None:
        refusal = VerifyRefusedError(sw, pin=pin.value)
        if says_nothing(sw):
            raise OutcomeUnknownError("the answer to VERIFY says nothing", pin=pin.value) from refusal
        raise refusal
    if status.state is RetryState.VERIFIED:
        record.accept(pin.retry_limit)
        return
    # 6300 refuses and names no counter: of a PIN without a limit (docs/card.md, 2.3), or of one that has to be asked.
    left = remaining_tries(card, pin, record) if status.state is RetryState.UNLIMITED else status.remaining or 0
    if left is not None and not record.does_fit(left, pin.retry_limit):
        left = _ask_again(card, pin, sw, record, left)
    record.refuse(left)
    if left == 0:
        raise PinBlockedError("the last try was used", pin=pin.value, by_this_call=True)
    raise WrongPinError("the card refused the PIN", pin=pin.value, retries_remaining=left)


def _ask_again(card: MyNumberCard, pin: Pin, sw: StatusWord, record: PinRecord, named: int) -> int:
    """Ask for the counter, since the one in a refusal is not one less than before; return it where it explains that.

    Raises:
        VerifyRefusedError: the card contradicts itself, so its refusal says nothing of the PIN.
    """
    left = remaining_tries(card, pin, record)
    if left is None or not (record.does_fit(left, pin.retry_limit) or (left == named and record.is_less(left))):
        raise VerifyRefusedError(sw, pin=pin.value, is_contradiction=True)
    if left and not named:  # "blocked" of a PIN that is not: it may not have been compared at all
        raise VerifyRefusedError(sw, pin=pin.value, is_contradiction=True)
    return left


def says_nothing(sw: StatusWord) -> bool:
    """Whether the card says that something went wrong, and not what became of the command."""
    return sw == _NO_DIAGNOSIS or sw.sw1 in _EXECUTION_ERRORS


def remaining_tries(card: MyNumberCard, pin: Pin, record: PinRecord) -> int | None:
    """Tries left as far as the card still says; never raises, because something worse is about to be reported."""
    try:
        status = card.read_pin_status(pin)
    except BaseException:  # noqa: BLE001 - see above: an interruption, too, would replace what is being reported
        return None
    # A card that said something else before says 9000 after a right VERIFY only, which fills the counter (docs/card.md,
    # 2.4).
    is_right = status.state is PinState.VERIFIED and record.had_counter
    return pin.retry_limit if is_right else status.retries_remaining


def require_entry_form(pin: Pin, entry: Secret | PinPad, *, is_new: bool) -> None:
    """Refuse what cannot be this PIN before the card is touched; what is typed on a PIN pad is not known.

    Raises:
        PinFormatError: the value cannot be this PIN.
        ValueError: a PIN pad is to be used for a password.
    """
    if not isinstance(entry, PinPad):
        require_form(pin, entry, is_new=is_new)
    elif pin.is_password:
        raise ValueError("a password is not typed on a PIN pad")
