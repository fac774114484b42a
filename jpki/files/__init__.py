"""Files that are signed and verified: read as a stream, and written whole, beside what is there, or not at all."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "following": ("Following", "Progress"),
        "job": ("SigningJob",),
        "judging": ("VerifyReport", "judge"),
        "pdf_refusals": ("PARTS", "looks_like_pdf", "parts_of", "pdf_faults"),
        "resuming": ("Kept", "keep", "require_same_signer"),
        "signing": ("Turns", "require_certificate", "sign_in_turns"),
        "sources": ("UNSIGNED_PARTS",),
        "target": ("FileTarget", "check_writable"),
        "wording": ("HOLDS_PERSONAL_DATA", "PERIOD_PROBABLY_OVER", "period_warning", "turns_words"),
    },
)
