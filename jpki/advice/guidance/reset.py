"""A forgotten or locked PIN: the office, the convenience store, who may come and with what: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, GuideRule, Part
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("reset.meaning", Part.MEANING, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("reset.reasons", Part.MEANING, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("reset.medical", Part.KNOW, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("reset.office", Part.WHERE, Source.LEAFLET, "../2021"),
    GuideRule("reset.other-offices", Part.WHERE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("reset.store-too", Part.WHERE, Source.JPKI_PORTAL, "2026-11"),
    GuideRule("reset.represented", Part.DO, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("reset.how", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("reset.time", Part.DO, Source.KAWASAKI, None),
    GuideRule("reset.charge", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("reset.not-by-mail", Part.FUTILE, Source.KAWASAKI, None),
    GuideRule("reset.waiting", Part.FUTILE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("reset.self", Part.BRING, Source.MUNICIPALITIES, "2025/2026", applicant=Applicant.SELF),
    GuideRule("reset.representative", Part.DO, Source.KAWASAKI, None, applicant=Applicant.REPRESENTATIVE),
    GuideRule(
        "reset.representative-card", Part.BRING, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.REPRESENTATIVE
    ),
    GuideRule("reset.representative-id", Part.BRING, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.REPRESENTATIVE),
    GuideRule("reset.child-proof", Part.BRING, Source.KAWASAKI, None, applicant=Applicant.REPRESENTATIVE),
    GuideRule("reset.child-proof-waived", Part.BRING, Source.KAWASAKI, None, applicant=Applicant.REPRESENTATIVE),
    GuideRule("reset.ward-proof", Part.BRING, Source.KAWASAKI, None, applicant=Applicant.REPRESENTATIVE),
    GuideRule("reset.proxy", Part.DO, Source.KAWASAKI, None, applicant=Applicant.PROXY),
    GuideRule("reset.proxy-days", Part.KNOW, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.PROXY),
    GuideRule("reset.proxy-first", Part.BRING, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.PROXY),
    GuideRule("reset.proxy-inquiry", Part.DO, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.PROXY),
    GuideRule("reset.proxy-second", Part.BRING, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.PROXY),
    GuideRule("reset.proxy-pin", Part.KNOW, Source.YOKOHAMA, "2024-04-11", applicant=Applicant.PROXY),
    GuideRule("reset.proxy-ask", Part.DO, Source.KAWASAKI, None, applicant=Applicant.PROXY),
    GuideRule("reset.who-else", Part.KNOW, Source.MUNICIPALITIES, "2025/2026", applicant=Applicant.SELF),
    GuideRule("reset.id-pointer", Part.KNOW, Source.PROGRAM, "2026-11-22"),
    GuideRule("reset.guessing", Part.DO, Source.PROGRAM, "2026-11-22"),
    GuideRule("store.which", Part.MEANING, Source.JPKI_PORTAL, "2026-11"),
    GuideRule("store.places", Part.WHERE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("store.phone", Part.BRING, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("store.hours", Part.WHERE, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("store.list", Part.KNOW, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("store.conditions", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("store.unseen", Part.KNOW, Source.CHIP, "2026-11-22"),
    GuideRule("store.not-for", Part.FUTILE, Source.JPKI_PORTAL, "2026-11"),
    GuideRule("store.documents", Part.KNOW, Source.FAQ, "2017-11"),
)
