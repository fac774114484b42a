"""``jpki readers``: the readers, and what is on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.transport import PcscSystem, ReaderState
    from jpki_cli.results.card import ReadersResult

_CARDS = {
    "card": M("My Number Card"),
    "android": M("JPKI on an Android phone"),
    "iphone": M("JPKI on an iPhone"),
    "juki_card": M("Basic Resident Registration Card (the old card; no longer usable)"),
    "unknown": M("card with a JPKI application of an unknown kind"),
    "other": M("another card"),
    "none": M("no card"),
    "mute": M("a card that does not respond: turn it over or clean its chip"),
    "busy": M("a card that another program keeps for itself"),
    "unreadable": M("a card that could not be read"),
}


@pass_app
def _readers(app: AppContext) -> None:
    from jpki_cli.app import open_system

    result: ReadersResult = {"schema": "jpki.readers/1", "readers": []}
    app.start_result(result)
    with open_system(app) as system:
        found = [(state, _what_lies_on(system, state)) for state in system.readers()]
    result["readers"] = [
        {
            "index": state.index,
            "name": state.name,
            "card": card,
            "in_use": state.is_in_use,
            "virtual": state.is_virtual,
            "atr": state.atr.hex().upper() or None,
        }
        for state, card in found
    ]
    if app.options.json:
        app.print_result()
        return
    for state, card in found:
        in_use = str(M(" (in use by another program)")) if state.is_in_use else ""
        click.echo(f"{state.index}: {state.name}")
        click.echo(f"   {_CARDS[card]}{in_use}")


def _what_lies_on(system: PcscSystem, state: ReaderState) -> str:
    from jpki.card import MyNumberCard
    from jpki.errors import CardError, CardMuteError, DataError, ReaderBusyError, TransportError

    if not state.is_card_present:
        return "none"
    if state.is_mute:
        return "mute"
    if state.is_exclusive:
        return "busy"
    try:
        connection = system.connect(state.name, patience=0)
        try:
            card = MyNumberCard(connection)
            with card.transaction():
                return card.read_token().kind.value
        finally:
            connection.close()
    except (CardError, DataError):
        return "other"
    except ReaderBusyError:
        return "busy"
    except CardMuteError:
        return "mute"
    except TransportError:
        return "unreadable"


command = Command(
    "readers",
    callback=_readers,
    text=M(
        "List the readers and what is on each: a My Number Card, a smartphone, another card, nothing.\n\nUse the "
        "name or number with --reader."
    ),
    examples=("jpki readers", "jpki --reader 1 status"),
)
