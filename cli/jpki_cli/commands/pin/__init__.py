"""The group ``jpki pin``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "pin",
    {
        "status": ("jpki_cli.commands.pin.status", M("Show how many tries are left; uses none")),
        "verify": ("jpki_cli.commands.pin.verify", M("Check with the card whether a PIN is correct; one attempt")),
        "change": ("jpki_cli.commands.pin.change", M("Change a PIN that you know")),
        "check-new": ("jpki_cli.commands.pin.check_new", M("Check a new PIN against the rules, without a card")),
    },
    M("Show, check and change PINs: auth, sign, input, juki."),
)
