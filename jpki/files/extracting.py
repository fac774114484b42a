"""The content inside a signature becomes a file once it is known whose it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from jpki.certificate.checks import Verdict
from jpki.errors import FileError
from jpki.signing.cms import SignatureItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jpki.crypto import Digest
    from jpki.signing.cms import Content, SignerReport

    from .target import FileTarget


def extract(
    file: BinaryIO,
    content: Content,
    digests: Mapping[Digest, bytes],
    reports: Sequence[SignerReport],
    target: FileTarget,
) -> None:
    """Write the content, if content, signature and issuer of every signature passed; else write nothing.

    Args:
        file: the signature in DER.
        content: where the content is in it.
        digests: its hashes as they were checked; a file that changed meanwhile makes no output.
        reports: what was found out about each signature.
        target: the new file.

    Raises:
        FileError: it cannot be written, or the file changed.
    """
    if all(_has_passed(report) for report in reports):
        target.write_pieces(_pieces(file, content, digests))


def _has_passed(report: SignerReport) -> bool:
    good = {result.item for result in report.results if result.verdict is Verdict.PASS}
    return report.is_signer_confirmed and good.issuperset({SignatureItem.CONTENT, SignatureItem.COVERAGE})


def _pieces(file: BinaryIO, content: Content, digests: Mapping[Digest, bytes]) -> Iterator[bytes]:
    hashes = {name: hashlib.new(name.value) for name in digests}
    for piece in content.pieces(file):
        for digest in hashes.values():
            digest.update(piece)
        yield piece
    if any(hashes[name].digest() != digest for name, digest in digests.items()):
        raise FileError("signature_changed", None)
