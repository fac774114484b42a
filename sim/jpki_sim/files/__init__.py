"""Card files: read, checked, locked, written."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "cardcheck": ("check",),
        "cardfile": ("load", "save", "to_bytes"),
        "cardlock": ("CardFileLock",),
        "loading": ("LoadedCard", "is_path", "open_card", "require_file"),
    },
)
