"""What a holder can do about what was observed: rules as data, identified by codes."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "advising": ("advise",),
        "age": ("GUIDANCE_MONTH", "freshness"),
        "card_rules": ("Action", "Need", "Place"),
        "card_table": ("CARD_RULES",),
        "card_table_ends": ("CARD_EXPIRED", "CARD_RENEWABLE"),
        "card_table_pins": ("PIN_BLOCKED_ONE_CERTIFICATE",),
        "model": ("Applicant", "Expiring", "GuideRule", "Part", "Town"),
        "rules": ("Advice", "advise_status", "unfit_lines", "verdict_on"),
        "sources": ("Scope",),
        "topics": ("TITLES", "TOPICS", "first_lines", "lines", "usual_applicant"),
        "trouble": ("advice_about", "pin_in_trouble"),
        "wording": ("origin",),
    },
)
