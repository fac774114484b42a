"""The terminal: lines and columns, and questions to the person at it."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "device": ("NoTerminalError", "TerminalFault"),
        "opening": ("open_terminal",),
        "prompts": ("RefusedKeyError", "confirm", "prompt_line", "prompt_secret", "require_terminal"),
        "text": ("colour", "columns_of", "described", "laid_out", "pad", "table", "width", "wrap"),
    },
)
