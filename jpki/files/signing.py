"""Signing many files: all are hashed first, then the card signs in short transactions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.crypto import Digest
from jpki.errors import CertificateAbsentError, FileError, TimeStampError
from jpki.identifiers import CertificateKind
from jpki.pin import see
from jpki.signing import MAX_SIGNATURES, signing_key

from .cms import hash_file
from .job import SigningJob
from .resuming import require_same_signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from jpki.card import MyNumberCard
    from jpki.certificate import Issuers, Validity
    from jpki.pin import PinPad, Secret, TryPolicy

    from .following import Following
    from .job import Prepared
    from .resuming import Kept

_TRIED_BYTES: Final = 32


def require_certificate(card: MyNumberCard) -> Validity | None:
    """Refuse, before the password is asked for, a card without signature certificate.

    Returns the user certificate's period, which a card gives without a PIN: where it is over, that of the signature
    certificate probably is too. None if the card does not give it.

    Raises:
        CertificateAbsentError: the card has no such certificate.
    """
    with card.transaction():
        presence = card.read_presence()
        validity = _read_user_period(card)
    if presence.sign is False:
        raise CertificateAbsentError("no signature certificate", kind=CertificateKind.SIGN.value)
    return validity


def _read_user_period(card: MyNumberCard) -> Validity | None:
    from jpki.card import read_validity
    from jpki.errors import CardError, DataError

    try:
        return read_validity(card, CertificateKind.AUTH)
    except (CardError, DataError):
        return None


def _try_services(jobs: Sequence[SigningJob]) -> None:
    """Have each time stamp service stamp a few bytes, which are thrown away, before a password is asked for."""
    from secrets import token_bytes

    for service in {job.time_stamps: None for job in jobs if job.time_stamps is not None}:
        service.stamp(Digest.SHA256, token_bytes(_TRIED_BYTES))


class Turns:
    """The files by turns at the card, of which a few are prepared at a time.

    Everything that can be found before the card is touched is: all files are hashed, and of PDF files those of the
    first turn are prepared; of the others it is looked at whether they can be signed. So there are never more copies on
    the disk than one turn signs.
    """

    def __init__(self, jobs: Sequence[SigningJob], stack: ExitStack, following: Following) -> None:
        """Hash and look; the copies go into a folder that only this user can look into, until ``stack`` is closed.

        Raises:
            TimeStampError: the time stamp service does not answer, so no password need be asked for.
        """
        from pathlib import Path
        from tempfile import TemporaryDirectory

        _try_services(jobs)
        self.following = following
        self._folder: Path | None = None
        if any(job.place is not None for job in jobs):
            self._folder = Path(stack.enter_context(TemporaryDirectory(prefix="jpki-")))
        self._number = 0
        waiting = [self._look(job, is_first=place < MAX_SIGNATURES) for place, job in enumerate(jobs)]
        self._turns = [waiting[i : i + MAX_SIGNATURES] for i in range(0, len(waiting), MAX_SIGNATURES)]
        self.count = len(self._turns)

    def __iter__(self) -> Iterator[list[Prepared]]:
        """Prepare one turn after another."""
        for turn in self._turns:
            yield [self._prepare(item) if isinstance(item, SigningJob) else item for item in turn]

    def _look(self, job: SigningJob, *, is_first: bool) -> Prepared | SigningJob:
        if job.place is None:
            return hash_file(job, self.following)
        if is_first:
            return self._prepare(job)
        from .pdf import examine
        from .pdf_refusals import pdf_faults

        with pdf_faults(job.source):
            examine(job, job.place)
        return job

    def _prepare(self, job: SigningJob) -> Prepared:
        if job.place is None or self._folder is None:
            return hash_file(job, self.following)
        from .pdf import prepare
        from .pdf_refusals import pdf_faults

        self._number += 1
        with pdf_faults(job.source):
            return prepare(job, job.place, self._folder / f"{self._number}.pdf", self.following)


def sign_in_turns(
    card: MyNumberCard,
    turns: Turns,
    entry: tuple[Secret | PinPad, TryPolicy],
    plan: tuple[Callable[[SigningJob], None], Sequence[Kept]],
    issuers: Issuers | None = None,
) -> bytes:
    """Sign one turn's files after another, and write each signature once it is checked.

    Args:
        card: with a signature certificate.
        turns: the files.
        entry: the password, and what is allowed with it; presented once in each turn.
        plan: what is reported of each file when it is written, and the results of before that are kept.
        issuers: where the issuer's certificate is looked for before the card's copy is read.

    Returns: the certificate that the files were signed with.

    Raises:
        FileError: a file changed, or could not be written; the others were.
        TimeStampError: a time stamp service fails now; what was written before stays.
        PinError, OutcomeUnknownError: as :meth:`jpki.PinRequest.run`.
    """
    certificate = b""
    (password, policy), (wrote, kept) = entry, plan
    for turn in turns:
        with signing_key(card, CertificateKind.SIGN, password, policy, issuers=issuers) as key:
            require_same_signer(kept, key.certificate)
            if policy.seen is None and turns.count > 1:
                # A script's password goes to the card that it was given to first, and to no other after it.
                policy = replace(policy, seen=see(card))
            now, certificate = turns.following.now(), key.certificate
            signed = [(item.job, item.sign(key, now)) for item in turn]
        _write_all(signed, wrote)
        # The right password filled the counter; what was shown before the first turn says nothing of the next.
        policy = replace(policy, shown=None, use_last_try=False, use_hidden_counter=False)
    return certificate


def _write_all(
    signed: Sequence[tuple[SigningJob, Callable[[], Iterator[bytes]]]], wrote: Callable[[SigningJob], None]
) -> None:
    """Write every signature that the card made, also when one of them cannot be written."""
    failure: FileError | None = None
    for job, pieces in signed:
        try:
            job.target.write_made(pieces)
        except FileError as exc:
            failure = failure or exc
        except TimeStampError as exc:
            # What failed once is not waited for again for every other file.
            exc.is_signed = True
            raise
        else:
            wrote(job)
    if failure is not None:
        raise failure
