"""The group ``jpki pin``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "pin",
    {
        "status": ("jpki_cli.commands.pin.status", M("Show the tries left; uses none")),
        "verify": ("jpki_cli.commands.pin.verify", M("Ask the card whether this is the PIN; one attempt")),
        "change": ("jpki_cli.commands.pin.change", M("Change a PIN that you know")),
        "check-new": ("jpki_cli.commands.pin.check_new", M("Check a new PIN against the rules, without a card")),
    },
    M("Show, check and change PINs: auth, sign, input, juki."),
)
