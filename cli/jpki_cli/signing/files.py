"""Signing many files: all are hashed first, then the card signs in short transactions."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from jpki.card import Pin
from jpki.certificate import Issuers
from jpki.identifiers import CertificateKind
from jpki.pin import see
from jpki.signing import MAX_SIGNATURES, signing_key
from jpki.signing.cms import frame, signed_attributes, signer_info
from jpki_cli.app import clock, stoppable
from jpki_cli.failures import EXIT_CARD, EXIT_UNEXPECTED, CliError, Failure
from jpki_cli.words import MN, M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from jpki.card import MyNumberCard
    from jpki.certificate import Validity
    from jpki.crypto import Digest
    from jpki.pin import PinPad, Secret, TryPolicy
    from jpki.signing import SigningKey
    from jpki.signing.cms import SignedDataFrame
    from jpki.signing.pdf import SignaturePlace
    from jpki_cli.app import AppContext, OutputTarget
    from jpki_cli.pin import SecretOptions

    from .jobs import Plan
    from .resume import Kept

_CHUNK: Final = 1024 * 1024
_PEM_LINE_BYTES: Final = 48  # they make a line of 64 characters


@dataclass(frozen=True, slots=True)
class SigningJob:
    """One file to sign, and where its signature goes; with a ``place`` it is a PDF, and is signed inside."""

    source: Path
    target: OutputTarget
    digest_name: Digest
    is_attached: bool = False
    is_pem: bool = False
    place: SignaturePlace | None = None


class _Prepared(Protocol):
    """A file of which everything but the signature is made."""

    @property
    def job(self) -> SigningJob: ...

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:
        """Have the card sign; the result gives the pieces of the signed file, after the transaction."""
        ...


@dataclass(frozen=True, slots=True)
class _FileState:
    """By what a file is seen to be the same as before: its size in bytes, and when it was last changed."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A file to be signed as CMS, as it was before it was hashed."""

    job: SigningJob
    seen: _FileState
    digest: bytes

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:
        certificates = [key.certificate] + ([key.ca_certificate] if key.ca_certificate else [])
        attributes = signed_attributes(self.digest, self.job.digest_name, key.certificate, now)
        signature = key.sign(self.job.digest_name, attributes.digest)
        info = signer_info(attributes, key.certificate, signature)
        length = self.seen.size if self.job.is_attached else None
        built = frame(info, self.job.digest_name, certificates, content_length=length)
        return lambda: _pieces(self, built)


def sign_all(
    app: AppContext,
    plan: Plan,
    secret: Secret | None,
    options: SecretOptions,
    written: Callable[[SigningJob], None],
) -> None:
    """Hash every file, then sign them, and write each signature once it is checked; asks for the password if need be.

    ``app.facts["files"]`` grows with each file that was written, and ``written`` is called, so that a failure tells
    what is done.
    """
    from jpki_cli.certificate import simulated_issuers
    from jpki_cli.pin import PinUse

    from .resume import require_same_signer

    files: list[dict[str, Any]] = [_fact(item.source, item.result, is_kept=True) for item in plan.kept]
    app.facts["files"] = files
    require_same_signer(plan.kept)
    if not plan.jobs:
        return
    issuers = Issuers(test=() if app.options.sim is None else simulated_issuers())

    def wrote(job: SigningJob) -> None:
        files.append(_fact(job.source, job.target.path, is_kept=False))
        written(job)

    with ExitStack() as stack:
        turns = Turns(plan.jobs, stack)
        card = stack.enter_context(app.open_card())
        _require_certificate(app, card)
        if turns.count > 1:
            app.note(
                MN(
                    "The password is kept for {n} turn at the card, and presented once in each.",
                    "The password is kept for {n} turns at the card, and presented once in each.",
                    turns.count,
                )
            )

        def use(password: Secret | PinPad, policy: TryPolicy) -> None:
            with stoppable(policy.check_interrupts):
                certificate = _sign_in_turns(card, turns, (password, policy), (wrote, plan.kept), issuers)
            _note_period(app, certificate)

        PinUse(app, Pin.SIGN, options, secret).run_in_turns(card, use)


