"""Name, address, birth date and sex, and the My Number, from the application 券面事項入力補助."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "integrity": (
            "IntegrityResult",
            "IntegrityReport",
            "NOT_ASKED",
            "IntegrityReason",
            "IntegrityVerdict",
            "check_integrity",
        ),
        "parsing": ("FourAttributes", "MyNumber", "read_four_attributes", "read_my_number", "text_of"),
        "reading": ("TextFiles", "read_text_files"),
        "wording": ("LIMIT", "UNCHECKED", "attribute_rows", "check_rows"),
    },
)
