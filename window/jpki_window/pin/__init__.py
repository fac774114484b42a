"""PINs in the window: the field that holds marks only, dialogs, the person as the library asks for one."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "ask": ("main",),
        "at_start": ("tell_unseen",),
        "flow": ("PinFlow", "Use"),
        "pages": ("Outcome", "OutcomePage"),
        "person": ("WindowPerson",),
        "starting": (
            "can_be_used",
            "has_usable",
            "start",
            "start_attributes",
            "start_change",
            "start_check",
            "start_sign_certificate",
        ),
        "unseen": ("default_folder", "left_behind"),
    },
)
