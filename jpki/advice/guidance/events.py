"""Moves, losses, a new card, children, wards, foreign residents, and leaving Japan."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "move.signature-ends",
        M(
            "When your address changes, the signature certificate is revoked automatically, because it holds the "
            "address."
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "move.user-stays",
        M("You can keep using the user certificate: it holds no name and no address."),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "move.bring-card",
        M(
            "Bring the card when you file the notice of the move at the municipal office: what is printed on it has "
            "to be corrected."
        ),
        Part.DO,
        Source.FAQ,
        "2020-05",
    ),
    GuideRule("move.fortnight", M("File the notice within 14 days of the move."), Part.DO, Source.FAQ, "2020-05"),
    GuideRule(
        "move.new-one", M("Ask for a new signature certificate on the same visit."), Part.DO, Source.LEAFLET, "../2021"
    ),
    GuideRule(
        "move.column",
        M("The new data are entered in the extra column of the card."),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "move.not-seen",
        M("This program cannot see that the signature certificate was revoked: nothing on the card changes."),
        Part.KNOW,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "lost.call",
        M(
            "Call first: the card is suspended at once, with its certificates. Day and night, all year. In "
            "Japanese: 0120-95-0178. In other languages: 0120-0178-27."
        ),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "lost.police",
        M("Then tell the police, and write down the number that they give you."),
        Part.DO,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "lost.municipality",
        M("Then report it to the municipal office where you are registered. For a new card:\n  jpki guide reissue"),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "lost.number",
        M("Your My Number stays the same for life, unless it has leaked and might be misused."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "lost.phone",
        M("If you lose a phone that has certificates on it, call 0120-95-0178 as well."),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "found.lift",
        M("The suspension of the card is lifted at the counter of your municipality. Go there with the card."),
        Part.DO,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "found.signature",
        M(
            "According to several municipalities, the suspension revokes the signature certificate. Sources differ "
            "on the user certificate. Ask about both, and have new ones issued on the same visit if needed."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Takatsuki"),
            M("Yatsushiro"),
        ),
    ),
    GuideRule(
        "found.futile",
        M("Neither a call nor any program can lift the suspension."),
        Part.FUTILE,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "reissue.apply",
        M("For a new card after loss or heavy damage, apply at the municipal office where you are registered."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule("reissue.police", M("Lost: bring the notice from the police."), Part.BRING, Source.LEAFLET, "../2021"),
    GuideRule(
        "reissue.fire", M("Burnt: bring the notice from the fire department."), Part.BRING, Source.LEAFLET, "../2021"
    ),
    GuideRule(
        "reissue.damaged",
        M("Damaged, or the chip does not respond on any reader: bring the card."),
        Part.BRING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "reissue.fee",
        M(
            "A new card after a loss, or after damage by your own fault, costs a fee, which the municipality sets: "
            "ask. The first card is free of charge for now."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "child.representative",
        M("For a child under 15 a legal representative applies, and comes along when the card is handed over."),
        Part.MEANING,
        Source.FAQ,
        "2015-08",
    ),
    GuideRule(
        "child.no-signature",
        M(
            "The card of a child under 15 normally has no signature certificate. Some apps then say that the "
            "password is locked, but it is not."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "child.card-end",
        M("The card of a holder under 18 runs to the 5th birthday after issue."),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2022-04-01",
    ),
    GuideRule(
        "child.store",
        M(
            "A convenience store cannot do it: its terminal needs both certificates, and its app checks the "
            "holder's own face."
        ),
        Part.FUTILE,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "ward.guardian",
        M(
            "An adult ward (成年被後見人) acts through the guardian: to apply for the card, to receive it, and to "
            "reset a PIN."
        ),
        Part.MEANING,
        Source.FAQ,
        "2015-08",
    ),
    GuideRule(
        "ward.no-signature",
        M("The card of an adult ward normally has no signature certificate. That is not a lock."),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "foreign.stay",
        M("The card of a foreign resident runs to the end of the period of stay."),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "foreign.exceptions",
        M(
            "Exceptions are Highly Skilled Professional (ii), Permanent Resident and Special Permanent Resident: "
            "their cards run as long as those of Japanese nationals."
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "foreign.extend",
        M(
            "After a new period of stay, have the card extended at your municipality before it ends. The "
            "certificates are not extended with it: ask for new ones on the same visit."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Sanyo-Onoda"),
            M("Kamiita"),
        ),
    ),
    GuideRule(
        "foreign.id",
        M(
            "ID of foreign residents: the residence card or the special permanent resident certificate; also a landing "
            "permit for temporary refuge or a permit for provisional stay."
        ),
        Part.BRING,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "abroad.japanese",
        M(
            "Japanese nationals may go on using the card abroad. Before you leave, bring the card and the moving-out "
            "notice to the office of the municipality where you live."
        ),
        Part.DO,
        Source.FAQ,
        "2024-08",
    ),
    GuideRule(
        "abroad.others",
        M(
            "Other nationals return the card, which can no longer be used after departure. You can have it back "
            "with a hole punched in it, to keep a record of your My Number."
        ),
        Part.DO,
        Source.FAQ,
        "2024-08",
    ),
    GuideRule(
        "move.continue",
        M(
            "Apply for continued use of the card (継続利用) within 90 days of the moving-in notice; otherwise the card "
            "lapses. It also lapses if that notice is not filed within 30 days of the planned day of the move."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "move.juki-pin",
        M(
            "You need the Basic Resident Register PIN (4 digits). A member of your household can do it for you, "
            "and also needs that PIN."
        ),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "name.signature-ends",
        M(
            "When your name changes, by marriage or divorce for example, the signature certificate is revoked "
            "automatically, because it holds the name. You can keep using the user certificate."
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "name.notice",
        M(
            "Bring the card to the municipal office within 14 days of the change: the new name is entered on it and "
            "in the chip."
        ),
        Part.DO,
        Source.FAQ,
        "2020-05",
    ),
    GuideRule(
        "name.new-one",
        M("Ask for a new signature certificate on the same visit, and choose a signature password before you go."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "name.former",
        M(
            "A former surname (旧氏) can be entered beside the name, on the card and in a new signature certificate, "
            "once it is in the resident record: apply for that at the office."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "found.phone",
        M(
            "If certificates on a phone were suspended, reactivate them in the Mynaportal app. If that does not "
            "work, call 0120-95-0178."
        ),
        Part.DO,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "reissue.express",
        M(
            "Express issue (特急発行): the card comes in about a week, for a fee (2,000 yen when the page was read, in "
            "November 2026). Ask your municipality who is eligible."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2026-11",
    ),
    GuideRule(
        "foreign.grace",
        M(
            "If you applied to extend your stay before it ended, the card can be extended by up to two months "
            "meanwhile (特例期間). Ask for that at your municipality before the card ends."
        ),
        Part.DO,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "foreign.combined",
        M(
            "A combined residence card and My Number Card (特定在留カード) was planned from 14 June 2026, according to "
            "pages written before that date. It is not known whether this program can read it. Ask the immigration "
            "office about the card."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
)
