"""What a program writes first: readers, a card, its status and its keys, in a few lines (docs/library.md)."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "card": ("Attributes", "Card", "connect"),
        "diagnosing": ("Diagnosis", "diagnose"),
        "service": ("CardService", "use_service"),
        "watching": ("ReaderChange", "ReaderEvent", "Watch", "readers", "watch"),
    },
)
