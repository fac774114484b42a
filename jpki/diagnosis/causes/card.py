"""What can be wrong with the card, its PINs and its certificates."""

from __future__ import annotations

from jpki.diagnosis.remedies import CardRemedy, ReaderRemedy
from jpki.words import M

from .record import Cause, Details, Obstacle


class CardCause(Cause):
    """What is wrong with the card, a PIN or a certificate."""

    NOT_MY_NUMBER_CARD = (
        "not_my_number_card",
        ("14",),
        M("This is not a My Number Card, or its JPKI application does not respond."),
        M(
            "The card refused to select the application that every My Number Card has. Residence cards, driving "
            "licences, bank cards and transport cards do not have it."
        ),
        (CardRemedy.USE_MY_NUMBER_CARD,),
        Obstacle.CARD,
    )
    OLD_JUKI_CARD = (
        "old_juki_card",
        ("14",),
        M("This is an old Basic Resident Registration Card."),
        M("It is the predecessor of the My Number Card, and its certificates have expired."),
        (CardRemedy.USE_MY_NUMBER_CARD,),
        Obstacle.CARD,
    )
    SMARTPHONE = (
        "smartphone",
        ("14",),
        M("This is not a card but the certificates on a smartphone ({details})."),
        M("A phone has no card-info input and no Basic Resident Register application."),
        (),
        Obstacle.NONE,
    )
    BAD_DATA = (
        "bad_data",
        ("10",),
        M("The card's reply could not be understood."),
        M("The card moved while it was read, the reader cuts answers short, or the chip is damaged."),
        (ReaderRemedy.HOLD_STILL, ReaderRemedy.TRY_OTHER_CARD, CardRemedy.REPLACE_CARD),
        Obstacle.CARD,
    )
    CARD_REFUSED = (
        "card_refused",
        ("14",),
        M("The card refused a command that every My Number Card carries out ({details})."),
        M("The card is of a kind that this program does not know, or damaged."),
        (ReaderRemedy.HOLD_STILL, CardRemedy.REPLACE_CARD),
        Obstacle.CARD,
    )
    CARD_EXPIRED = (
        "card_expired",
        ("11",),
        M("The card itself expired on {details}."),
        M("The day is also printed on the card."),
        (CardRemedy.CHECK_CLOCK,),
        Obstacle.PERIOD,
    )
    CARD_RENEWABLE = (
        "card_renewable",
        ("11",),
        M("The card itself expires on {details}."),
        M("Its certificates expire with it at the latest and cannot be renewed beyond that day."),
        (),
        Obstacle.NONE,
    )
    PIN_BLOCKED = (
        "pin_blocked",
        ("4",),
        M("Locked: {details}."),
        M("A PIN is locked after too many wrong entries in a row, counted over all programs and computers."),
        (CardRemedy.SEE_STATUS,),
        Obstacle.PIN,
        Details.PINS,
    )
    PIN_BLOCKED_OR_PINLESS = (
        "pin_blocked_or_pinless",
        ("4",),
        M("Locked, or never set, because the card was issued without PINs: {details}."),
        M(
            "A card with one certificate belongs to a child or an adult ward, or is a card for face authentication "
            "without PINs. With the latter nothing is wrong, but services that need a PIN cannot be used with it."
        ),
        (CardRemedy.SEE_STATUS,),
        Obstacle.NONE,
        Details.PINS,
    )
    PIN_TRIES_USED = (
        "pin_tries_used",
        ("4",),
        M("Some tries have been used: {details}."),
        M("Entering the PIN correctly once restores all its tries."),
        (CardRemedy.SEE_STATUS,),
        Obstacle.NONE,
        Details.PINS,
    )
    PIN_ABSENT = (
        "pin_absent",
        ("20",),
        M("Not on this card: {details}."),
        M("The card was issued without it, for example as a card for face authentication only. It is not locked."),
        (CardRemedy.SEE_STATUS,),
        Obstacle.NONE,
        Details.PINS,
    )
    CERTIFICATE_EXPIRED = (
        "certificate_expired",
        ("11",),
        M("The user certificate expired on {details}."),
        M(
            "It expires on the fifth birthday after its issue at the latest (on the sixth, if it was renewed in "
            "the last three months of the previous one), or earlier with the card."
        ),
        (CardRemedy.CHECK_CLOCK,),
        Obstacle.PERIOD,
    )
    CERTIFICATE_NOT_YET_VALID = (
        "certificate_not_yet_valid",
        ("11",),
        M("The period of the user certificate does not start until {details}."),
        M("Most often the clock of this computer is wrong."),
        (CardRemedy.CHECK_CLOCK,),
        Obstacle.PERIOD,
    )
    CERTIFICATE_RENEWABLE = (
        "certificate_renewable",
        ("11",),
        M("The user certificate runs until {details} and can be renewed now."),
        M("It can be renewed from three months before its last day."),
        (),
        Obstacle.NONE,
    )
    CERTIFICATE_ABSENT = (
        "certificate_absent",
        (
            "11",
            "20",
        ),
        M("Certificates that are not on this card: {details}."),
        M("It was declined when the card was issued, or the holder is under 15 or an adult ward."),
        (CardRemedy.SEE_STATUS,),
        Obstacle.NONE,
        Details.CERTIFICATES,
    )
    CERTIFICATE_DENIED = (
        "certificate_denied",
        ("21",),
        M(
            "The card gives conflicting information: it says that it does not have this, but has a file for it: "
            "{details}."
        ),
        M(
            "Its flags (EF 0008) and its files do not agree. Programs that rely on the flags, like this one, say "
            "that there is no such certificate; others may find it. This does not mean that a PIN was wrong, and "
            "the rest of the card can be used."
        ),
        (ReaderRemedy.HOLD_STILL, ReaderRemedy.RUN_AGAIN, CardRemedy.SHOW_CARD_AT_OFFICE),
        Obstacle.NONE,
        Details.CERTIFICATES,
    )
    CERTIFICATE_MISSING = (
        "certificate_missing",
        ("21",),
        M("The card gives conflicting information: it says that it has this, but has no file for it: {details}."),
        M(
            "Its flags (EF 0008) and its files do not agree. No program can use that certificate. This does not "
            "mean that a PIN was wrong."
        ),
        (ReaderRemedy.HOLD_STILL, ReaderRemedy.RUN_AGAIN, CardRemedy.SHOW_CARD_AT_OFFICE),
        Obstacle.CARD,
        Details.CERTIFICATES,
    )
    SIGN_CERTIFICATE_CLOSED = (
        "sign_certificate_closed",
        ("15",),
        M("The dates of the signature certificate were not checked."),
        M(
            "That certificate can be read only with the signature password (status word 6982). A move or a change "
            "of name revokes it, which the card does not show."
        ),
        (CardRemedy.SHOW_SIGN_CERTIFICATE,),
        Obstacle.NONE,
    )
    CA_CERTIFICATE_OUT_OF_PERIOD = (
        "ca_certificate_out_of_period",
        ("11",),
        M("CA certificates outside their period: {details}."),
        M("The clock of this computer is wrong, or the card is very old."),
        (CardRemedy.CHECK_CLOCK, CardRemedy.SEE_STATUS),
        Obstacle.PERIOD,
        Details.CERTIFICATES,
    )
    EXTENDED_APDU = (
        "extended_apdu",
        ("16",),
        M("The reader or its driver does not let commands of extended length through."),
        M(
            "This program sends such commands only with --extended, so it is not affected otherwise. Other "
            "programs may fail with this reader."
        ),
        (CardRemedy.SHORT_APDUS_ONLY,),
        Obstacle.NONE,
    )
    EXTENDED_REFUSED_BY_CARD = (
        "extended_refused_by_card",
        ("16",),
        M("The card does not accept commands of extended length."),
        M(
            "The card answered that their length is wrong. This program sends such commands only with --extended, "
            "so it is not affected otherwise."
        ),
        (),
        Obstacle.NONE,
    )
