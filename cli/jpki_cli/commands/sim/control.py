"""Commands to a running ``jpki sim serve``, through its control socket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimInsertResult, SimRemoveResult, SimSwapResult
    from jpki_cli.words import Message

_Name = Literal["insert", "remove", "swap"]


def control_command(name: _Name, text: Message, *, example: str, takes_card: bool, needs_card: bool) -> Command:
    """Make one of the commands insert, remove and swap."""

    @pass_app
    def send(app: AppContext, *, control: str, slot: int, card: str | None = None) -> None:
        from jpki_sim.serve import ControlError, send_command

        result = _result(name)
        app.start_result(result)
        try:
            slots = send_command(Path(control), name, slot=slot, card=_absolute(card))
        except ControlError as exc:
            raise usage_error(M("The server refused: {reason}", reason=exc), code="control") from exc
        result["slots"] = slots
        app.print_result()

    params: list[click.Parameter] = [
        Option(["--control"], required=True, metavar="FILE", help=M("The control socket of the server.")),
        Option(["--slot"], type=click.IntRange(0), default=0, metavar="N", help=M("Which reader. Default: 0.")),
    ]
    if takes_card:
        params.insert(0, click.Argument(["card"], required=needs_card))
    return Command(name, params=params, callback=send, text=text, examples=(example,))


def _result(name: _Name) -> SimInsertResult | SimRemoveResult | SimSwapResult:
    if name == "insert":
        return {"schema": "jpki.sim-insert/1"}
    return {"schema": "jpki.sim-remove/1"} if name == "remove" else {"schema": "jpki.sim-swap/1"}


def _absolute(card: str | None) -> str | None:
    """Name a card file so that the server, which runs elsewhere, finds it."""
    from jpki_sim.files import is_path

    return str(Path(card).absolute()) if card is not None and is_path(card) else card
