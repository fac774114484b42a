"""``--format``: the forms in which commands write what they read or made."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import click

from jpki_cli.failures import usage_error
from jpki_cli.words import M

from .click_classes import Option

if TYPE_CHECKING:
    from jpki.words import Message

    from .context import AppContext


class Format(enum.Enum):
    """A form of output; the value is its word on the command line."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    PEM = "pem"
    DER = "der"
    SSH = "ssh"
    ICS = "ics"
    HEX = "hex"
    BASE64 = "base64"
    BINARY = "binary"


def format_option(*formats: Format, text: Message) -> Option:
    """Make ``--format`` for the forms that a command has."""
    return Option(["--format", "output_format"], type=click.Choice([form.value for form in formats]), help=text)


def choose_format(app: AppContext, word: str | None, usual: Format) -> Format:
    """The form that was asked for, by ``--format`` or by ``--json``, or else the usual one."""
    if app.options.json and word not in (None, Format.JSON.value):
        raise usage_error(M("--json cannot be used with --format."))
    if app.options.json:
        return Format.JSON
    chosen = usual if word is None else Format(word)
    app.options.json = chosen is Format.JSON
    return chosen
