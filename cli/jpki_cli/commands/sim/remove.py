"""``jpki sim remove``."""

from jpki_cli.words import M

from .control import control_command

command = control_command(
    "remove",
    M("Take a card out of a reader of a running server."),
    example="jpki sim remove --control ctl.sock",
    takes_card=False,
    needs_card=False,
)
