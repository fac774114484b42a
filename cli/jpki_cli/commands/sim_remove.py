"""``jpki sim remove``."""

from jpki_cli.i18n import M
from jpki_cli.sim_control import control_command

command = control_command(
    "remove",
    M("Take a card out of a reader of a running server."),
    example="jpki sim remove --control ctl.sock",
    takes_card=False,
    needs_card=False,
)
