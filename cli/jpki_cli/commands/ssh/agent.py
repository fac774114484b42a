"""``jpki ssh agent``: an SSH agent whose one key is on the card."""

from __future__ import annotations

import sys
from typing import Any

import click

from jpki_cli.agent import use_options
from jpki_cli.app import AppContext, Command, Option, Seconds, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M


@pass_app
def _agent(app: AppContext, /, **values: Any) -> None:
    if sys.platform == "win32":
        raise usage_error(M("The SSH agent is not available on Windows."), code="not_offered")
    else:  # noqa: RET506 - mypy follows the platform through an else only
        from .serving import Rules, serve

        serve(app, values.pop("command_line"), values.pop("socket_path"), Rules(**values))


command = Command(
    "agent",
    params=[
        click.Argument(["command_line"], nargs=-1, metavar="[-- COMMAND...]"),
        Option(["--socket", "socket_path"], metavar="PATH", help=M("Where to listen. Default: a new private folder.")),
        Option(
            ["--cache"],
            type=Seconds(),
            default=0,
            metavar="SECONDS",
            help=M("Keep a correct PIN for this many seconds. Default 0: ask every time."),
        ),
        *use_options(),
    ],
    callback=_agent,
    text=M(
        "Run an SSH agent whose only key is the card's auth key.\n\nIt runs until Ctrl-C, or as long as the "
        "command after “--”. For each login it shows what is requested and asks for the PIN, on its own terminal "
        "or with the program in SSH_ASKPASS. To get the key for authorized_keys: jpki cert show auth --format ssh."
    ),
    examples=(
        "jpki ssh agent -- ssh user@host.example",
        "jpki ssh agent --socket ~/.ssh/card.sock",
        "SSH_AUTH_SOCK=~/.ssh/card.sock ssh user@host.example",
    ),
)
