"""Moves, losses, a new card, children, wards, foreign residents, and leaving Japan: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("move.signature-ends", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("move.user-stays", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("move.bring-card", Part.DO, Source.FAQ, "2020-05"),
    GuideRule("move.fortnight", Part.DO, Source.FAQ, "2020-05"),
    GuideRule("move.new-one", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("move.column", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("move.not-seen", Part.KNOW, Source.PROGRAM, "2026-11-22"),
    GuideRule("lost.call", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("lost.police", Part.DO, Source.JLIS_SITE, "2018/2019"),
    GuideRule("lost.municipality", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("lost.number", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("lost.phone", Part.KNOW, Source.DIGITAL_AGENCY, "2026-11"),
    GuideRule("found.lift", Part.DO, Source.JLIS_SITE, "2018/2019"),
    GuideRule("found.signature", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("found.futile", Part.FUTILE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("reissue.apply", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("reissue.police", Part.BRING, Source.LEAFLET, "../2021"),
    GuideRule("reissue.fire", Part.BRING, Source.LEAFLET, "../2021"),
    GuideRule("reissue.damaged", Part.BRING, Source.LEAFLET, "../2021"),
    GuideRule("reissue.fee", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("child.representative", Part.MEANING, Source.FAQ, "2015-08"),
    GuideRule("child.no-signature", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("child.card-end", Part.KNOW, Source.DIGITAL_AGENCY, "2022-04-01"),
    GuideRule("child.store", Part.FUTILE, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("ward.guardian", Part.MEANING, Source.FAQ, "2015-08"),
    GuideRule("ward.no-signature", Part.KNOW, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("foreign.stay", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("foreign.exceptions", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("foreign.extend", Part.DO, Source.MUNICIPALITIES, "2025/2026"),
    GuideRule("foreign.id", Part.BRING, Source.JLIS_SITE, "2018/2019"),
    GuideRule("abroad.japanese", Part.DO, Source.FAQ, "2024-08"),
    GuideRule("abroad.others", Part.DO, Source.FAQ, "2024-08"),
)
