"""``jpki sim swap``."""

from jpki_cli.words import M

from .control import control_command

command = control_command(
    "swap",
    M("Take a card out of a reader of a running server and, a second later, put another in."),
    example="jpki sim swap child --control ctl.sock",
    takes_card=True,
    needs_card=True,
)
