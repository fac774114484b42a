"""Files that are signed with a card, and signed files that are verified."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from jpki.card import Pin
from jpki.crypto import Digest
from jpki.files import Following, SigningJob
from jpki.pin import PinRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from jpki.certificate import CertificateSummary, Issuers
    from jpki.files import VerifyReport
    from jpki.pin import Person, PinOptions, PinPad, Secret, TryPolicy
    from jpki.signing.pdf import SignaturePlace

    from .card import Card


class SignedKind(Enum):
    """What a signed file is: a PDF signed inside, a signature beside the file, or one around it."""

    AUTO = "auto"
    PDF = "pdf"
    BESIDE = "beside"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that was signed: where the result is, and the certificate that it was signed with."""

    source: Path
    path: Path
    certificate: CertificateSummary


def sign_file(  # noqa: PLR0913 - each is a decision of its own for this one call
    card: Card,
    source: Path | str,
    entry: Secret | Person,
    *,
    target: Path | str | None = None,
    kind: SignedKind = SignedKind.AUTO,
    digest: Digest = Digest.SHA256,
    place: SignaturePlace | None = None,
    time_stamp_url: str | None = None,
    issuers: Issuers | None = None,
    use_last_try: bool = False,
    use_hidden_counter: bool = False,
    overwrite: bool = False,
) -> SignedFile:
    """Sign a file of any size with the signature key, as ``jpki sign`` does; it is checked before it is written.

    A PDF is signed inside (PAdES), into ``NAME-signed.pdf``; any other file as CMS, into ``NAME.p7s`` beside it.
    ``place`` is where and how it is seen in a PDF. The signature holds the signer's name and address. With
    ``time_stamp_url`` a time stamp service is asked, over the network, to state when it was there: a hash goes there.

    Raises:
        FileError: it cannot be signed, it changed meanwhile, or the result cannot be written: nothing is left behind.
        CertificateAbsentError: the card has no signature certificate.
        TimeStampError: there is no time stamp; ``is_signed`` says whether the card was asked before.
        PinError, OutcomeUnknownError: as :meth:`jpki.Card.verify_pin`.
    """
    job = signing_job(
        Path(source),
        kind,
        target=target,
        digest=digest,
        place=place,
        time_stamp_url=time_stamp_url,
        overwrite=overwrite,
    )
    options = card.options(use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
    with FilesToSign((job,)) as files:
        return files.sign(card, entry, options, issuers=issuers)[0]


def signing_job(  # noqa: PLR0913 - each is a decision of its own for this one call
    source: Path,
    kind: SignedKind = SignedKind.AUTO,
    *,
    target: Path | str | None = None,
    digest: Digest = Digest.SHA256,
    place: SignaturePlace | None = None,
    time_stamp_url: str | None = None,
    overwrite: bool = False,
) -> SigningJob:
    """Look at a file and at the place of its result, before any card is touched.

    Raises:
        FileError: the result could not be written.
        TimeStampError: the address is not that of a time stamp service.
        OSError: the file cannot be read.
    """
    from jpki.files import FileTarget
    from jpki.signing import TimeStampService
    from jpki.signing.pdf import SignaturePlace

    found = kind_of(source) if kind is SignedKind.AUTO else kind
    path = default_target(source, found) if target is None else Path(target)
    where = place or SignaturePlace() if found is SignedKind.PDF else None
    service = None if time_stamp_url is None else TimeStampService(time_stamp_url)
    if where is not None and service is not None:
        where = replace(where, has_time_stamp=True)
    result = FileTarget(path, overwrite=overwrite)
    return SigningJob(source, result, digest, is_attached=found is SignedKind.AROUND, place=where, time_stamps=service)


def kind_of(source: Path) -> SignedKind:
    """How a file is signed unless something else is asked for."""
    from jpki.files import looks_like_pdf

    is_pdf = looks_like_pdf(source) or source.suffix.lower() == ".pdf"
    return SignedKind.PDF if is_pdf else SignedKind.BESIDE


def default_target(source: Path, kind: SignedKind) -> Path:
    """The name that the result of signing a file has unless another one is given."""
    names = {
        SignedKind.PDF: f"{source.stem}-signed.pdf",
        SignedKind.AROUND: f"{source.name}.p7m",
        SignedKind.BESIDE: f"{source.name}.p7s",
    }
    return source.with_name(names[kind])


class FilesToSign:
    """Files that were read and wait to be signed together, with one entry of the password; close it."""

    def __init__(self, jobs: Sequence[SigningJob], following: Following | None = None) -> None:
        """Read them; no card is needed.

        Raises:
            FileError: one of them cannot be signed.
            OSError: one of them cannot be read.
        """
        from jpki.files import Turns

        with ExitStack() as stack:
            self._turns = Turns(jobs, stack, following or Following())
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the copies."""
        self._stack.close()

    def sign(
        self,
        card: Card,
        entry: Secret | Person,
        options: PinOptions,
        *,
        issuers: Issuers | None = None,
        written: Callable[[SigningJob], None] = lambda _: None,
    ) -> tuple[SignedFile, ...]:
        """Sign and write them; ``written`` is called for each as soon as it is written.

        Raises: as :func:`sign_file`; what was written before stays.
        """
        from jpki.certificate import read_summary
        from jpki.files import require_certificate, sign_in_turns

        done: list[SigningJob] = []

        def wrote(job: SigningJob) -> None:
            done.append(job)
            written(job)

        require_certificate(card.raw)

        def use(password: Secret | PinPad, policy: TryPolicy) -> bytes:
            return sign_in_turns(card.raw, self._turns, (password, policy), (wrote, ()), issuers)

        certificate = read_summary(PinRequest(card.raw, Pin.SIGN, entry, options).use(use))
        return tuple(SignedFile(job.source, job.target.path, certificate) for job in done if job.target.path)


def verify_file(  # noqa: PLR0913 - each is a decision of its own for this one call
    file: Path | str,
    signature: Path | str | None = None,
    *,
    issuers: Issuers | None = None,
    at: datetime | None = None,
    expected_signer: bytes | None = None,
    allow_auth: bool = False,
    time_stamp_cas: Sequence[bytes] = (),
) -> VerifyReport:
    """Check every signature of a file, item by item, as ``jpki verify`` does; no card is needed.

    The signature is inside the PDF, the file itself, or lies beside it, unless it is named. ``expected_signer`` is the
    SHA-256 of a certificate or of its key. ``time_stamp_cas`` are certificates, in DER, of CAs of time stamp services
    that the caller believes. Whether a certificate was revoked is not checked.

    Raises:
        FileError: there is no signature, it cannot be read, or is of a kind that is not supported.
        ExtraMissingError: a PDF needs the extra ``pdf``.
    """
    from jpki.certificate import Issuers
    from jpki.files import judge
    from jpki.signing.cms import Trust, expect_signer

    trust = Trust(issuers or Issuers(), allow_auth=allow_auth, time_stamp_cas=tuple(time_stamp_cas))
    following = Following() if at is None else Following(lambda: at)
    report = judge(Path(file), None if signature is None else Path(signature), trust, following)
    if expected_signer is None:
        return report
    return replace(report, signatures=expect_signer(report.signatures, expected_signer))
