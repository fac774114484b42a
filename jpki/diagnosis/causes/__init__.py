"""What can be wrong, as records, by where it lies.

The same records make docs/troubleshooting.md (scripts/generate-docs).
"""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "all_causes": ("ALL_CAUSES",),
        "card": ("CardCause",),
        "computer": ("ComputerCause",),
        "programs": ("ProgramsCause",),
        "reader": ("ReaderCause",),
        "record": (
            "Cause",
            "Details",
            "Obstacle",
        ),
        "service": ("ServiceCause",),
    },
)
