"""The card's applications and files: what can be read without a PIN, and the state of each PIN."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("pin",),
        "counter_words": (
            "ACCEPTED",
            "CHANGE_WARNINGS",
            "RIGHT_AFTER_ALL",
            "changed",
            "correct",
            "dots",
            "not_in_use",
            "tries",
            "tries_in_short",
        ),
        "extended_length": ("ExtendedLength", "try_extended_length"),
        "file_names": ("FileNamer",),
        "my_number_card": ("CardKind", "MyNumberCard", "is_my_number_card"),
        "outline": ("read_validity",),
        "pin": ("Pin", "PinState", "PinStatus", "Reference", "VERIFICATION_NUMBERS", "interpret"),
        "pin_use": ("read_pins", "recognise_unused"),
        "raw_commands": ("RawExchange", "is_risky", "send_raw"),
        "status": ("CardStatus", "CertificateState", "CertificateStatus", "read_four_pins", "read_status"),
        "wording": ("certificate_words", "pin_words", "unused_words"),
    },
)
