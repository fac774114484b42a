"""What a person sees, and what a program reads."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("attributes", "certificate", "check", "signature"),
        "certificate_object": ("note_certificate",),
        "check": ("VERDICT_COLOURS",),
        "guide": ("line_facts", "list_lines", "observed_lines", "title_facts", "topic_lines"),
        "json_facts": ("certificate_facts", "day"),
        "report": ("document_text",),
        "sheet": ("render_sheet",),
        "status": ("pin_lines", "render_status"),
        "status_words": ("status_word_text",),
        "survey": ("note_comparison", "render_survey"),
    },
)
