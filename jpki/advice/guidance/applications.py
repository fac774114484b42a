"""Applying for a card or certificate: for whom, and how long it takes."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, Expiring, GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "apply.represented",
        M(
            "A parent or guardian brings the holder's card, their own ID, and proof that they are the legal "
            "representative (family register, or certificate of the guardianship registration). Call first to ask "
            "what else the office needs."
        ),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.REPRESENTATIVE,
        subject=Expiring.BOTH,
    ),
    GuideRule(
        "apply.represented-pins",
        M("Certificate: the holder's PINs are needed. A forgotten one can be reset at the same office."),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.REPRESENTATIVE,
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "apply.proxy-ask",
        M(
            "This guide does not know whether a proxy may do this, or which documents are needed: ask the office "
            "before the proxy goes."
        ),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "apply.renew-proxy",
        M(
            "Certificate: a proxy brings the inquiry form that comes with the notice letter (照会書兼回答書), "
            "filled in and sealed by the holder. With it one visit is enough; without it, two are needed. Call "
            "first to ask."
        ),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.PROXY,
        subject=Expiring.CERTIFICATE,
    ),
    GuideRule(
        "apply.time",
        M("From application to card it takes three to four weeks, or about a month."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "apply.moved",
        M("If you move while an application for a card is being processed, apply again at the new municipality."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "apply.agent",
        M("For special reasons an agent whom the mayor accepts may apply for a card."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.CARD,
    ),
    GuideRule(
        "apply.state",
        M("To ask about the state of an application, have its 23-digit application ID (申請書ID) ready."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
        subject=Expiring.CARD,
    ),
)
