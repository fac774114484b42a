"""What became of a PIN, in the JSON object of the command that used it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jpki.errors import LastTryError, OutcomeUnknownError, PinBlockedError, VerifyRefusedError, WrongPinError
from jpki_cli.failures.explain import CounterFilledError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card.pin import Pin
    from jpki_cli.app.context import AppContext


@contextmanager
def noting_pin(app: AppContext, pin: Pin, *, name: str = "pin") -> Iterator[None]:
    """Put ``right``, ``wrong``, ``not_sent`` or ``unknown`` under ``name``, and the tries left, whatever ends it.

    ``right`` is :func:`note_right`'s to put there: when the card has said so, and not when the block ends well.
    """
    try:
        yield
    except WrongPinError as exc:
        app.facts |= {name: "wrong", "retries_remaining": exc.retries_remaining}
        raise
    except PinBlockedError as exc:
        app.facts |= {name: "wrong" if exc.by_this_call else "not_sent", "retries_remaining": 0}
        raise
    except LastTryError:
        app.facts["retries_remaining"] = 1
        raise
    except CounterFilledError:
        note_right(app, pin, name=name)
        raise
    except (OutcomeUnknownError, VerifyRefusedError) as exc:
        if exc.pin == pin.value:
            app.facts |= {name: "unknown", "retries_remaining": exc.retries_remaining}
        raise


def note_right(app: AppContext, pin: Pin, *, name: str = "pin") -> None:
    """Put there that the PIN was right, and with that its full counter."""
    app.facts |= {name: "right", "retries_remaining": pin.retry_limit}
