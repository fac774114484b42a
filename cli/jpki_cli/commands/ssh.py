"""The group ``jpki ssh``."""

from jpki_cli.click_classes import Group
from jpki_cli.i18n import M

command = Group(
    "ssh",
    {"agent": ("jpki_cli.commands.ssh_agent", M("Offer the auth key to SSH programs, as ssh-agent does"))},
    M("Use the card with SSH."),
)
