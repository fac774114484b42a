"""A PIN that is reset at a convenience store: which, where, when, with what."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "store.which",
        M(
            "A convenience-store terminal resets the signature password if you can enter the 4-digit user certificate "
            "PIN. Since about August 2024 it also resets the user certificate PIN if you can enter the signature "
            "password, at fewer chains."
        ),
        Part.MEANING,
        Source.JPKI_PORTAL,
        "2026-11",
    ),
    GuideRule(
        "store.places",
        M(
            "Only at participating stores, all over Japan. The user certificate PIN: 7-Eleven and Aeon stores. The "
            "signature password: also Lawson, FamilyMart, Ministop and others. This may change."
        ),
        Part.WHERE,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Koka"),
            M("Naha"),
            M("Niigata"),
        ),
    ),
    GuideRule(
        "store.phone",
        M(
            "The card, and a phone that can read it, with the app JPKI暗証番号リセット. The app checks your face "
            "and makes a reservation, which can be used for 24 hours."
        ),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "store.hours",
        M(
            "You do not have to visit the office. It works on weekdays, nights and weekends, from 6:30 to 23:00, "
            "and is free of charge."
        ),
        Part.WHERE,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "store.list",
        M(
            "The JPKI portal site of J-LIS (公的個人認証サービスポータルサイト) and its leaflet list the stores "
            "and the steps."
        ),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "store.conditions",
        M(
            "Both certificates must be usable, and your name, address, birth date and sex must not have changed "
            "since they were issued."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "store.unseen",
        M(
            "The card does not show all of that. Whether a certificate was revoked and when the signature "
            "certificate expires is known to the terminal, not to this program. If the terminal refuses, go to the "
            "municipal office."
        ),
        Part.KNOW,
        Source.CHIP,
        "2026-11-22",
    ),
    GuideRule(
        "store.not-for",
        M(
            "A convenience store cannot help if both certificate PINs are unknown or locked, nor with the "
            "card-info input PIN and the Basic Resident Register PIN. It cannot help with an expired certificate, "
            "a card without PINs, or a card without a signature certificate, such as a child's. After a move or a "
            "change of name it can help only once the new signature certificate has been issued. In all these "
            "cases go to the municipal office."
        ),
        Part.FUTILE,
        Source.JPKI_PORTAL,
        "2026-11",
    ),
    GuideRule(
        "store.phone-pins",
        M("The PINs of a phone are reset in its app:\n  jpki guide phone"),
        Part.FUTILE,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "store.documents",
        M(
            "Such a terminal can also print a copy of your resident record and other certificates, with the card "
            "and the user certificate PIN, if your municipality offers that."
        ),
        Part.KNOW,
        Source.FAQ,
        "2017-11",
    ),
    GuideRule(
        "store.own-face",
        M("A convenience store cannot be used for this: the app checks the holder's own face."),
        Part.FUTILE,
        Source.JPKI_PORTAL,
        "2026-11",
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "store.own-face-proxy",
        M("A proxy cannot use a convenience store: the app checks the holder's own face."),
        Part.FUTILE,
        Source.JPKI_PORTAL,
        "2026-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "store.not-short",
        M(
            "Not possible with an expired certificate, a child's card, or if both PINs are unknown or locked: go "
            "to the municipal office. PINs of a phone are reset in its app."
        ),
        Part.FUTILE,
        Source.JPKI_PORTAL,
        "2026-11",
    ),
)
