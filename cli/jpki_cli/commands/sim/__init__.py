"""The group ``jpki sim``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "sim",
    {
        "personas": ("jpki_cli.commands.sim.personas", M("List the simulated cards that come with the program")),
        "new": ("jpki_cli.commands.sim.new", M("Make a card file with its own keys")),
        "show": ("jpki_cli.commands.sim.show", M("Show what a simulated card contains, TEST PINs included")),
        "set": ("jpki_cli.commands.sim.set", M("Change values of a card file")),
        "check": ("jpki_cli.commands.sim.check", M("Check whether a card file is consistent")),
        "serve": ("jpki_cli.commands.sim.serve", M("Put cards into the virtual PC/SC readers of vpcd")),
        "insert": ("jpki_cli.commands.sim.insert", M("Put a card into a reader of a running server")),
        "remove": ("jpki_cli.commands.sim.remove", M("Take a card out of a reader of a running server")),
        "swap": ("jpki_cli.commands.sim.swap", M("Swap the card in a reader of a running server")),
    },
    M("Make, show and serve simulated cards. Their keys, names and numbers are TEST ones, never real."),
)
