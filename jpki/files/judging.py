"""A signed file is judged: inside a PDF first, else the signature that was named or is found beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.errors import DataError, FileError, UnsupportedSignatureError

from .following import Following
from .sources import Sources, choose, has_signature_beside

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.signing.cms import SignerReport, Trust

    from .target import FileTarget


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was found out about a signed file: which file was compared with what, and each of its signatures.

    ``pdf_parts`` are what a PDF holds beside its pages: ``javascript``, ``attachments``, ``layers``.
    """

    sources: Sources
    signatures: tuple[SignerReport, ...]
    pdf_parts: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no item of any signature failed; what could not be checked, as revocation, is not a failure."""
        return not any(report.has_failed for report in self.signatures)


def judge(
    file: Path,
    signature: Path | None,
    trust: Trust,
    following: Following | None = None,
    *,
    target: FileTarget | None = None,
) -> VerifyReport:
    """Check every signature of a file, by itself.

    Args:
        file: what is judged; its content is compared with what the signature signs.
        signature: None: inside the PDF, in the file itself, or beside it.
        trust: CA certificates to look for the issuer among.
        following: by which clock, and where progress is shown.
        target: where the content inside a signature goes, if content, signature and issuer pass.

    Raises:
        FileError: there is no signature, it cannot be read, or is of a kind that is not supported.
    """
    from .pdf_refusals import looks_like_pdf, parts_of

    follow = following or Following()
    if signature is None and (looks_like_pdf(file) or file.suffix.lower() == ".pdf"):
        reports = _inside(file, trust, follow, target)
        if reports:
            return VerifyReport(Sources(file, file, is_pdf=True), reports, parts_of(file))
    sources = choose(file, signature)
    return VerifyReport(sources, _outside(sources, trust, follow, target))


def _outside(
    sources: Sources, trust: Trust, following: Following, target: FileTarget | None
) -> tuple[SignerReport, ...]:
    from .verification import verify_signatures

    try:
        return verify_signatures(sources, trust, following, target=target)
    except UnsupportedSignatureError as exc:
        raise FileError("unsupported_signature", sources.signature) from exc
    except DataError as exc:
        raise FileError("unreadable_signature", sources.signature, is_compared=sources.content is not None) from exc


def _inside(file: Path, trust: Trust, following: Following, target: FileTarget | None) -> tuple[SignerReport, ...]:
    """Check the signatures inside a PDF; an empty tuple if there is none, but one beside it."""
    from .verification import verify_pdf_file

    try:
        reports = verify_pdf_file(file, trust, following)
    except FileError:  # what cannot be signed inside is signed beside
        if has_signature_beside(file):
            return ()
        raise
    if any(not report.is_time_stamp for report in reports):
        if target is not None:
            raise FileError("no_content", file)
        return reports
    if not has_signature_beside(file):
        raise FileError("no_signature_in_pdf", file)
    return ()
