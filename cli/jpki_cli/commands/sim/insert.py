"""``jpki sim insert``."""

from jpki_cli.commands.sim.control import control_command
from jpki_cli.words.i18n import M

command = control_command(
    "insert",
    M("Put a card into a reader of a running server: the one that was in it, or another."),
    example="jpki sim insert --control ctl.sock",
    takes_card=True,
    needs_card=False,
)
