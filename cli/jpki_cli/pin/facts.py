"""What became of a PIN, in the JSON object of the command that used it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from jpki.pin.record import PinRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki_cli.app.context import AppContext

#: Facts of a command that has not come to the card.
NOTHING_SENT: Final[dict[str, Any]] = {"pin": "not_sent", "retries_remaining": None, "try_used": "no"}


def record_of(app: AppContext) -> PinRecord:
    """Return where this command writes down what becomes of its PIN."""
    if app.pin_record is None:
        app.pin_record = PinRecord()
    return app.pin_record


@contextmanager
def noting_pin(app: AppContext, *, name: str = "pin") -> Iterator[None]:
    """Put ``right``, ``wrong``, ``not_sent`` or ``unknown`` under ``name``, the tries left, and whether one was used.

    Whatever ends the block, an interruption too: the record is written while the PIN is presented.
    """
    record = record_of(app)
    try:
        yield
    finally:
        app.facts |= {
            name: record.outcome.value,
            "retries_remaining": record.retries_remaining,
            "try_used": record.try_used.value,
        }
