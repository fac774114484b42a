"""What keeps a My Number Card from being used on a computer: rules over facts, giving codes."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "causes": ("Cause", "Details", "Obstacle"),
        "codes": ("Check", "Reason", "Step"),
        "examining": ("CHECKS", "examine"),
        "facts": ("Facts", "Pcsc", "ServiceManager"),
        "findings": ("Finding", "Outcome"),
        "reader": ("target",),
        "remedies": ("AS_ROOT",),
    },
)
