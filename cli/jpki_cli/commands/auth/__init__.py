"""The group ``jpki auth``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "auth",
    {
        "test": ("jpki_cli.commands.auth.test", M("Check whether logging in with the card works")),
        "sign": ("jpki_cli.commands.auth.sign", M("Sign a challenge with the auth key, for developers")),
    },
    M("Use the key of the user certificate, which is for logging in."),
)
