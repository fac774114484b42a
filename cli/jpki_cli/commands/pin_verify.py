"""``jpki pin verify``: ask the card whether this is the PIN; one attempt."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.click_classes import Command
from jpki_cli.context import AppContext, pass_app
from jpki_cli.i18n import M
from jpki_cli.pin_argument import pin_argument
from jpki_cli.pin_entry import (
    Presentation,
    SecretOptions,
    present,
    read_batch,
    require_person,
    secret_options,
    take_secret_options,
    use_batch,
    with_pin,
)
from jpki_cli.pin_pads import find_pad, pin_pad_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import Pin
    from jpki.application.pin_commands import TryPolicy
    from jpki.application.pin_pad import PinPad
    from jpki.application.secret import Secret


@pass_app
def _verify(app: AppContext, /, pin: Pin, *, no_pinpad: bool, **values: Any) -> None:
    options = take_secret_options(values)
    app.begin("jpki.pin-verify/1", pin=pin.value, outcome="not_sent", retries_remaining=None)
    if options.is_batch:
        (secret,) = read_batch([(pin, False)], options)
        with _telling(app), app.open_card() as card:
            use_batch(secret, options, partial(_attempt, app, card, pin))
    else:
        require_person()
        with _telling(app), app.open_card() as card:
            _ask(app, card, pin, options, is_pad_refused=no_pinpad)
    if app.options.json:
        app.finish()
    else:
        from jpki_cli.pin_words import pin_name

        click.echo(str(M("Right: this is the {pin}. Its counter is full.", pin=pin_name(pin.value))))


def _ask(app: AppContext, card: MyNumberCard, pin: Pin, options: SecretOptions, *, is_pad_refused: bool) -> None:
    """Have a person enter the PIN, here or on the reader's keys; returns only if it was right."""
    from jpki_cli.recovery import CounterFilledError

    use = partial(_attempt, app, card, pin)
    pad = find_pad(app, card, pin, is_refused=is_pad_refused)
    try:
        if pad is None:
            with_pin(app, card, pin, options, use)
        else:
            present(app, card, pin, options, Presentation(partial(nullcontext, pad), use))
    except CounterFilledError:
        app.note(M("The card's answer was lost, but its counter is full again: the entry was right."))
        app.facts |= {"outcome": "right", "retries_remaining": pin.retry_limit}


def _attempt(app: AppContext, card: MyNumberCard, pin: Pin, entry: Secret | PinPad, policy: TryPolicy) -> None:
    """Present the PIN, and note the outcome at once: what happens on the way out must not hide it."""
    from jpki.application.pin_commands import verify_pin

    with _telling(app):
        verify_pin(card, pin, entry, policy)
    app.facts |= {"outcome": "right", "retries_remaining": pin.retry_limit}


@contextmanager
def _telling(app: AppContext) -> Iterator[None]:
    """Put what became of the attempt into the JSON object, whatever ends it."""
    from jpki.errors import LastTryError, OutcomeUnknownError, PinBlockedError, WrongPinError

    try:
        yield
    except WrongPinError as exc:
        app.facts |= {"outcome": "wrong", "retries_remaining": exc.retries_remaining}
        raise
    except PinBlockedError as exc:
        app.facts |= {"outcome": "wrong" if exc.by_this_call else "not_sent", "retries_remaining": 0}
        raise
    except LastTryError:
        app.facts["retries_remaining"] = 1
        raise
    except OutcomeUnknownError as exc:
        app.facts |= {"outcome": "unknown", "retries_remaining": exc.retries_remaining}
        raise


command = Command(
    "verify",
    params=[pin_argument(), pin_pad_option(), *secret_options()],
    callback=_verify,
    text=M(
        "Ask the card whether this is the PIN.\n\nOne attempt: a wrong entry uses one try. The counter is shown before "
        "you type; with one try left nothing is sent unless you say so."
    ),
    examples=("jpki pin verify auth", "jpki --sim adult pin verify auth --pin-stdin < pin.txt"),
)
