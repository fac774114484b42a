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
            "Certificates on a phone have their own PINs and their own tries. A lock on the card does not lock the "
            "phone, and vice versa."
        ),
        Part.MEANING,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
    GuideRule(
        "phone.reset",
        M(
            "If you forgot a PIN of the phone or it is locked, have your card ready and reset it in the Mynaportal "
            "app (to be renamed Myna app). The app also asks for the card's PIN of the same kind."
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
            "The phone's certificates expire with those of the card. After renewing the card's, apply for the "
            "phone's again."
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
        M("The list of compatible readers is also on the JPKI portal site of J-LIS."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "reader.old-card",
        M(
            "The Basic Resident Registration Card (住民基本台帳カード) is an older, different card. None was "
            "issued after 2015; the last ones expired by 28 December 2025. You hand it in when you receive a My "
            "Number Card."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    GuideRule(
        "reader.place",
        M(
            "Place only one card on the reader, out of its case and away from metal, and do not move it until the "
            "command is done."
        ),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "reader.check",
        M(
            "To find out why the reader or the card does not work, and what is on each reader:\n  jpki doctor\n  "
            "jpki readers"
        ),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "reader.mute",
        M(
            "If other cards can be read but this one cannot be read on any reader, its chip may be damaged:\n  jpki "
            "guide reissue"
        ),
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
            "student card. Without a photo ID, two such items may be enough. What is accepted differs between "
            "offices."
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
            "weekdays 9:30–20:00, Saturdays, Sundays and holidays 9:30–17:30, not from 29 December to 3 January. "
            "The most recent page that was checked lists this number."
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
            "0570-783-578: call centre in Japanese, charged, 8:30–20:00, not from 29 December to 3 January; loss "
            "or theft day and night. This number is from a J-LIS page of unknown date: try 0120-95-0178 first."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.ip",
        M(
            "050-3818-1250: call centre, charged, for telephones that cannot reach an 0570 number (IP telephones). "
            "The most recent page that was checked does not list it."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.work",
        M(
            "Questions about handling My Numbers at work: the toll-free lines, menu on the My Number system (3 in "
            "the source)."
        ),
        Part.CALL,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "hot.not-for-cards",
        M(
            "03-5214-8000 is J-LIS's desk for the personal information that it holds. It does not answer questions "
            "about cards."
        ),
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
            "Official information: the My Number Card pages of the Ministry of Internal Affairs and Communications "
            "and of the Digital Agency, J-LIS's card site, and J-LIS's JPKI portal site."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "hot.own-words",
        M(
            "The wording of this guide is this program's own. Each statement has a source, which --verbose shows. "
            "Texts of J-LIS may be quoted if the source is named, but not altered."
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
