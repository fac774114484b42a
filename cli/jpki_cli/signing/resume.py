"""``jpki sign --resume``: a result that is there is kept, if it is a signature over these bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate import Verdict
from jpki.errors import DataError
from jpki.signing.cms import SignatureItem, Trust
from jpki_cli.app import clock
from jpki_cli.failures import CliError, usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jpki.signing.cms import SignerReport

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


def keep(source: Path, result: Path, *, is_pdf: bool) -> Kept:
    """Look whether a result is a signature over a file as it is now.

    Raises:
        CliError: exit code 2, it is not.
    """
    report = _signature(source, result, is_pdf=is_pdf)
    if report is None or report.signer is None:
        message = M(
            "The output {path} exists, and is no signature over {source} as it is now.", path=result, source=source
        )
        raise usage_error(message, code="output_exists", remedy=(M("--force replaces it."),))
    return Kept(source, result, report.signer.certificate_sha256)


def require_same_signer(kept: Sequence[Kept], certificate: bytes | None = None) -> None:
    """Refuse to go on where results were signed with another certificate than the card's, or than one another's.

    Raises:
        CliError: exit code 2.
    """
    wanted = None if certificate is None else hashlib.sha256(certificate).digest()
    for item in kept:
        wanted = wanted or item.certificate_sha256
        if item.certificate_sha256 != wanted:
            message = M("{path} was signed with another certificate, so nothing more was signed.", path=item.result)
            raise usage_error(message, code="other_signer")


def _signature(source: Path, result: Path, *, is_pdf: bool) -> SignerReport | None:
    """The one signature over the file, or the last one in a PDF; None where it is none or not good."""
    from .verification import verify_file, verify_pdf_file
    from .verify_sources import Sources

    now = clock.now()
    try:
        if is_pdf:
            if not _begins_with(result, source):
                return None
            reports = verify_pdf_file(result, Trust(), now=now)
        else:
            reports = verify_file(Sources(result, source), Trust(), now=now)
    except (DataError, CliError):
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
