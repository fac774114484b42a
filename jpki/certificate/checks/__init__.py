"""The checks of a certificate, each by itself: items, verdicts, reasons, and the words for them."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "checking": ("POLICIES", "check"),
        "results": ("CheckItem", "CheckReport", "CheckResult", "CheckReason", "Verdict"),
        "signature": ("find_signature_fault",),
        "wording": ("VERDICTS", "end_sentence", "item_text", "reason_text"),
    },
)
