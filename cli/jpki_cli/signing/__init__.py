"""Files that are signed and verified."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "card_ca": ("CardCa", "lacks_ca"),
        "files": ("SigningJob", "sign_all"),
        "jobs": ("Plan", "SignOptions", "make_plan"),
        "pdf_files": ("PARTS", "looks_like_pdf", "parts_of"),
        "verification": ("verify_file", "verify_pdf_file"),
        "verify_extract": ("extract_target", "no_content_inside"),
        "verify_sources": ("Sources", "choose", "has_signature_beside"),
    },
)
