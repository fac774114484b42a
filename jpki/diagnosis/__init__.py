"""What keeps a My Number Card from being used on a computer: rules over facts, giving codes."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "codes": ("Check", "Reason", "Step"),
        "examining": ("CHECKS", "examine"),
        "facts": ("Facts", "Pcsc"),
        "findings": ("Finding",),
        "obstacles": ("first_obstacle", "system_names"),
        "searching": ("Found", "search"),
        "wording": ("check_codes", "what"),
    },
)
