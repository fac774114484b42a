"""Phones, readers, identity documents, and whom to call."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "phone.separate",
        M(
            "Certificates on a phone have PINs and counters of their own. A lock on the card does not lock the phone, "
            "nor the other way round."
        ),
        Part.MEANING,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.reset",
        M(
            "A PIN of the phone that is forgotten or locked is reset in the Mynaportal app (to be renamed Myna app), "
            "with the card at hand. It also asks for the card's PIN of the same kind."
        ),
        Part.DO,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.set-up",
        M(
            "To set it up you need the card with its signature certificate, the signature password and the card-info "
            "input PIN."
        ),
        Part.BRING,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.end",
        M(
            "The phone's certificates end with those of the card. After renewing the card's, apply for the phone's "
            "again."
        ),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.dispose",
        M(
            "Revoke the phone's certificates in the Mynaportal app before you sell or throw away the phone: a factory "
            "reset does not do it."
        ),
        Part.DO,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.models",
        M("Android phones since 11 May 2023, iPhones since 24 June 2025 (XS or later)."),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2025-06-24",
    ),
    GuideRule(
        "reader.need",
        M(
            "The authorities' services at home ask for their user client software, the driver of the reader, and a "
            "reader tested for the card. This program does not need that software: the driver and the system's smart "
            "card service are enough."
        ),
        Part.MEANING,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "reader.software",
        M("That software is free of charge, from the JPKI portal site of J-LIS. e-Tax and other services may need it."),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "reader.list",
        M("The list of readers that fit is on the JPKI portal site of J-LIS, too."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "reader.old-card",
        M(
            "The Basic Resident Registration Card (住民基本台帳カード) is another, older card. None was issued after "
            "2015; the last ones ended by 28 December 2025. It is handed in when you receive a My Number Card."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "reader.place",
        M(
            "Lay one card only on the reader, away from metal and out of its case, and hold it still until the command "
            "is done."
        ),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "reader.check",
        M("What keeps the reader or the card from working, and which reader sees what:\n  jpki doctor\n  jpki readers"),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "reader.mute",
        M("If the card answers on no reader and other cards do, its chip may be damaged:\n  jpki guide reissue"),
        Part.KNOW,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "id.photo",
        M(
            "Official ID with a photo, for example: driver's licence, certificate of driving history (issued since "
            "April 2012), passport, disability books, residence card, special permanent resident certificate."
        ),
        Part.BRING,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "id.other",
        M(
            "One other item: something with your name and birth date, or name and address, such as an employee or "
            "student card. Without a photo ID two such items may do. What is taken differs from office to office."
        ),
        Part.BRING,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "id.outdated",
        M(
            "Health-insurance cards ended on 1 December 2025 (now 資格確認書), and pension books are no longer issued. "
            "Older lists still name them: ask what your office takes."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "id.ask",
        M("If you have none of these, ask the office which other papers it takes."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.free-ja",
        M(
            "0120-95-0178: in Japanese, free of charge. Loss or theft: day and night, all year. Other questions: "
            "weekdays 9:30–20:00, Saturdays, Sundays and holidays 9:30–17:30, not from 29 December to 3 January. The "
            "newest page that was seen has this number, too."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.foreign-cards",
        M(
            "0120-0178-27: other languages, free of charge; cards, loss and theft, lost phones too. English, Chinese, "
            "Korean, Spanish, Portuguese 8:30–20:00; Vietnamese, Thai, Indonesian, Tagalog, Nepali 9:00–18:00. From "
            "20:00 to 8:29 suspensions only, all year."
        ),
        Part.CALL,
        Source.JLIS_ENGLISH,
        "2026-11",
    ),
    GuideRule(
        "hot.foreign-system",
        M("0120-0178-26: other languages, free of charge; the My Number system. For its hours ask there."),
        Part.CALL,
        Source.JLIS_ENGLISH,
        "2026-11",
    ),
    GuideRule(
        "hot.navi-foreign",
        M(
            "0570-064-738: call centre in other languages, charged. Languages and hours as 0120-0178-27; loss or theft "
            "day and night."
        ),
        Part.CALL,
        Source.JLIS_ENGLISH,
        "2026-11",
    ),
    GuideRule(
        "hot.navi-ja",
        M(
            "0570-783-578: call centre in Japanese, charged, 8:30–20:00, not from 29 December to 3 January; loss or "
            "theft day and night. It stands on a J-LIS page of unknown date: try 0120-95-0178 first."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.ip",
        M(
            "050-3818-1250: call centre, charged, for telephones that cannot reach an 0570 number (IP telephones). Not "
            "on the newest page that was seen."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.work",
        M(
            "Questions about the handling of My Numbers at work: the free lines, menu on the My Number system (3 in "
            "the source)."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.not-for-cards",
        M("03-5214-8000 is J-LIS's desk for personal information that it holds. It is not for cards."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.web-form",
        M("Answers to J-LIS's web form come from a send-only address: do not reply to it."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.municipality",
        M(
            "The number of your municipality is on its web site and in its newsletter. Ask for the section of the My "
            "Number Card."
        ),
        Part.CALL,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "hot.read-on",
        M(
            "Official places to read on: the My Number Card pages of the Ministry of Internal Affairs and "
            "Communications and of the Digital Agency, J-LIS's card site, and J-LIS's JPKI portal site."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "hot.own-words",
        M(
            "The sentences of this guide are this program's own. Each has a source, which --verbose names. Texts of "
            "J-LIS may be quoted with the source named, but not altered."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.no-guarantee",
        M("This information may be out of date. Check before you go."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
)
