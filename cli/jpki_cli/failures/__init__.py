"""What the user sees of a failure: exit code, machine word, sentence, and what to do next."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "explaining": ("explain",),
        "kinds": (
            "ALL_EXIT_CODES",
            "CliError",
            "EXIT_BLOCKED",
            "EXIT_CARD",
            "EXIT_CHECK",
            "EXIT_INTERRUPTED",
            "EXIT_TRANSPORT",
            "EXIT_UNEXPECTED",
            "EXIT_USAGE",
            "Failure",
            "usage_error",
        ),
    },
)
