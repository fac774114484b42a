"""The group ``jpki ssh``."""

from jpki_cli.app.click_classes import Group
from jpki_cli.words.i18n import M

command = Group(
    "ssh",
    {"agent": ("jpki_cli.commands.ssh.agent", M("Offer the auth key to SSH programs, as ssh-agent does"))},
    M("Use the card with SSH."),
)
