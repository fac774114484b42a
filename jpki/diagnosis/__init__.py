"""What keeps a My Number Card from being used on a computer: rules over facts, giving codes."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "causes": ("Cause", "Obstacle"),
        "codes": ("Check", "Reason", "Step"),
        "examining": ("CHECKS", "examine"),
        "facts": ("Facts", "Pcsc"),
        "findings": ("Finding",),
        "obstacles": ("first_obstacle", "system_names"),
        "other_programs": ("CLIENT_MODULES",),
        "reader": ("target",),
        "remedies": ("Remedy",),
        "searching": ("Found", "search"),
        "wording": ("check_codes", "what"),
    },
)