def _require_certificate(app: AppContext, card: MyNumberCard) -> None:
    """Refuse, before the password is asked for, a card without signature certificate; tell what is probably over."""
    from jpki.words import CERTIFICATES
    from jpki_cli.words import absent

    with card.transaction():
        presence = card.read_presence()
        validity = _read_user_period(card)
    if presence.sign is False:
        message = M("{certificate}: {reason}", certificate=CERTIFICATES["sign"], reason=absent("sign"))
        raise CliError(Failure(EXIT_CARD, "certificate_absent", message))
    if validity is not None and clock.now() > validity.not_after:
        app.note(
            M(
                "The period of your user certificate is over. That of your signature certificate, which is readable "
                "only with the password, is probably over too."
            )
        )


def _read_user_period(card: MyNumberCard) -> Validity | None:
    """The user certificate's period, which a card gives without a PIN; None where it does not."""
    from jpki.card import read_validity
    from jpki.errors import CardError, DataError

    try:
        return read_validity(card, CertificateKind.AUTH)
    except (CardError, DataError):
        return None


class Turns:
    """The files by turns at the card, of which a few are prepared at a time.

    Everything that can be found before the card is touched is: all files are hashed, and of PDF files those of the
    first turn are prepared; of the others it is looked at whether they can be signed. So there are never more copies on
    the disk than one turn signs.
    """

    def __init__(self, jobs: Sequence[SigningJob], stack: ExitStack) -> None:
        """Hash and look; the copies go into a folder that only this user can look into."""
        from pathlib import Path
        from tempfile import TemporaryDirectory

        self._folder: Path | None = None
        if any(job.place is not None for job in jobs):
            self._folder = Path(stack.enter_context(TemporaryDirectory(prefix="jpki-")))
        self._number = 0
        waiting = [self._look(job, is_first=place < MAX_SIGNATURES) for place, job in enumerate(jobs)]
        self._turns = [waiting[i : i + MAX_SIGNATURES] for i in range(0, len(waiting), MAX_SIGNATURES)]
        self.count = len(self._turns)

    def __iter__(self) -> Iterator[list[_Prepared]]:
        """Prepare one turn after another."""
        for turn in self._turns:
            yield [self._prepare(item) if isinstance(item, SigningJob) else item for item in turn]

    def _look(self, job: SigningJob, *, is_first: bool) -> _Prepared | SigningJob:
        from .pdf import examine
        from .pdf_files import pdf_sentences

        if job.place is None:
            return _hash(job)
        if is_first:
            return self._prepare(job)
        with pdf_sentences(job.source):
            examine(job, job.place)
        return job

    def _prepare(self, job: SigningJob) -> _Prepared:
        from .pdf import prepare
        from .pdf_files import pdf_sentences

        if job.place is None or self._folder is None:
            return _hash(job)
        self._number += 1
        with pdf_sentences(job.source):
            return prepare(job, job.place, self._folder / f"{self._number}.pdf")


def _sign_in_turns(
    card: MyNumberCard,
    turns: Turns,
    entry: tuple[Secret | PinPad, TryPolicy],
    plan: tuple[Callable[[SigningJob], None], Sequence[Kept]],
    issuers: Issuers,
) -> bytes:
    """Sign one turn's files after another; the certificate that they were signed with."""
    from .resume import require_same_signer

    certificate = b""
    (password, policy), (wrote, kept) = entry, plan
    for turn in turns:
        with signing_key(card, CertificateKind.SIGN, password, policy, issuers=issuers) as key:
            require_same_signer(kept, key.certificate)
            if policy.seen is None and turns.count > 1:
                # A script's password goes to the card that it was given to first, and to no other after it.
                policy = replace(policy, seen=see(card))
            now, certificate = clock.now(), key.certificate
            signed = [(item.job, item.sign(key, now)) for item in turn]
        _write_all(signed, wrote)
        # The right password filled the counter; what was shown before the first turn says nothing of the next.
        policy = replace(policy, shown=None, use_last_try=False, use_hidden_counter=False)
    return certificate


