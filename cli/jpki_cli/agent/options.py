"""Options that ``jpki agent`` and ``jpki ssh agent`` share."""

from __future__ import annotations

from jpki_cli.app import Option
from jpki_cli.words import M


def use_options() -> list[Option]:
    """Make the options that say how the key may be used."""
    return [
        Option(
            ["-c", "--confirm", "confirms"],
            is_flag=True,
            help=M("Ask before each use of a PIN that is kept, too."),
        ),
        Option(
            ["--allow-forwarded", "with_forwarded"],
            is_flag=True,
            help=M("Sign for other computers, too, to which the SSH agent was forwarded (ssh -A)."),
        ),
    ]
