"""What ``jpki doctor`` looks at, and how it shows what it found."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("screen",),
        "collecting": ("collect_facts",),
    },
)
