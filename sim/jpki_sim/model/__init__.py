"""A card as data: the fields of a card file, and edits of them."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "documents": ("encode_document", "naming", "read_document", "replace_file"),
        "edit": ("put", "set_value"),
        "fields": ("write_object",),
        "model": (
            "CardFacts",
            "CardFile",
            "CertificateEntry",
            "Defect",
            "Holder",
            "KEY_NAMES",
            "Kind",
            "Municipality",
            "NEXT_GENERATION",
            "NOTE",
            "PIN_NAMES",
            "PinEntry",
            "SCHEMA",
            "as_model",
        ),
    },
)
