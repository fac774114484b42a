"""What to do, in words, and the exact commands for each system."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "all_remedies": ("ALL_REMEDIES",),
        "card": ("CardRemedy",),
        "programs": ("ProgramsRemedy",),
        "reader": ("ReaderRemedy",),
        "record": (
            "AS_ROOT",
            "Remedy",
        ),
        "setup": (
            "RESTART_AND_LOG",
            "SetupRemedy",
        ),
    },
)
