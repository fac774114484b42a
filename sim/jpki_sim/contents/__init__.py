"""What is on the chip: the contents of each file, made from the model."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "certificates": ("certificate_key",),
        "pins": ("PHONE_PINS", "PIN_RULES"),
        "profile": ("build_image", "card_atr"),
    },
)
