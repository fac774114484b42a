"""The frame of the window: start, main window, settings, language, text size and colours, and the list of its pages."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "context": ("Context",),
        "pages": ("CARD_ACTIONS", "CardAction", "PIN_ACTIONS", "PinAction"),
        "parts": (
            "Beside",
            "Body",
            "Buttons",
            "Choices",
            "Columns",
            "button",
            "capital",
            "clear",
            "column",
            "row",
            "scrolled",
            "text",
            "tile",
            "without_commands",
        ),
        "settings": ("Settings",),
        "speaking": ("announce",),
        "start": ("main",),
        "theme": ("Look",),
    },
)
