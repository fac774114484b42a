"""What holders are shown by the authorities, line by line: rules as data, identified by their ids."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("applications", "certificates", "contacts", "events", "examples", "pins", "reset", "store"),
    },
)
