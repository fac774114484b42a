"""The JSON object of a command, on stdout."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from jpki.outside_text import visible_facts

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_json(result: Mapping[str, object]) -> None:
    """Print the JSON object of a command, the same whichever language is set, and escaped where stdout lacks a sign."""
    from jpki_cli.process import can_encode

    text = json_text(result)
    click.echo(text if can_encode(text, sys.stdout) else json.dumps(json.loads(text), indent=2))


def print_json_line(result: Mapping[str, object]) -> None:
    """Print one of several JSON objects, each on a line of its own with the time of it, at once."""
    time = datetime.now().astimezone().isoformat(timespec="seconds")
    click.echo(json.dumps({"schema": result["schema"], "time": time, **visible_facts(dict(result))}))
    sys.stdout.flush()


def json_text(result: Mapping[str, object]) -> str:
    """Write the JSON object of a command; no text in it acts on a terminal on which a program prints it."""
    return json.dumps(visible_facts(dict(result)), ensure_ascii=False, indent=2)
