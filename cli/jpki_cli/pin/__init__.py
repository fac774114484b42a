"""PINs on the command line: asked for at the terminal, taken from a script, or typed on a reader."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "absent": ("naming_absence", "require_certificate"),
        "argument": ("pin_argument",),
        "auth_key": ("use_auth_key",),
        "options": (
            "SecretOptions",
            "note_conversions",
            "read_script_secrets",
            "require_person",
            "secret_options",
            "take_secret_options",
        ),
        "person": ("TerminalPerson", "ask_entry"),
        "sentences": ("REFUSED_KEY",),
        "use": ("PinUse", "note_outcome", "note_use", "pin_options"),
    },
)
