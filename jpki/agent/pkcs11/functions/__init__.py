"""The functions of PKCS #11 by their kind, as its version 3.0 has them in chapters (5.5 to 5.13)."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "hashing": ("DigestCalls",),
        "objects": ("ObjectCalls",),
        "sessions": ("SessionCalls",),
        "signing": ("SignCalls",),
        "slots": ("SlotCalls",),
    },
)
