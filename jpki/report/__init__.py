"""The report for support: facts, privacy, and its text and HTML forms."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "checks": ("check_facts", "guide_command"),
        "facts": ("report_facts",),
        "holder_sheet": ("SIMULATED", "Sheet", "TITLE", "render_html", "sheet"),
        "html": ("document_html",),
        "members": ("advice_facts", "pin_facts"),
        "page": ("Document", "Problem", "Section", "Table", "document"),
        "result_types": ("AdviceFacts", "CheckFacts", "HolderPinFacts", "PinFacts", "ReportFacts"),
    },
)
