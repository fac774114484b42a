"""Verifying a signed file of any size."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from jpki.signing.cms.content import hash_stream, locate
from jpki.signing.cms.signers import read_signers
from jpki.signing.cms.verify import verify_signer
from jpki_cli.app.progress import open_watched, progress
from jpki_cli.failures.explain import usage_error
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.crypto.digest_info import Digest
    from jpki.signing.cms.content import Located
    from jpki.signing.cms.results import SignerReport
    from jpki.signing.cms.signers import Signer
    from jpki.signing.cms.verify import Trust
    from jpki_cli.app.output import OutputTarget
    from jpki_cli.signing.verify_sources import Sources

_PEM_LABELS: Final = (b"-----BEGIN CMS-----", b"-----BEGIN PKCS7-----")
_SEQUENCE: Final = b"\x30"
_OID_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_LOOKED_AT: Final = 32


def looks_like_cms(path: Path) -> bool:
    """Whether a file begins as a SignedData does, in PEM or DER, whatever its name."""
    with path.open("rb") as file:
        begin = file.read(_LOOKED_AT)
    return begin.startswith(_PEM_LABELS) or (begin[:1] == _SEQUENCE and _OID_SIGNED_DATA in begin)


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
    from jpki_cli.signing.verify_extract import extract, no_content_inside

    path = sources.signature
    with path.open("rb") as opened, _binary(opened, path.stat().st_size) as (file, size):
        located = locate(file, size)
        if target is not None and located.content is None:
            raise no_content_inside(path)
        signed = read_signers(located.signed_data)
        digests = [_digest(signer, located, file, sources.content) for signer in signed.signers]
        reports = tuple(
            verify_signer(signed, signer, digest, trust, now=now)
            for signer, digest in zip(signed.signers, digests, strict=True)
        )
        if target is not None and located.content is not None:
            hashes = {s.digest_name: d for s, d in zip(signed.signers, digests, strict=True) if s.digest_name and d}
            extract(file, located.content, hashes, reports, target)
    return reports


def verify_pdf_file(path: Path, trust: Trust, *, now: datetime) -> tuple[SignerReport, ...]:
    """Check every signature inside a PDF; none where there is none.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        CliError: exit code 2, the PDF cannot be looked at.
    """
    from jpki.signing.pdf.verify import verify_pdf
    from jpki_cli.signing.pdf_files import pdf_sentences

    with (
        pdf_sentences(path, signing=False),
        progress(M("Checking {path}", path=path.name), path.stat().st_size) as shown,
        open_watched(path, shown) as file,
    ):
        return verify_pdf(file, trust, now=now, expect=shown.expect)


@contextmanager
def _binary(file: BinaryIO, size: int) -> Iterator[tuple[BinaryIO, int]]:
    """Turn PEM into DER; of any size, in a file that has no name."""
    from jpki.signing.cms.pem import BEGIN, decode_pem

    begin = file.read(len(BEGIN))
    file.seek(0)
    if begin != BEGIN:
        yield file, size
        return
    from tempfile import TemporaryFile

    with TemporaryFile("w+b") as decoded:
        with progress(M("Reading the signature"), size) as shown:
            for piece in decode_pem(file, advance=shown.advance):
                decoded.write(piece)
        yield cast("BinaryIO", decoded), decoded.tell()  # on Windows it is a wrapper


def _digest(signer: Signer, located: Located, file: BinaryIO, content: Path | None) -> bytes | None:
    if signer.digest_name is None:
        return None
    if located.content is not None:
        file.seek(located.content.start)
        inside = _hash_inside(file, located.content.length, signer.digest_name)
        if content is not None and _hash_of(content, signer.digest_name) != inside:
            return b""  # another file than the one inside
        return inside
    if content is None:
        raise usage_error(M("The signature is without its file; name the file first, then the signature."))
    return _hash_of(content, signer.digest_name)


def _hash_inside(file: BinaryIO, length: int, digest_name: Digest) -> bytes:
    """Hash the content of an attached signature from where the file stands."""
    with progress(M("Checking the content"), length) as shown:
        return hash_stream(file, digest_name, length=length, advance=shown.advance)


def _hash_of(content: Path, digest_name: Digest) -> bytes:
    with (
        progress(M("Checking {path}", path=content.name), content.stat().st_size) as shown,
        content.open("rb") as file,
    ):
        return hash_stream(file, digest_name, advance=shown.advance)
