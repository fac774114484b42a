"""``jpki sim set``: change values of a card file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimSetResult


@pass_app
def _set(app: AppContext, *, file: str, values: tuple[str, ...]) -> None:
    from jpki_cli.app import sim_errors
    from jpki_sim.files import CardFileLock, load, require_file, save
    from jpki_sim.model import set_value

    result: SimSetResult = {"schema": "jpki.sim-set/1", "file": file}
    app.start_result(result)
    pairs = [value.partition("=") for value in values]
    if any(not sign for _, sign, _ in pairs):
        raise usage_error(M("A change has the form KEY=VALUE; sim show lists the keys."))
    path = Path(file)
    with sim_errors():
        require_file(path)
    with sim_errors(), CardFileLock(path):
        card = load(path)
        for key, _, text in pairs:
            set_value(card, key, text)
        save(card, path)
    result["changed"] = [key for key, _, _ in pairs]
    app.print_result()


command = Command(
    "set",
    params=[click.Argument(["file"]), click.Argument(["values"], nargs=-1, required=True, metavar="KEY=VALUE...")],
    callback=_set,
    text=M("Change values of a card file. All changes are made, or none."),
    examples=(
        "jpki sim set card.json pins.auth.retries_remaining=1",
        "jpki sim set card.json atr=contact settings.verify_blocked=6983",
    ),
)
