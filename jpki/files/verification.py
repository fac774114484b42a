"""Verifying a signed file of any size."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from jpki.errors import FileError
from jpki.signing.cms import ContentFacts, file_pieces, hash_pieces, locate, read_signers, verify_signer
from jpki.words import M

from .beginning import LOOKED_AT, SEQUENCE, pem_start
from .following import open_watched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from jpki.crypto import Digest
    from jpki.signing.cms import Located, SignedData, SignerInfo, SignerReport, Trust

    from .following import Following
    from .sources import Sources
    from .target import FileTarget

#: No program makes signed attributes of this size.
_MAX_ATTRIBUTES: Final = 1024 * 1024


def verify_signatures(
    sources: Sources, trust: Trust, following: Following, *, target: FileTarget | None = None
) -> tuple[SignerReport, ...]:
    """Check every signature in a file that is not a PDF.

    Args:
        sources: a CMS SignedData, DER or PEM, and the file that its content is compared with.
        trust: CA certificates to look for the issuer among.
        following: by which clock, and where progress is shown.
        target: where the content inside the signature goes, if content, signature and issuer pass.

    Raises:
        DataError: the signature file cannot be read as one.
        FileError: the content is neither inside nor beside.
    """
    from .extracting import extract

    with _opened(sources.signature, following) as found:
        now, located = following.now(), locate(found.file, found.size)
        if target is not None and located.content is None:
            raise FileError("no_content", sources.signature)
        signed = read_signers(located.signed_data)
        names = {signer.digest_name for signer in signed.signers if signer.digest_name is not None}
        digests, is_other = _digests(found, located, sources.content, names, following)
        is_attribute_set = _is_attribute_set(found, located, sources.content, signed)
        facts = ContentFacts(None, is_attribute_set, is_other)
        reports = tuple(
            verify_signer(signed, signer, replace(facts, digest=_digest_of(signer, digests)), trust, now=now)
            for signer in signed.signers
        )
        if target is not None and located.content is not None:
            extract(found.file, located.content, digests, reports, target)
    return reports


def _digest_of(signer: SignerInfo, digests: dict[Digest, bytes]) -> bytes | None:
    return None if signer.digest_name is None else digests[signer.digest_name]


def verify_pdf_file(path: Path, trust: Trust, following: Following) -> tuple[SignerReport, ...]:
    """Check every signature inside a PDF; there may be none.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        FileError: the PDF cannot be looked at.
    """
    from jpki.signing.pdf import verify_pdf

    from .pdf_refusals import pdf_faults

    with (
        pdf_faults(path, for_signing=False),
        following.show(M("Checking {path}", path=path.name), path.stat().st_size) as shown,
        open_watched(path, shown) as file,
    ):
        return verify_pdf(file, trust, now=following.now(), expect=shown.expect)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A signature in DER or BER; ``content`` is what a mail signs, which is in the mail beside it."""

    file: BinaryIO
    size: int
    content: bytes | None = None


@contextmanager
def _opened(path: Path, following: Following) -> Iterator[_Opened]:
    """Open a signature; what is in PEM is decoded into a file that has no name, as it may be of any size."""
    from jpki.signing.cms import looks_like_mail, read_mail

    with path.open("rb") as file:
        size = path.stat().st_size
        begin = file.read(LOOKED_AT)
        start = pem_start(begin)
        file.seek(0)
        if begin[:1] != SEQUENCE and looks_like_mail(begin):
            mail = read_mail(file, size)
            yield _Opened(BytesIO(mail.signature), len(mail.signature), mail.content)
        elif begin[:1] == SEQUENCE or start is None:
            yield _Opened(file, size)
        else:
            file.seek(start)
            with _decoded(file, size, following) as opened:
                yield opened


@contextmanager
def _decoded(file: BinaryIO, size: int, following: Following) -> Iterator[_Opened]:
    from tempfile import TemporaryFile

    from jpki.signing.cms import decode_pem

    with TemporaryFile("w+b") as decoded:
        with following.show(M("Reading the signature"), size) as shown:
            for piece in decode_pem(file, advance=shown.advance):
                decoded.write(piece)
        yield _Opened(cast("BinaryIO", decoded), decoded.tell())  # on Windows it is a wrapper


def _digests(
    found: _Opened, located: Located, content: Path | None, names: Collection[Digest], following: Following
) -> tuple[dict[Digest, bytes], bool]:
    """Hash what is judged with each function, and tell whether it is another content than the one inside."""
    beside = _beside(found, content, names, following)
    if located.content is None:
        if beside is None:
            raise FileError("no_file_to_compare", None)
        return beside, False
    with following.show(M("Checking the content"), found.size) as shown:
        inside = hash_pieces(located.content.pieces(found.file), names, advance=shown.advance)
    return (inside, False) if beside is None else (beside, beside != inside)


def _beside(
    found: _Opened, content: Path | None, names: Collection[Digest], following: Following
) -> dict[Digest, bytes] | None:
    """Hash what is beside the signature: the file that was named, else the part of a mail, which its reader sees."""
    if content is not None:
        return _hashes_of(content, names, following)
    return None if found.content is None else hash_pieces(iter((found.content,)), names)


def _hashes_of(content: Path, names: Collection[Digest], following: Following) -> dict[Digest, bytes]:
    with (
        following.show(M("Checking {path}", path=content.name), content.stat().st_size) as shown,
        content.open("rb") as file,
    ):
        return hash_pieces(file_pieces(file), names, advance=shown.advance)


def _is_attribute_set(found: _Opened, located: Located, content: Path | None, signed: SignedData) -> bool:
    """Whether the content could be what another signature signed: asked only where a content itself was signed."""
    from jpki.signing.cms import is_attribute_set

    if all(signer.signed_attributes is not None for signer in signed.signers):
        return False
    if located.content is not None:
        data = b""
        for piece in located.content.pieces(found.file):
            data += piece
            if len(data) > _MAX_ATTRIBUTES:
                return False
    elif content is not None:
        with content.open("rb") as file:
            data = file.read(_MAX_ATTRIBUTES)
    else:
        data = found.content or b""
    return is_attribute_set(data)
