"""What a program writes first: readers, a card, its status and its keys, in a few lines (docs/library.md)."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "card": ("Attributes", "Card", "connect"),
        "diagnosing": ("Diagnosis", "diagnose", "support_report"),
        "files": (
            "FilesToSign",
            "SignedFile",
            "SignedKind",
            "default_target",
            "kind_of",
            "sign_file",
            "signing_job",
            "verify_file",
        ),
        "service": ("CardService", "use_service"),
        "watching": ("ReaderChange", "ReaderEvent", "Watch", "readers", "watch"),
    },
)
