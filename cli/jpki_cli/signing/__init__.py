"""Files that are signed and verified."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "card_ca": ("CardCa", "lacks_ca"),
        "files": ("sign_all",),
        "jobs": ("Plan", "make_plan"),
        "options": ("SignOptions",),
    },
)
