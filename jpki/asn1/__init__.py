"""Distinguished encoding rules, and the one way into asn1crypto: strict, bounded readers of a card or a file."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("der",),
        "der": ("DerReader", "check_nesting"),
        "strict": ("MAX_NESTING", "parse"),
    },
)
