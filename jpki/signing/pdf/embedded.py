"""A signature in a PDF as pyHanko reads it, also in a file with two tables of objects."""

from __future__ import annotations

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


class EmbeddedSignature(EmbeddedPdfSignature):
    """Compares the revisions of hybrid files, too (ISO 32000-1, 7.5.8.4), as Word writes them.

    What was signed may have two tables; behind a signature :mod:`jpki.signing.pdf.additions` refuses them.
    """

    def _enforce_hybrid_xref_policy(self) -> None:
        """Let them pass, which pyHanko does not where a file is read strictly."""
