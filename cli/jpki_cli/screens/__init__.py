"""What a person sees, and what a program reads."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("attributes", "certificate", "check", "signature"),
        "certificate": ("issuer_sentence", "period_calendar"),
        "certificate_object": ("certificate_json",),
        "check": ("VERDICTS", "VERDICT_COLOURS"),
        "guide": ("line_facts", "list_lines", "observed_lines", "title_facts", "topic_lines"),
        "json_facts": ("advice_facts", "certificate_facts", "day", "pin_facts"),
        "periods": ("period_sentence",),
        "status": ("pin_lines", "render_status"),
        "status_words": ("status_word_text",),
        "survey": ("comparison_facts", "render_survey"),
    },
)
