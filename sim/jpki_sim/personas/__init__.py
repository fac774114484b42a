"""The TEST people and the cards that are made for them."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "newcard": ("new_card",),
        "people": ("with_check_digit",),
        "shipped": ("Persona", "fault_presets", "find_persona", "persona_names", "personas"),
    },
)
