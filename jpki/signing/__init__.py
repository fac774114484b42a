"""Signatures with the card's keys: CMS and PDF files, made and verified."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "key": ("MAX_SIGNATURES", "SigningKey", "open_key", "pin_for_key", "require_key", "signing_key"),
        "time_stamp_service": ("TimeStampService",),
        "wording": ("LAW", "REASONS", "opening_lines", "heading", "ordered"),
    },
)
