"""``jpki sim show``: what a simulated card holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimShowResult


@pass_app
def _show(app: AppContext, *, card: str) -> None:
    from jpki_cli.app import open_loaded
    from jpki_sim.files import to_bytes

    result: SimShowResult = {"schema": "jpki.sim-show/1"}
    app.start_result(result)
    with open_loaded(card) as loaded:
        document = json.loads(to_bytes(loaded.card_file))
    document.pop("keys", None)
    if app.options.json:
        result["card"] = document
        app.print_result()
        return
    for key, value in _flatten(document):
        click.echo(f"{key}={value if isinstance(value, str) else json.dumps(value)}")


def _flatten(value: object, prefix: str = "") -> list[tuple[str, object]]:
    """Turn nested values into the dotted keys that ``sim set`` takes."""
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in _flatten(inner, f"{prefix}.{key}" if prefix else key)]
    if isinstance(value, list):
        return [pair for i, inner in enumerate(value) for pair in _flatten(inner, f"{prefix}.{i}")]
    return [(prefix, value)]


command = Command(
    "show",
    params=[click.Argument(["card"])],
    callback=_show,
    text=M("Show what a simulated card contains, TEST PINs included; private keys are left out."),
    examples=("jpki sim show adult", "jpki sim show card.json --json"),
)
