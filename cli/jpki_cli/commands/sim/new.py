"""``jpki sim new``: a card file of one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimNewResult


@pass_app
def _new(app: AppContext, *, file: str, persona: str, today: str | None, shared_keys: bool, force: bool) -> None:
    from jpki.files import check_writable
    from jpki_cli.app import sim_errors
    from jpki_sim.dates import japan_today
    from jpki_sim.files import CardFileLock, save
    from jpki_sim.personas import find_persona, new_card

    result: SimNewResult = {"schema": "jpki.sim-new/1", "file": file, "persona": persona}
    app.start_result(result)
    path = Path(file)
    check_writable(path, overwrite=force)
    day = japan_today() if today is None else _parse_day(today)
    with sim_errors(), CardFileLock(path):
        save(new_card(find_persona(persona), today=day, generate_keys=not shared_keys), path)
    if app.options.json:
        app.print_result()
    else:
        click.echo(str(M("Made: {path}. Use it with --sim {path}.", path=path)))


def _parse_day(text: str) -> date:
    from jpki_cli.failures import usage_error

    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise usage_error(M("A day has the form YYYY-MM-DD.")) from exc


command = Command(
    "new",
    params=[
        click.Argument(["file"]),
        Option(["--persona"], default="adult", metavar="NAME", help=M("The simulated card to start from.")),
        Option(["--today"], metavar="YYYY-MM-DD", help=M("The day from which the card's dates are counted.")),
        Option(["--shared-keys"], is_flag=True, help=M("Use the public TEST keys instead of making new ones.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
    ],
    callback=_new,
    text=M("Make a card file with its own keys.\n\nThe file keeps counters and PINs from one call to the next."),
    examples=("jpki sim new card.json", "jpki sim new child.json --persona child", "jpki --sim card.json status"),
)
