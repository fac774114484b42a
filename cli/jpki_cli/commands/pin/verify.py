"""``jpki pin verify``: ask the card whether this is the PIN; one attempt."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app.click_classes import Command
from jpki_cli.app.context import AppContext, pass_app
from jpki_cli.failures.explain import CounterFilledError
from jpki_cli.pin.argument import pin_argument
from jpki_cli.pin.entry import (
    SecretOptions,
    read_batch,
    require_person,
    secret_options,
    take_secret_options,
    use_batch,
)
from jpki_cli.pin.facts import noting_pin
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import Pin


@pass_app
def _verify(app: AppContext, /, pin: Pin, **values: Any) -> None:
    from jpki.pin.commands import verify_pin

    options = take_secret_options(values)
    app.begin("jpki.pin-verify/1", pin=pin.value, outcome="not_sent", retries_remaining=None, try_used="no")
    if options.is_batch:
        (secret,) = read_batch([(pin, False)], options)
        with noting_pin(app, name="outcome"), app.open_card() as card:
            use_batch(app, secret, options, partial(verify_pin, card, pin))
    else:
        require_person()
        with noting_pin(app, name="outcome"), app.open_card() as card:
            _ask(app, card, pin, options)
    if app.options.json:
        app.finish()
    else:
        from jpki.words.names import pin_name

        click.echo(
            str(
                M(
                    "Correct: that is the {pin}. All {n} tries are available again.",
                    pin=pin_name(pin.value),
                    n=pin.retry_limit,
                )
            )
        )


def _ask(app: AppContext, card: MyNumberCard, pin: Pin, options: SecretOptions) -> None:
    """Have a person enter the PIN, here or on the reader's keys; returns only if it was right."""
    from jpki.pin.commands import verify_pin
    from jpki_cli.pin.pads import with_pin_or_pad

    try:
        with_pin_or_pad(app, card, pin, options, partial(verify_pin, card, pin))
    except CounterFilledError:
        app.note(M("The card's answer was lost, but its counter is full again: the entry was right."))


command = Command(
    "verify",
    params=[pin_argument(), *secret_options(on_keys=True)],
    callback=_verify,
    text=M(
        "Ask the card whether this is the PIN.\n\nOne attempt: a wrong entry uses one try. The counter is shown before "
        "you type; with one try left nothing is sent unless you say so."
    ),
    examples=("jpki pin verify auth", "jpki --sim adult pin verify auth --pin-stdin < pin.txt"),
)
