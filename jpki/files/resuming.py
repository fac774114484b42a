"""A result that is there already is kept, if it is a signature over these bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate.checks import Verdict
from jpki.errors import DataError, FileError
from jpki.signing.cms import SignatureItem, Trust

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jpki.signing.cms import SignerReport

    from .following import Following

_CHUNK: Final = 1024 * 1024
_ITEMS: Final = {
    SignatureItem.CONTENT,
    SignatureItem.SIGNATURE,
    SignatureItem.COVERAGE,
    SignatureItem.SIGNER_CERTIFICATE,
    SignatureItem.CERTIFICATE_BINDING,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is signed already: its result, and the SHA-256 of the certificate that it was signed with."""

    source: Path
    result: Path
    certificate_sha256: bytes


def keep(source: Path, result: Path, following: Following, *, is_pdf: bool) -> Kept:
    """Look whether a result is a signature over a file as it is now.

    Raises:
        FileError: it is not.
    """
    report = _signature(source, result, following, is_pdf=is_pdf)
    if report is None or report.signer is None:
        raise FileError("another_result", result, source=source)
    return Kept(source, result, report.signer.certificate_sha256)


def require_same_signer(kept: Sequence[Kept], certificate: bytes | None = None) -> None:
    """Refuse to go on where results were signed with another certificate than the card's, or than one another's.

    Raises:
        FileError: and which result.
    """
    wanted = None if certificate is None else hashlib.sha256(certificate).digest()
    for item in kept:
        wanted = wanted or item.certificate_sha256
        if item.certificate_sha256 != wanted:
            raise FileError("other_signer", item.result)


def _signature(source: Path, result: Path, following: Following, *, is_pdf: bool) -> SignerReport | None:
    """The one signature over the file, or the last one in a PDF and new there; None if it is not one or not good."""
    from .sources import Sources
    from .verification import verify_pdf_file, verify_signatures

    try:
        if is_pdf:
            if not _begins_with(result, source) or not _is_saved_once_more(result, source):
                return None
            # A copy of a PDF that others have signed has only their signatures: it is no result of this file.
            signed_before = {report.field for report in verify_pdf_file(source, Trust(), following)}
            reports = verify_pdf_file(result, Trust(), following)
            if not reports or reports[-1].field in signed_before:
                return None
        else:
            reports = verify_signatures(Sources(result, source), Trust(), following)
    except (DataError, FileError):
        return None
    if not reports or (not is_pdf and len(reports) > 1):
        return None
    last = list(reports)[-1]
    good = {found.item for found in last.results if found.verdict is Verdict.PASS}
    return last if good >= _ITEMS else None


def _begins_with(result: Path, source: Path) -> bool:
    """Whether a signed PDF is this PDF with something added."""
    with result.open("rb") as signed, source.open("rb") as plain:
        while chunk := plain.read(_CHUNK):
            if signed.read(len(chunk)) != chunk:
                return False
    return True


def _is_saved_once_more(result: Path, source: Path) -> bool:
    """Whether nothing was added to a PDF but one signature: what comes between is signed, and is not in the file."""
    from jpki.signing.pdf import revision_count

    with result.open("rb") as signed, source.open("rb") as plain:
        return revision_count(signed) == revision_count(plain) + 1
