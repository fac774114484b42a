"""What is chosen beside the files that are signed, and what is to be done with each of them then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jpki.client import SignedKind, default_target, kind_of, signing_job
from jpki.errors import FileError, PdfError
from jpki.files import pdf_faults
from jpki.signing.pdf import Offset, SignaturePlace, Stamp, make_stamp, page_size

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from jpki.files import SigningJob


class Wishes(NamedTuple):
    """What the person chose beside the files; nothing of it has to be chosen, but a name for the registry.

    ``folder`` is where the results go (None: beside the files), ``time_stamps`` the address of a time stamp service.
    """

    name: str = ""
    reason: str = ""
    location: str = ""
    seal: Path | None = None
    for_registry: bool = False
    is_beside: bool = False
    is_around: bool = False
    folder: Path | None = None
    time_stamps: str = ""

    @property
    def lacks_name(self) -> bool:
        """Whether the form for the registry was chosen without the name that it wants."""
        return self.for_registry and not self.name

    def kind(self, usual: SignedKind) -> SignedKind:
        """How a file is signed that is usually signed so."""
        if usual is SignedKind.PDF and not self.is_beside:
            return usual
        return SignedKind.AROUND if self.is_around else SignedKind.BESIDE

    def target(self, file: Path, usual: SignedKind) -> Path:
        """Where the result goes."""
        target = default_target(file, self.kind(usual))
        return target if self.folder is None else self.folder / target.name


class Seen(NamedTuple):
    """Where the signature of a PDF is seen: its page, and millimetres from the left and from the top of it."""

    page: int
    right: float
    down: float


class Writing(NamedTuple):
    """What a stamp is written with: the language, and a time, which has the letters of any."""

    language: str
    at: datetime


def usual_kind(file: Path) -> SignedKind:
    """How a file is usually signed; one that cannot be read is told of when it is."""
    try:
        return kind_of(file)
    except OSError:
        return SignedKind.BESIDE


def signing_jobs(
    files: Mapping[Path, SignedKind], wishes: Wishes, seen: Seen | None, writing: Writing
) -> list[SigningJob]:
    """Look at the files and at the places of their results; ``seen`` is for the one PDF among them.

    Raises:
        FileError: one of the results could not be written, or the stamp cannot be made.
        TimeStampError: the address is not one of a time stamp service.
        OSError: one of the files cannot be read.
    """
    made = []
    for file, usual in files.items():
        kind, target = wishes.kind(usual), wishes.target(file, usual)
        place = _place(file, wishes, seen, writing) if kind is SignedKind.PDF else None
        made.append(signing_job(file, kind, target=target, place=place, time_stamp_url=wishes.time_stamps or None))
    targets = [job.target.path for job in made]
    for path in targets:
        if path is not None and targets.count(path) > 1:  # of two folders, into one
            raise FileError("output_exists", path)
    return made


def _place(file: Path, wishes: Wishes, seen: Seen | None, writing: Writing) -> SignaturePlace:
    said = SignaturePlace(
        for_registry=wishes.for_registry,
        name=wishes.name or None,
        reason=wishes.reason or None,
        location=wishes.location or None,
    )
    if seen is None:
        return said
    stamp = stamp_of(file, wishes, writing)
    with pdf_faults(file), file.open("rb") as source:
        size = page_size(source, seen.page, stamp)
    # A tenth of a millimetre inside, so that no rounding lays it outside; another name makes it larger.
    right = max(0.0, min(seen.right, size.width - size.stamp_width - 0.1))
    down = max(0.0, min(seen.down, size.height - size.stamp_height - 0.1))
    return replace(said, page=seen.page, stamp=stamp, position=Offset(right, down))


def stamp_of(file: Path, wishes: Wishes, writing: Writing) -> Stamp:
    """The stamp in the language of the window, or in English where no font of this computer has the letters.

    Raises:
        FileError: none has those of the name, or the image of the seal cannot be used.
    """
    try:
        return _stamp(wishes, writing.language, writing.at)
    except PdfError as first:
        try:
            return _stamp(wishes, "en", writing.at)
        except PdfError:
            of = wishes.seal if first.fault == "bad_image" else file
            raise FileError(f"pdf_{first.fault}", of, for_signing=True, names=" ".join(first.names)) from first


def _stamp(wishes: Wishes, language: str, at: datetime) -> Stamp:
    return make_stamp(at, language, name=wishes.name or None, seal=wishes.seal)
