"""Applying for a card or certificate: for whom, and how long it takes."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, GuideRule, Part, Subject
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "apply.represented",
        M(
            "A parent or guardian brings the holder's card, an own ID, and proof of being the legal representative "
            "(family register, or certificate of the guardianship registration). Call first to ask what else they "
            "need."
        ),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.REPRESENTATIVE,
        subject=Subject.BOTH,
    ),
    GuideRule(
        "apply.proxy-ask",
        M("Whether a proxy may come for this, and with what, is not known here: ask the office before the proxy goes."),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "apply.renew-proxy",
        M(
            "Certificate: a proxy brings the inquiry that comes with the notice letter (照会書兼回答書), filled in and "
            "sealed by the holder. With it one visit is enough, without it two. Call first to ask."
        ),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.PROXY,
        subject=Subject.CERTIFICATE,
    ),
    GuideRule(
        "apply.time",
        M("From application to card it takes three to four weeks, or about a month."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Subject.CARD,
    ),
    GuideRule(
        "apply.moved",
        M("If you move while an application for a card is running, apply again at the new municipality."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Subject.CARD,
    ),
    GuideRule(
        "apply.agent",
        M("For special reasons an agent whom the mayor accepts may apply for a card."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Subject.CARD,
    ),
    GuideRule(
        "apply.state",
        M("To ask where an application is, have its 23-digit application ID (申請書ID) at hand."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Subject.CARD,
    ),
)
