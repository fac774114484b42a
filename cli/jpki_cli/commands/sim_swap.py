"""``jpki sim swap``."""

from jpki_cli.i18n import M
from jpki_cli.sim_control import control_command

command = control_command(
    "swap",
    M("Take a card out of a reader of a running server and, a second later, put another in."),
    example="jpki sim swap child --control ctl.sock",
    takes_card=True,
    needs_card=True,
)
