"""Verifying a signed file of any size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from jpki.application.cms.content import hash_stream, locate
from jpki.application.cms.signers import read_signers
from jpki.application.cms.verify import verify_signer
from jpki.errors import DataError
from jpki_cli.failures import usage_error
from jpki_cli.i18n import M

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from jpki.application.cms.content import Located
    from jpki.application.cms.signers import Signer
    from jpki.application.cms.verify import SignerReport, Trust
    from jpki.application.digest_info import Digest

_PEM_BEGIN: Final = b"-----BEGIN "


def verify_file(content: Path | None, signature: Path, trust: Trust, *, now: datetime) -> tuple[SignerReport, ...]:
    """Check every signature in a file.

    Args:
        content: the signed file; None where it is inside the signature.
        signature: a CMS SignedData, DER or PEM.
        trust: CA certificates to look for the issuer among.
        now: the instant of looking.

    Raises:
        DataError: the signature file cannot be read as one.
        CliError: exit code 2, the content is neither inside nor beside.
    """
    with signature.open("rb") as opened:
        file, size = _binary(opened, signature.stat().st_size)
        located = locate(file, size)
        signed = read_signers(located.signed_data)
        reports = []
        for signer in signed.signers:
            digest = _digest(signer, located, file, content)
            reports.append(verify_signer(signed, signer, digest, trust, now=now))
    return tuple(reports)


def verify_pdf_file(path: Path, trust: Trust, *, now: datetime) -> tuple[SignerReport, ...]:
    """Check every signature inside a PDF; none where there is none.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        CliError: exit code 2, the PDF cannot be looked at.
    """
    from jpki.application.pdf.verify import verify_pdf
    from jpki_cli.pdf_files import pdf_sentences

    with path.open("rb") as file, pdf_sentences(path, signing=False):
        return verify_pdf(file, trust, now=now)


def _binary(file: BinaryIO, size: int) -> tuple[BinaryIO, int]:
    """Turn PEM into DER; large files are DER."""
    begin = file.read(len(_PEM_BEGIN))
    if begin != _PEM_BEGIN:
        return file, size
    from asn1crypto import pem

    file.seek(0)
    try:
        unarmored: Any = pem.unarmor(file.read())
    except ValueError as exc:
        raise DataError("the file is no PEM") from exc
    der: bytes = unarmored[2]
    return io.BytesIO(der), len(der)


def _digest(signer: Signer, located: Located, file: BinaryIO, content: Path | None) -> bytes | None:
    if signer.digest_name is None:
        return None
    if located.content is not None:
        file.seek(located.content.start)
        inside = hash_stream(file, signer.digest_name, length=located.content.length)
        if content is not None and _hash_of(content, signer.digest_name) != inside:
            return b""  # another file than the one inside
        return inside
    if content is None:
        raise usage_error(M("The signature is without its file; name the file first, then the signature."))
    return _hash_of(content, signer.digest_name)


def _hash_of(content: Path, digest_name: Digest) -> bytes:
    with content.open("rb") as file:
        return hash_stream(file, digest_name)
