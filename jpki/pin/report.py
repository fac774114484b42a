"""What is true of a PIN after a call, carried by the exception that ended it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from .record import PinReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ATTRIBUTE: Final = "_jpki_pin_report"


def pin_report(exc: BaseException) -> PinReport | None:
    """Tell what is true of the PIN after a call that ended with an exception, KeyboardInterrupt included.

    None if the exception has nothing to do with a PIN.
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
def reported(report: Callable[[], PinReport]) -> Iterator[None]:
    """Put the report of a PIN on whatever exception leaves the block."""
    try:
        yield
    except BaseException as exc:
        attach(exc, report())
        raise


def attach(exc: BaseException, report: PinReport) -> None:
    """Put the report of a PIN on an exception."""
    setattr(exc, _ATTRIBUTE, report)
