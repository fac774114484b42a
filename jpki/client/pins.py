"""What is true of a PIN after a call, told with the result or with the exception."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.errors import PinChangeError, WeakPinError
from jpki.pin.record import PinOutcome, PinReport
from jpki.pin.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card.pin import Pin
    from jpki.pin.record import PinRecord

_ATTRIBUTE: Final = "_jpki_pin_report"


def pin_report(exc: BaseException) -> PinReport | None:
    """Tell what is true of the PIN after a call that ended with an exception, KeyboardInterrupt included.

    None where the exception has nothing to do with a PIN.
    """
    seen: set[int] = set()
    current: BaseException | None = exc
    while current is not None and id(current) not in seen:
        report = getattr(current, _ATTRIBUTE, None)
        if isinstance(report, PinReport):
            return report
        seen.add(id(current))
        current = current.__cause__ or current.__context__
    return None


@contextmanager
def reported(pin: Pin, record: PinRecord) -> Iterator[None]:
    """Put the report of a PIN on whatever exception leaves the block."""
    try:
        yield
    except BaseException as exc:
        setattr(exc, _ATTRIBUTE, report_of(pin, record))
        raise


@contextmanager
def reported_change(pin: Pin, record: PinRecord) -> Iterator[None]:
    """The same for a change; what kept it from happening is raised as what it is."""
    try:
        yield
    except PinChangeError as exc:
        outcome = PinOutcome.UNKNOWN if exc.is_unknown else PinOutcome.UNCHANGED
        report = PinReport(pin, outcome, record.try_used, exc.retries_remaining)
        told = exc if exc.is_unknown else exc.cause
        setattr(told, _ATTRIBUTE, report)
        raise told from told.__cause__


def report_of(pin: Pin, record: PinRecord) -> PinReport:
    """What the record says now."""
    return PinReport(pin, record.outcome, record.try_used, record.retries_remaining)


def require_secret(value: object) -> None:
    """Refuse a PIN that is plain text: a str cannot be overwritten, and turns up in tracebacks and logs.

    Raises:
        TypeError: it is no Secret.
    """
    if not isinstance(value, Secret):
        raise TypeError(f"a PIN is given as jpki.Secret(...), not as {type(value).__name__}")


def require_strong(pin: Pin, new: Secret, current: Secret) -> None:
    """Refuse a new PIN that is easily guessed.

    Raises:
        WeakPinError: it is.
        PinFormatError: it cannot be this PIN at all.
    """
    from jpki.pin.rules import weaknesses

    found = weaknesses(pin, new, current=current)
    if found:
        raise WeakPinError("the new PIN is easily guessed", pin=pin.value, weaknesses=tuple(w.value for w in found))
