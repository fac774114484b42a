"""Signing PDF files: the new revision is made before the card is touched, and looked at before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate.checks import Verdict
from jpki.errors import FileError
from jpki.signing.cms import SignatureItem, Trust
from jpki.signing.pdf import prepare_pdf, verify_pdf
from jpki.words import M

from .following import open_watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.signing import SigningKey
    from jpki.signing.pdf import PreparedPdf, SignaturePlace

    from .following import Following
    from .job import SigningJob

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
    following: Following

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:  # noqa: ARG002 - the PDF has its time already
        """Have the card sign; what is returned gives the signed file, once the transaction is over."""
        signature = self.prepared.sign(key)
        service = self.job.time_stamps
        # The service is asked when the transaction is over: the card does not have to wait.
        return lambda: self._pieces(signature if service is None else self.prepared.stamp(signature, service))

    def _pieces(self, signature: bytes) -> Iterator[bytes]:
        with self.copy.open("r+b") as file:
            self.prepared.fill(file, signature)
        size = self.copy.stat().st_size
        with (
            self.following.show(M("Writing {path}", path=self.job.source.name), size) as shown,
            open_watched(self.copy, shown) as file,
        ):
            reports = verify_pdf(
                file, Trust(), now=self.following.now(), expect=lambda length: shown.expect(length + size)
            )
            mine = next((report for report in reports if report.field == self.prepared.field), None)
            good = [] if mine is None else [r.item for r in mine.results if r.verdict is Verdict.PASS]
            if not set(_OWN_ITEMS) <= set(good):
                raise FileError("pdf_not_intact", self.job.source, for_signing=True)
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


def prepare(job: SigningJob, place: SignaturePlace, copy: Path, following: Following) -> PdfFile:
    """Write the revision to be signed to a temporary file.

    Raises:
        PdfError: the PDF cannot be signed.
    """
    with (
        following.show(M("Reading {path}", path=job.source.name), job.source.stat().st_size) as shown,
        open_watched(job.source, shown) as source,
        open_watched(copy, shown, "x+b") as output,
    ):
        prepared = prepare_pdf(source, output, job.digest_name, place, at=following.now(), expect=shown.expect)
    return PdfFile(job, copy, prepared, following)
