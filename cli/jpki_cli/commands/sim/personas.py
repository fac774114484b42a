"""``jpki sim personas``: the simulated cards by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.terminal import table
from jpki_cli.words import M, current_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.json_types import Text
    from jpki_cli.results.simulator import SimPersonasResult


@pass_app
def _personas(app: AppContext) -> None:
    from jpki_sim.personas import fault_presets, personas

    result: SimPersonasResult = {"schema": "jpki.sim-personas/1"}
    app.start_result(result)
    found = personas()
    result["personas"] = [
        {
            "name": persona.name,
            "numbers": list(persona.numbers),
            "title": _both(persona.title),
            "says": _both(persona.says),
            "available": not persona.unavailable,
            "oracle": persona.oracle,
        }
        for persona in found
    ]
    result["faults"] = [{"name": f.name, "title": _both(f.title), "fault": f.fault} for f in fault_presets()]
    if app.options.json:
        app.print_result()
        return
    language = current_language()
    rows = []
    for persona in found:
        rows.append([persona.name, persona.title[language]])
        if app.options.verbose:
            rows.append(["", persona.says[language]])
    for line in table(rows, indent=""):
        click.echo(line)
    click.echo()
    click.echo(str(M("Faults for sim serve --fault:")))
    for line in table([[f.fault, f.title[language]] for f in fault_presets()]):
        click.echo(line)


def _both(text: Mapping[str, str]) -> Text:
    return {"ja": text["ja"], "en": text["en"]}


command = Command(
    "personas",
    callback=_personas,
    text=M(
        "List the simulated cards that come with the program.\n\nUse a name with --sim, or with sim new. With -v "
        "also what a program should say about each card."
    ),
    examples=("jpki sim personas", "jpki --sim child status"),
)
