"""The group ``jpki cert``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "cert",
    {
        "show": ("jpki_cli.commands.cert.show", M("Show a certificate, or write it to a file")),
        "check": ("jpki_cli.commands.cert.check", M("Check period, issuer, signature, use and policy")),
    },
    M("Show and check certificates: auth, sign, auth-ca, sign-ca."),
)
