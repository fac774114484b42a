"""``jpki verify --extract``: the content inside a signature becomes a file once it is known whose it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from jpki.certificate import Verdict
from jpki.signing.cms import SignatureItem
from jpki_cli.app import OutputTarget
from jpki_cli.failures import EXIT_UNEXPECTED, CliError, Failure, usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jpki.crypto import Digest
    from jpki.signing.cms import Content, SignerReport


def extract_target(name: str) -> OutputTarget:
    """Look at the output before anything is read; it must not exist.

    Raises:
        CliError: exit code 2, it exists, cannot be written, or is standard output, where the verdicts go.
    """
    if name == "-":
        raise usage_error(M("--extract writes a file; the verdicts go to standard output."))
    return OutputTarget(name, force=False, is_binary=True)


def no_content_inside(path: Path) -> CliError:
    """Make the error that says that there is nothing to extract."""
    message = M("There is no content inside the signature {path} that could be written.", path=path)
    return usage_error(message, code="no_content")


def extract(
    file: BinaryIO,
    content: Content,
    digests: Mapping[Digest, bytes],
    reports: Sequence[SignerReport],
    target: OutputTarget,
) -> None:
    """Write the content, if content, signature and issuer of every signature passed; else write nothing.

    Args:
        file: the signature in DER.
        content: where the content stands in it.
        digests: its hashes as they were checked; a file that changed meanwhile makes no output.
        reports: what was found out about each signature.
        target: the new file.

    Raises:
        CliError: it cannot be written, or the file changed.
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
        message = M("The signature changed while its content was being written.")
        raise CliError(Failure(EXIT_UNEXPECTED, "file_changed", message))
