"""Signatures inside PDF files: PAdES B-B (ETSI EN 319 142-1), through the library pyHanko.

pyHanko is installed with the extra ``jpki[pdf]``; these modules load it when they are used, and never let it reach for
the network: nothing here builds certificate paths with it.
"""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "appearance": ("Corner", "Offset", "SignaturePlace"),
        "pages": ("PageSize", "page_count", "page_size"),
        "parts": ("find_parts",),
        "sign": ("PreparedPdf", "examine_pdf", "prepare_pdf"),
        "signatures": ("revision_count",),
        "stamp": ("Stamp", "make_stamp"),
        "verify": ("verify_pdf",),
    },
)
