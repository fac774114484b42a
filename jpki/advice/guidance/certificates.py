"""The two certificates: what they are for, their end, renewal and revocation."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, Expiring, GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "cert.two",
        M("The chip can carry two certificates: the signature certificate and the user certificate."),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cert.signature",
        M(
            "The signature certificate signs electronic documents that you make and send, for example a tax return "
            "with e-Tax. It asks for the signature password (6 to 16 characters)."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cert.user",
        M(
            "The user certificate logs you in to sites and machines, for example Mynaportal and the terminals of "
            "convenience stores. It asks for 4 digits."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cert.shows-sender",
        M("A signature shows who sent a document and that nothing in it was changed."),
        Part.KNOW,
        Source.FAQ,
        "2017-11",
    ),
    GuideRule(
        "cert.private",
        M("Private services that a minister has approved use the certificates too."),
        Part.KNOW,
        Source.FAQ,
        "2017-11",
    ),
    GuideRule(
        "cert.optional",
        M("Certificates are optional: a card may have none. You can apply for them at your municipal office."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "cert.user-no-name",
        M(
            "The user certificate holds neither name nor address. The signature certificate holds name, address, birth "
            "date and sex."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cert.replaced",
        M(
            "Kanji that the certificate service cannot represent are replaced in the signature certificate. The "
            "face of the card may show the original ones."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "cert.use",
        M(
            "To use a certificate, place the card on the reader and enter its PIN. Viewing the user certificate "
            "needs no PIN."
        ),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cert.town",
        M("Municipalities may use the chip for services of their own, such as the library card or seal registration."),
        Part.KNOW,
        Source.FAQ,
        "2017-11",
    ),
    GuideRule(
        "cert.not-seen",
        M(
            "This program cannot see whether a certificate was revoked: for your own certificates, Mynaportal and the "
            "authorities' software can."
        ),
        Part.KNOW,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "renew.certificate-end",
        M(
            "Certificate: it runs to the 5th birthday after issue, at any age; to the 6th if it was renewed in the "
            "last three months of the one before. The signature certificate does not run longer than the user "
            "certificate."
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.certificate-with-card",
        M("Certificate: if the card expires first, the certificates expire with it."),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.certificate-date",
        M(
            "Certificate: its last day is not printed on the card, but there is a column for it. Write the last "
            "day of the user certificate there, or ask the office to do so. To see that day:\n  jpki status"
        ),
        Part.DO,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.certificate-from",
        M(
            "Certificate: it can be renewed from three months before its last day. Some municipalities start a day "
            "later. To see the day from which all of them accept it:\n  jpki status"
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.certificate-where",
        M("Certificate: at the municipal office where you are registered."),
        Part.WHERE,
        Source.LEAFLET,
        "../2021",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.certificate-free",
        M(
            "Certificate: renewal is free of charge. A letter comes two to three months before the last day. The "
            "new certificate replaces the old one at once; some services accept it only after about a day."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.card-end",
        M(
            "Card: if you were 18 or older when you applied, it runs to the 10th birthday after issue; otherwise to "
            "the 5th. The day is printed on the card."
        ),
        Part.MEANING,
        Source.DIGITAL_AGENCY,
        "2022-04-01",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "renew.card-age",
        M(
            "Card: since 1 April 2022, your age on the day of application decides. A card made under the older "
            "rule keeps the date printed on it."
        ),
        Part.MEANING,
        Source.DIGITAL_AGENCY,
        "2022-04-01",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "renew.card-apply",
        M(
            "Card: from three months before it expires you can apply for a new one: online, by post, at a photo "
            "booth that supports it, or at the office. It takes about a month, so apply in time."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "renew.ask",
        M("Card and certificate: for the steps, and for fees, ask your municipality."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.BOTH,
    ),
    GuideRule(
        "renew.certificate-bring",
        M("Certificate: bring the card and know your PINs. A forgotten one can be reset at the same office."),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.SELF,
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "renew.stay",
        M(
            "Certificate: when a foreign resident's card is extended after a new period of stay, the certificates are "
            "not. Ask for new ones."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
        cities=(
            M("Sanyo-Onoda"),
            M("Kamiita"),
        ),
    ),
    GuideRule(
        "expired.which",
        M(
            "Card and certificate: check which of them has expired. The date printed on the card is that of the "
            "card. To see both:\n  jpki status"
        ),
        Part.MEANING,
        Source.PROGRAM,
        "2026-11-22",
        subject=Expiring.BOTH,
    ),
    GuideRule(
        "expired.certificate",
        M("Certificate: an expired one no longer logs in or signs. The card stays a photo ID until its own last day."),
        Part.MEANING,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "expired.certificate-new",
        M(
            "Certificate: ask for a new one at the municipal office where you are registered. You can also do so "
            "after it has expired; it is free of charge."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "expired.health",
        M(
            "Certificate: as a health-insurance card, the My Number Card keeps working in a limited form for three "
            "months from the end of the month in which the certificate expired."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "expired.card",
        M(
            "Card: after its last day neither the card nor its certificates can be used. Apply for a new card, "
            "online, by post or at the office; it comes with new certificates and PINs."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "expired.futile",
        M(
            "Certificate: another reader, another program or a changed PIN does not bring it back, and a convenience "
            "store cannot renew it."
        ),
        Part.FUTILE,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "cancel.certificate",
        M(
            "If you no longer want a certificate, apply for its revocation at the municipal office where you are "
            "registered."
        ),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cancel.suspended",
        M("To have a suspended certificate revoked for good, apply at the same office."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "cancel.links",
        M(
            "Returning the card does not undo what is linked to your My Number, and does not correct a wrong link. "
            "With the card you can check your links in Mynaportal."
        ),
        Part.KNOW,
        Source.FAQ,
        "2023-08",
    ),
    GuideRule("cancel.voluntary", M("Having a card is not compulsory."), Part.KNOW, Source.FAQ, "2017-11"),
    GuideRule(
        "renew.licence",
        M(
            "Card: a driving licence on the card (マイナ免許証) moves to the new card only if that is applied for "
            "online (since 1 September 2025). Otherwise ask the police's licence centre first."
        ),
        Part.KNOW,
        Source.POLICE,
        "2025-09",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "renew.no-letter",
        M("Certificate: no letter comes where the card expires with the period of stay."),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.CERTIFICATE,
    ),
)
