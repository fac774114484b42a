"""The two certificates: what they are for, their end, renewal and revocation: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part, Subject
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("cert.two", Part.MEANING, Source.LEAFLET, "../2021"),
    GuideRule("cert.signature", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("cert.user", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("cert.shows-sender", Part.KNOW, Source.FAQ, "2017-11"),
    GuideRule("cert.private", Part.KNOW, Source.FAQ, "2017-11"),
    GuideRule("cert.optional", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("cert.user-no-name", Part.KNOW, Source.LEAFLET, "../2021"),
    GuideRule("cert.replaced", Part.KNOW, Source.JLIS_SITE, "2018/2019"),
    GuideRule("cert.use", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("cert.town", Part.KNOW, Source.FAQ, "2017-11"),
    GuideRule("cert.not-seen", Part.KNOW, Source.PROGRAM, "2026-11-22"),
    GuideRule("renew.certificate-end", Part.MEANING, Source.LEAFLET, "../2021", subject=Subject.CERTIFICATE),
    GuideRule("renew.certificate-with-card", Part.MEANING, Source.LEAFLET, "../2021", subject=Subject.CERTIFICATE),
    GuideRule("renew.certificate-date", Part.DO, Source.JLIS_SITE, "2018/2019", subject=Subject.CERTIFICATE),
    GuideRule("renew.certificate-from", Part.MEANING, Source.LEAFLET, "../2021", subject=Subject.CERTIFICATE),
    GuideRule("renew.certificate-where", Part.WHERE, Source.LEAFLET, "../2021", subject=Subject.CERTIFICATE),
    GuideRule("renew.certificate-free", Part.KNOW, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("renew.card-end", Part.MEANING, Source.DIGITAL_AGENCY, "2022-04-01", subject=Subject.CARD),
    GuideRule("renew.card-age", Part.MEANING, Source.DIGITAL_AGENCY, "2022-04-01", subject=Subject.CARD),
    GuideRule("renew.card-apply", Part.DO, Source.LEAFLET, "../2021", subject=Subject.CARD),
    GuideRule("renew.ask", Part.KNOW, Source.JLIS_SITE, "2018/2019", subject=Subject.BOTH),
    GuideRule("renew.certificate-bring", Part.BRING, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("renew.stay", Part.KNOW, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("expired.which", Part.MEANING, Source.PROGRAM, "2026-11-22", subject=Subject.BOTH),
    GuideRule("expired.certificate", Part.MEANING, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("expired.certificate-new", Part.DO, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("expired.health", Part.KNOW, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("expired.card", Part.DO, Source.LEAFLET, "../2021", subject=Subject.CARD),
    GuideRule("expired.futile", Part.FUTILE, Source.MUNICIPALITIES, "2025/2026", subject=Subject.CERTIFICATE),
    GuideRule("cancel.certificate", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("cancel.suspended", Part.DO, Source.LEAFLET, "../2021"),
    GuideRule("cancel.links", Part.KNOW, Source.FAQ, "2023-08"),
    GuideRule("cancel.voluntary", Part.KNOW, Source.FAQ, "2017-11"),
)
