"""``jpki pin verify``: ask the card whether this is the PIN; one attempt."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.pin import (
    PinUse,
    note_outcome,
    pin_argument,
    read_script_secrets,
    require_person,
    secret_options,
    take_secret_options,
)
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin
    from jpki_cli.results.pins import PinVerifyResult


@pass_app
def _verify(app: AppContext, /, pin: Pin, **values: Any) -> None:
    from jpki.card import RIGHT_AFTER_ALL, correct
    from jpki.errors import OutcomeUnknownError

    options = take_secret_options(values)
    result: PinVerifyResult = {
        "schema": "jpki.pin-verify/1",
        "pin": pin.value,
        "outcome": "not_sent",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    secret = read_script_secrets([(pin, False)], options)[0] if options.is_script else None
    if secret is None:
        require_person()
    use = PinUse(app, pin, options, secret, partial(note_outcome, result))
    with app.open_card() as card:
        try:
            use.run(card, _nothing)
        except OutcomeUnknownError as exc:
            if not exc.was_right:
                raise
            app.note(RIGHT_AFTER_ALL)
    if app.options.json:
        app.print_result()
    else:
        click.echo(str(correct(pin)))


def _nothing(_card: MyNumberCard) -> None:
    """What is done with the PIN: it was to be verified only."""


command = Command(
    "verify",
    params=[pin_argument(), *secret_options(on_keys=True)],
    callback=_verify,
    text=M(
        "Check with the card whether a PIN is correct.\n\nOne attempt: a wrong entry uses one try. The number of "
        "tries left is shown before you type; with one try left nothing is sent unless you allow it."
    ),
    examples=("jpki pin verify auth", "jpki --sim adult pin verify auth --pin-stdin < pin.txt"),
)
