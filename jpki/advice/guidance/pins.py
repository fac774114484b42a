"""PINs, keeping them and the card safe, and changing a PIN: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("pins.four", Part.KNOW, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("pins.signature-form", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("pins.may-be-equal", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("pins.hard-to-guess", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("pins.limits", Part.KNOW, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("pins.in-a-row", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("pins.shared-counter", Part.FUTILE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("pins.set-at-counter", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("pins.without-certificates", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("pins.pinless", Part.KNOW, Source.DIGITAL_AGENCY, "2023-12-15"),
    GuideRule("pins.chip-asks", Part.KNOW, Source.FAQ, "2015-12"),
    GuideRule("pins.see-tries", Part.DO, Source.PROGRAM, "2026-11-22"),
    GuideRule("safety.nobody", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("safety.note-form", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("safety.never-on-card", Part.DO, Source.FAQ, "2015-12"),
    GuideRule("safety.change-on-suspicion", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("safety.type-yourself", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("safety.staff-for-proxy", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("safety.useless-without-card", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("safety.not-on-chip", Part.KNOW, Source.FAQ, "2023-08"),
    GuideRule("safety.chip-defends", Part.KNOW, Source.FAQ, "2015-12"),
    GuideRule("safety.hard-to-abuse", Part.KNOW, Source.FAQ, "2023-08"),
    GuideRule("safety.guard-card", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("safety.copies", Part.KNOW, Source.FAQ, "2024-02"),
    GuideRule("safety.no-number-in-questions", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("change.known", Part.MEANING, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("change.home", Part.WHERE, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("change.counter", Part.WHERE, Source.YOKOHAMA, "2024-04-11"),
    GuideRule("change.check-new", Part.DO, Source.PROGRAM, "2026-11-22"),
)
