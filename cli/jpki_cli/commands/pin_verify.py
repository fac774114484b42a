"""``jpki pin verify``: ask the card whether this is the PIN; one attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jpki_cli.click_classes import Command
from jpki_cli.context import AppContext, pass_app
from jpki_cli.i18n import M
from jpki_cli.pin_argument import pin_argument
from jpki_cli.pin_entry import read_batch, require_person, secret_options, take_secret_options, use_batch, with_pin

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import Pin
    from jpki.application.pin_commands import TryPolicy
    from jpki.application.secret import Secret


@pass_app
def _verify(app: AppContext, /, pin: Pin, **values: Any) -> None:
    options = take_secret_options(values)
    app.begin("jpki.pin-verify/1", pin=pin.value, outcome="not_sent", retries_remaining=None)
    if options.is_batch:
        (secret,) = read_batch([(pin, False)], options)
        with app.open_card() as card:
            use_batch(secret, options, _attempt(app, card, pin))
    else:
        require_person()
        with app.open_card() as card:
            with_pin(app, card, pin, options, _attempt(app, card, pin))
    if app.options.json:
        app.finish()
    else:
        from jpki_cli.pin_words import pin_name

        click.echo(str(M("Right: this is the {pin}. Its counter is full.", pin=pin_name(pin.value))))


def _attempt(app: AppContext, card: MyNumberCard, pin: Pin) -> Any:
    from jpki.application.pin_commands import verify_pin
    from jpki.errors import LastTryError, OutcomeUnknownError, PinBlockedError, WrongPinError

    def use(secret: Secret, policy: TryPolicy) -> None:
        try:
            verify_pin(card, pin, secret, policy)
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
        app.facts |= {"outcome": "right", "retries_remaining": pin.retry_limit}

    return use


command = Command(
    "verify",
    params=[pin_argument(), *secret_options()],
    callback=_verify,
    text=M(
        "Ask the card whether this is the PIN.\n\nOne attempt: a wrong entry uses one try. The counter is shown before "
        "you type; with one try left nothing is sent unless you say so."
    ),
    examples=("jpki pin verify auth", "jpki --sim adult pin verify auth --pin-stdin < pin.txt"),
)
