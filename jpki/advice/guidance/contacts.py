"""Phones, readers, identity documents, and whom to call: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("phone.separate", Part.MEANING, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("phone.reset", Part.DO, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("phone.set-up", Part.BRING, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("phone.end", Part.KNOW, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("phone.dispose", Part.DO, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("phone.models", Part.KNOW, Source.DIGITAL_AGENCY, "2025-06-24"),
    GuideRule("reader.need", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("reader.software", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("reader.list", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("reader.old-card", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("reader.place", Part.DO, Source.PROGRAM, "2026-11-22"),
    GuideRule("reader.check", Part.DO, Source.PROGRAM, "2026-11-22"),
    GuideRule("reader.mute", Part.KNOW, Source.PROGRAM, "2026-11-22"),
    GuideRule("id.photo", Part.BRING, Source.JLIS_SITE, "2018/2019"),
    GuideRule("id.other", Part.BRING, Source.JLIS_SITE, "2018/2019"),
    GuideRule("id.outdated", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("id.ask", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.free-ja", Part.CALL, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.foreign-cards", Part.CALL, Source.JLIS_ENGLISH, "2026-11"),
    GuideRule("hot.foreign-system", Part.CALL, Source.JLIS_ENGLISH, "2026-11"),
    GuideRule("hot.navi-foreign", Part.CALL, Source.JLIS_ENGLISH, "2026-11"),
    GuideRule("hot.navi-ja", Part.CALL, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.ip", Part.CALL, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.work", Part.CALL, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.not-for-cards", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.web-form", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.municipality", Part.CALL, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("hot.read-on", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("hot.own-words", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("hot.no-guarantee", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
)
