"""``jpki sim check``: is a card file consistent?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.failures import EXIT_CHECK, CliError, Failure
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimCheckResult


@pass_app
def _check(app: AppContext, *, file: str) -> None:
    from jpki_cli.app import sim_errors
    from jpki_sim.files import check, load

    result: SimCheckResult = {"schema": "jpki.sim-check/1", "file": file}
    app.start_result(result)
    with sim_errors():
        findings = check(load(Path(file)))
    result["findings"] = [
        {"code": finding.code, "key": finding.key, "message": finding.message} for finding in findings
    ]
    if findings:
        if not app.options.json:
            for finding in findings:
                click.echo(f"{finding.key}: {finding.message}")
        raise CliError(Failure(EXIT_CHECK, "inconsistent", M("The card file is not consistent.")))
    if app.options.json:
        app.print_result()
    else:
        click.echo(str(M("The card file is consistent.")))


command = Command(
    "check",
    params=[click.Argument(["file"])],
    callback=_check,
    text=M("Check whether a card file is consistent: whether its counters, dates, keys and flags agree."),
    examples=("jpki sim check card.json",),
)
