"""The report for support: facts, privacy, and its text and HTML forms."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "facts": ("report_facts",),
        "holder": ("render_html", "render_text", "sheet"),
        "html": ("document_html",),
        "page": ("document",),
        "text": ("document_text",),
    },
)
