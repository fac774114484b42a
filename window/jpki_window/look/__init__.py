"""What everything is drawn with: colours and sizes, texts, buttons and marks, and the settings of the window."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "breaking": ("WholeCopies", "breakable"),
        "collecting": ("Collector",),
        "flowing": ("line",),
        "marks": (
            "Dots",
            "Lock",
            "Sign",
            "TimeBar",
        ),
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
            "end",
            "resize_on_screen",
            "row",
            "scrolled",
            "text",
            "tile",
            "without_commands",
        ),
        "screen": ("DEBIAN", "end_with", "explained", "missing_words", "system_language"),
        "settings": (
            "TEXT_SIZES",
            "THEMES",
            "Settings",
        ),
        "speaking": ("announce",),
        "theme": ("Look",),
    },
)
