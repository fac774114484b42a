"""Signing PDF files: the new revision is made before the card is touched, and looked at before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate import Verdict
from jpki.signing.cms import SignatureItem, Trust
from jpki.signing.pdf import prepare_pdf, verify_pdf
from jpki_cli.app import clock, open_watched, progress
from jpki_cli.failures import EXIT_UNEXPECTED, CliError, Failure
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.signing import SigningKey
    from jpki.signing.pdf import PreparedPdf, SignaturePlace

    from .files import SigningJob

_CHUNK: Final = 1024 * 1024
#: What the computer can have got wrong; whether the certificate is worth something is for who verifies.
_OWN_ITEMS: Final = (
    SignatureItem.CONTENT,
    SignatureItem.SIGNATURE,
    SignatureItem.COVERAGE,
    SignatureItem.LATER_CHANGES,
    SignatureItem.SIGNER_CERTIFICATE,
    SignatureItem.CERTIFICATE_BINDING,
)


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF that waits for its signature, in a file of its own."""

    job: SigningJob
    copy: Path
    prepared: PreparedPdf

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:  # noqa: ARG002 - the PDF has its time already
        """Have the card sign; what is returned gives the signed file, once the transaction is over."""
        signature = self.prepared.sign(key)
        return lambda: self._pieces(signature)

    def _pieces(self, signature: bytes) -> Iterator[bytes]:
        with self.copy.open("r+b") as file:
            self.prepared.fill(file, signature)
        size = self.copy.stat().st_size
        with (
            progress(M("Writing {path}", path=self.job.source.name), size) as shown,
            open_watched(self.copy, shown) as file,
        ):
            reports = verify_pdf(file, Trust(), now=clock.now(), expect=lambda length: shown.expect(length + size))
            mine = next((report for report in reports if report.field == self.prepared.field), None)
            good = [] if mine is None else [r.item for r in mine.results if r.verdict is Verdict.PASS]
            if not set(_OWN_ITEMS) <= set(good):
                message = M(
                    "The signed PDF {path} is not as it should be, so it was not written.", path=self.job.source
                )
                remedy = (M("--cms signs it as it is, beside the file."),)
                raise CliError(Failure(EXIT_UNEXPECTED, "pdf_not_intact", message, remedy))
            file.seek(0)
            while chunk := file.read(_CHUNK):
                yield chunk
        self.copy.unlink()


def examine(job: SigningJob, place: SignaturePlace) -> None:
    """Look whether a PDF can be signed, before its turn comes.

    Raises:
        PdfError: it cannot.
    """
    from jpki.signing.pdf import examine_pdf

    with job.source.open("rb") as source:
        examine_pdf(source, job.digest_name, place)


def prepare(job: SigningJob, place: SignaturePlace, copy: Path) -> PdfFile:
    """Write the revision to be signed to a temporary file.

    Raises:
        PdfError: the PDF cannot be signed.
    """
    with (
        progress(M("Reading {path}", path=job.source.name), job.source.stat().st_size) as shown,
        open_watched(job.source, shown) as source,
        open_watched(copy, shown, "x+b") as output,
    ):
        prepared = prepare_pdf(source, output, job.digest_name, place, at=clock.now(), expect=shown.expect)
    return PdfFile(job, copy, prepared)
