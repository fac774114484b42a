"""``jpki sim swap``."""

from jpki_cli.commands.sim.control import control_command
from jpki_cli.words.i18n import M

command = control_command(
    "swap",
    M("Take a card out of a reader of a running server and, a second later, put another in."),
    example="jpki sim swap child --control ctl.sock",
    takes_card=True,
    needs_card=True,
)
