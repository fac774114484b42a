"""What to do about what the card itself says."""

from __future__ import annotations

from jpki.words import M

from .record import Remedy


class CardRemedy(Remedy):
    """What to do about what the card itself says."""

    USE_MY_NUMBER_CARD = (
        "use_my_number_card",
        M("Place a My Number Card on the reader. Residence cards, driving licences and bank cards do not work."),
    )
    REPLACE_CARD = (
        "replace_card",
        M("If no reader can read the card, ask your municipality for a new one."),
    )
    SHOW_CARD_AT_OFFICE = (
        "show_card_at_office",
        M(
            "If nothing changes, show the card at your municipal office and say that its certificate flags and its "
            "files do not agree. The office can read the card, and issue a new certificate or a new card."
        ),
    )
    SEE_STATUS = (
        "see_status",
        M("To see all remaining tries and what to do next:"),
        {"any": ("jpki status",)},
    )
    SHOW_SIGN_CERTIFICATE = (
        "show_sign_certificate",
        M("To see them (needs the signature password):"),
        {"any": ("jpki cert show sign",)},
    )
    CHECK_CLOCK = (
        "check_clock",
        M("Check the date of this computer."),
    )
    SHORT_APDUS_ONLY = (
        "short_apdus_only",
        M("If another program fails, use it with another reader, or with the reader's common driver."),
    )