def _write_all(
    signed: Sequence[tuple[SigningJob, Callable[[], Iterator[bytes]]]], wrote: Callable[[SigningJob], None]
) -> None:
    """Write every signature that the card made, also when one of them cannot be written."""
    failure: CliError | None = None
    for job, pieces in signed:
        try:
            job.target.write_made(pieces)
        except CliError as exc:
            failure = failure or exc
        else:
            wrote(job)
    if failure is not None:
        raise failure


def _note_period(app: AppContext, certificate: bytes) -> None:
    """Say that a signature is of no use when its certificate's period is over, or has not begun; a fact in JSON."""
    from jpki.certificate import period_of, read_summary

    now, summary = clock.now(), read_summary(certificate)
    period = period_of(summary, now)
    app.facts["certificate"] = {"state": period.state.value, "not_after": period.not_after.isoformat()}
    if now > summary.not_after:
        app.note(M("The period of your signature certificate is over: whoever verifies this will see that it fails."))
    elif now < summary.not_before:
        app.note(M("The period of your signature certificate has not begun; is this computer's date right?"))


def _fact(source: Path, signature: Path | None, *, is_kept: bool) -> dict[str, Any]:
    return {"file": str(source), "signature": None if signature is None else str(signature), "kept": is_kept}


def _hash(job: SigningJob) -> _Hashed:
    from jpki.signing.cms import hash_stream
    from jpki_cli.app import progress

    seen = _state(job.source)
    with (
        progress(M("Reading {path}", path=job.source.name), seen.size) as shown,
        job.source.open("rb") as file,
    ):
        digest = hash_stream(file, job.digest_name, advance=shown.advance)
    return _Hashed(job, seen, digest)


def _state(source: Path) -> _FileState:
    found = source.stat()
    return _FileState(found.st_size, found.st_mtime_ns)


def _pieces(item: _Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    pieces = _with_content(item, built) if item.job.is_attached else _without_content(item, built)
    return _pem(pieces) if item.job.is_pem else pieces


def _without_content(item: _Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    """A signature beside a file that is another one meanwhile would not be this file's."""
    if _state(item.job.source) != item.seen:
        raise _changed(item)
    yield built.head


def _with_content(item: _Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    """The content between head and tail; a file that changed since it was hashed makes no signature."""
    import hashlib

    from jpki_cli.app import progress

    digest = hashlib.new(item.job.digest_name.value)
    yield built.head
    with (
        progress(M("Writing {path}", path=item.job.source.name), item.seen.size) as shown,
        item.job.source.open("rb") as file,
    ):
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            shown.advance(len(chunk))
            yield chunk
    if digest.digest() != item.digest:
        raise _changed(item)
    yield built.tail


def _changed(item: _Hashed) -> CliError:
    message = M("{path} changed while it was being signed.", path=item.job.source)
    return CliError(Failure(EXIT_UNEXPECTED, "file_changed", message))


def _pem(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Write PEM (RFC 7468) as the pieces come."""
    from base64 import b64encode

    yield b"-----BEGIN CMS-----\n"
    rest = b""
    for piece in pieces:
        data = rest + piece
        whole = len(data) - len(data) % _PEM_LINE_BYTES
        rest = data[whole:]
        lines = (b64encode(data[i : i + _PEM_LINE_BYTES]) for i in range(0, whole, _PEM_LINE_BYTES))
        yield b"".join(line + b"\n" for line in lines)
    yield b64encode(rest) + b"\n" if rest else b""
    yield b"-----END CMS-----\n"
