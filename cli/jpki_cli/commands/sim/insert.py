"""``jpki sim insert``."""

from jpki_cli.words import M

from .control import control_command

command = control_command(
    "insert",
    M("Put a card into a reader of a running server: the one that was in it, or another."),
    example="jpki sim insert --control ctl.sock",
    takes_card=True,
    needs_card=False,
)
