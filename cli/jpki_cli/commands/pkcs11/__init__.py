"""The group ``jpki pkcs11``."""

from jpki_cli.app import Group
from jpki_cli.words import M

command = Group(
    "pkcs11",
    {
        "install": ("jpki_cli.commands.pkcs11.install", M("Tell programs where the agent is")),
        "uninstall": ("jpki_cli.commands.pkcs11.uninstall", M("Undo what install did")),
        "remember": ("jpki_cli.commands.pkcs11.remember", M("Let programs see the signature certificate")),
        "forget": ("jpki_cli.commands.pkcs11.forget", M("Hide the signature certificate from programs again")),
        "relay": ("jpki_cli.commands.pkcs11.relay", M("Connect one program to the agent; p11-kit runs this")),
    },
    M("Use the card in browsers and other programs, by PKCS #11."),
)
