"""The commands of the card, by CLA and INS; each is a function of the card's state and the command."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "answering": ("answer",),
        "command": ("parse",),
    },
)
