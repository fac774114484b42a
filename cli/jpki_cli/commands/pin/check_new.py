"""``jpki pin check-new``: the rules alone, without a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jpki.words import FORM_FAULTS
from jpki_cli.app import AppContext, Command, Option, app_of, pass_app
from jpki_cli.pin import pin_argument
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.card import Pin
    from jpki_cli.results.pins import PinCheckNewResult


@pass_app
def _check_new(app: AppContext, pin: Pin, *, pin_stdin: bool, pin_fd: int | None) -> None:
    from jpki.errors import PinFormatError
    from jpki.pin import form_fault, hints, normalise, weakness_text, weaknesses
    from jpki_cli.pin import note_conversions

    result: PinCheckNewResult = {"schema": "jpki.pin-check-new/1", "pin": pin.value}
    app.start_result(result)
    normalised = normalise(pin, _entered(pin, pin_stdin=pin_stdin, pin_fd=pin_fd))
    with normalised.secret as secret:
        fault = form_fault(pin, secret, is_new=True)
        found = () if fault is not None else weaknesses(pin, secret)
    result.update(
        {
            "form": "right" if fault is None else fault.value,
            "weaknesses": [weakness.value for weakness in found],
            "conversions": sorted(conversion.value for conversion in normalised.conversions),
        }
    )
    if fault is not None:
        raise PinFormatError(str(FORM_FAULTS[fault.value]), pin=pin.value, reason=fault.value)
    if app.options.json:
        app.print_result()
        return
    note_conversions(app, normalised.conversions)
    click.echo(str(M("The format is correct.")))
    for weakness in found:
        click.echo(str(weakness_text(weakness)))
    for hint in hints(pin):
        click.echo(str(hint))


def _entered(pin: Pin, **source: Any) -> Any:
    from jpki_cli.process import read_secrets

    if source["pin_stdin"] or source["pin_fd"] is not None:
        return read_secrets(**source, count=1)[0]
    from jpki.words import pin_name
    from jpki_cli.pin import ask_entry, require_person

    require_person()
    return ask_entry(app_of(click.get_current_context()), M("New {pin}: ", pin=pin_name(pin.value)))


command = Command(
    "check-new",
    params=[
        pin_argument(),
        Option(["--pin-stdin"], is_flag=True, help=M("Read secrets from standard input, one per line.")),
        Option(["--pin-fd"], type=int, metavar="N", help=M("Read secrets from this file descriptor, one per line.")),
    ],
    callback=_check_new,
    text=M(
        "Check a new PIN against the rules, without a card.\n\nChecks its format and whether it is easy to "
        "guess; nothing is stored."
    ),
    examples=("jpki pin check-new sign",),
)
