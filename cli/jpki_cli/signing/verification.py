"""Verifying a signed file of any size."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from jpki.signing.cms import ContentFacts, file_pieces, hash_pieces, locate, read_signers, verify_signer
from jpki_cli.app import open_watched, progress
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.crypto import Digest
    from jpki.signing.cms import Located, SignedFile, Signer, SignerReport, Trust
    from jpki_cli.app import OutputTarget

    from .verify_sources import Sources

_PEM_LABELS: Final = (b"-----BEGIN CMS-----", b"-----BEGIN PKCS7-----")
_SEQUENCE: Final = b"\x30"
_OID_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
#: What is looked at to tell what a file is: text may stand before a PEM, and headers before a mail's.
_LOOKED_AT: Final = 64 * 1024
_DER_LOOKED_AT: Final = 32
#: No program makes signed attributes of this size.
_MAX_ATTRIBUTES: Final = 1024 * 1024


def looks_like_cms(path: Path) -> bool:
    """Whether a file is a SignedData by its beginning, in PEM, DER or mail, whatever its name."""
    from jpki.signing.cms import looks_like_mail

    with path.open("rb") as file:
        begin = file.read(_LOOKED_AT)
    is_binary = begin[:1] == _SEQUENCE and _OID_SIGNED_DATA in begin[:_DER_LOOKED_AT]
    return is_binary or _pem_start(begin) is not None or looks_like_mail(begin)


def _pem_start(begin: bytes) -> int | None:
    """Where a PEM begins, at the beginning of a line; None where there is none."""
    found = [at for label in _PEM_LABELS if (at := (b"\n" + begin).find(b"\n" + label)) >= 0]
    return min(found, default=None)


def verify_file(
    sources: Sources, trust: Trust, *, now: datetime, target: OutputTarget | None = None
) -> tuple[SignerReport, ...]:
    """Check every signature in a file.

    Args:
        sources: a CMS SignedData, DER or PEM, and the file that its content is compared with.
        trust: CA certificates to look for the issuer among.
        now: the instant of looking.
        target: where the content inside the signature goes, if content, signature and issuer pass.

    Raises:
        DataError: the signature file cannot be read as one.
        CliError: exit code 2, the content is neither inside nor beside.
    """
    from .verify_extract import extract, no_content_inside

    with _opened(sources.signature) as found:
        located = locate(found.file, found.size)
        if target is not None and located.content is None:
            raise no_content_inside(sources.signature)
        signed = read_signers(located.signed_data)
        names = {signer.digest_name for signer in signed.signers if signer.digest_name is not None}
        digests = _digests(found, located, sources.content, names)
        is_attribute_set = _is_attribute_set(found, located, sources.content, signed)
        reports = tuple(
            verify_signer(signed, signer, _facts(signer, digests, is_attribute_set), trust, now=now)
            for signer in signed.signers
        )
        if target is not None and located.content is not None:
            extract(found.file, located.content, digests, reports, target)
    return reports


def _facts(signer: Signer, digests: dict[Digest, bytes], is_attribute_set: bool) -> ContentFacts:  # noqa: FBT001 - of one caller
    digest = None if signer.digest_name is None else digests[signer.digest_name]
    return ContentFacts(digest, is_attribute_set)


def verify_pdf_file(path: Path, trust: Trust, *, now: datetime) -> tuple[SignerReport, ...]:
    """Check every signature inside a PDF; none where there is none.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        CliError: exit code 2, the PDF cannot be looked at.
    """
    from jpki.signing.pdf import verify_pdf

    from .pdf_files import pdf_sentences

    with (
        pdf_sentences(path, signing=False),
        progress(M("Checking {path}", path=path.name), path.stat().st_size) as shown,
        open_watched(path, shown) as file,
    ):
        return verify_pdf(file, trust, now=now, expect=shown.expect)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A signature in DER or BER; ``content`` is what a mail signs, which stands in the mail beside it."""

    file: BinaryIO
    size: int
    content: bytes | None = None


@contextmanager
def _opened(path: Path) -> Iterator[_Opened]:
    """Open a signature; what is in PEM is decoded into a file that has no name, as it may be of any size."""
    from jpki.signing.cms import looks_like_mail, read_mail

    with path.open("rb") as file:
        size = path.stat().st_size
        begin = file.read(_LOOKED_AT)
        start = _pem_start(begin)
        file.seek(0)
        if begin[:1] != _SEQUENCE and looks_like_mail(begin):
            mail = read_mail(file, size)
            yield _Opened(BytesIO(mail.signature), len(mail.signature), mail.content)
        elif begin[:1] == _SEQUENCE or start is None:
            yield _Opened(file, size)
        else:
            file.seek(start)
            with _decoded(file, size) as opened:
                yield opened


@contextmanager
def _decoded(file: BinaryIO, size: int) -> Iterator[_Opened]:
    from tempfile import TemporaryFile

    from jpki.signing.cms import decode_pem

    with TemporaryFile("w+b") as decoded:
        with progress(M("Reading the signature"), size) as shown:
            for piece in decode_pem(file, advance=shown.advance):
                decoded.write(piece)
        yield _Opened(cast("BinaryIO", decoded), decoded.tell())  # on Windows it is a wrapper


def _digests(found: _Opened, located: Located, content: Path | None, names: Collection[Digest]) -> dict[Digest, bytes]:
    """Hash the content with each function, once; empty where the file is another one than the content inside."""
    if located.content is not None:
        with progress(M("Checking the content"), found.size) as shown:
            inside = hash_pieces(located.content.pieces(found.file), names, advance=shown.advance)
        if content is not None and _hashes_of(content, names) != inside:
            return dict.fromkeys(names, b"")
        return inside
    if content is not None:
        return _hashes_of(content, names)
    if found.content is not None:
        return hash_pieces(iter((found.content,)), names)
    raise usage_error(M("The signature is without its file; name the file first, then the signature."))


def _hashes_of(content: Path, names: Collection[Digest]) -> dict[Digest, bytes]:
    with (
        progress(M("Checking {path}", path=content.name), content.stat().st_size) as shown,
        content.open("rb") as file,
    ):
        return hash_pieces(file_pieces(file), names, advance=shown.advance)


def _is_attribute_set(found: _Opened, located: Located, content: Path | None, signed: SignedFile) -> bool:
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
