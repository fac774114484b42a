"""The group ``jpki auth``."""

from jpki_cli.click_classes import Group
from jpki_cli.i18n import M

command = Group(
    "auth",
    {
        "test": ("jpki_cli.commands.auth_test", M("Find out whether the login half of the card works")),
        "sign": ("jpki_cli.commands.auth_sign", M("Sign a challenge with the auth key, for developers")),
    },
    M("Use the key of the user certificate, which is the one for logging in."),
)
