"""The group ``jpki ssh``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "ssh",
    {"agent": ("jpki_cli.commands.ssh.agent", M("Offer the auth key to SSH programs, as ssh-agent does"))},
    M("Use the card with SSH."),
)
