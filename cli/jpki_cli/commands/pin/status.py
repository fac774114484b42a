"""``jpki pin status``: tries left, without using one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki.card import Pin, PinState
from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.pin import pin_argument
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.pins import PinStatusResult


@pass_app
def _status(app: AppContext, pin: Pin | None, *, show_all: bool) -> None:
    from jpki.card import read_pins
    from jpki.identifiers import Application

    result: PinStatusResult = {"schema": "jpki.pin-status/1"}
    app.start_result(result)
    wanted = [pin] if pin is not None else list(Pin)
    with app.open_card() as card, card.transaction():
        card.select(Application.JPKI)
        found = list(read_pins(card, wanted, all_copies=show_all or pin is not None))
        if show_all:
            found += card.read_verification_numbers()
    if app.options.json:
        from jpki.report import pin_facts

        result["pins"] = [pin_facts(status) for status in found]
        app.print_result()
    else:
        from jpki.words import PIN_PURPOSES
        from jpki_cli.screens import pin_lines

        for line in pin_lines(found):
            click.echo(line)
        if pin is not None and found[0].state is not PinState.NOT_IN_USE:
            click.echo(f"  {PIN_PURPOSES[pin.value]}")


command = Command(
    "status",
    params=[
        pin_argument(required=False),
        Option(["--all", "show_all"], is_flag=True, help=M("Add the verification numbers 照合番号 A and B.")),
    ],
    callback=_status,
    text=M("Show how many tries are left for one PIN, or for all four.\n\nUses no try and needs no PIN."),
    examples=("jpki pin status", "jpki pin status sign", "jpki pin status --all --json"),
)
