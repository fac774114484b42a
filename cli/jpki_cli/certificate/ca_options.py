"""Options that say which issuers count besides those of J-LIS that come along: ``--ca`` and ``--issuer-sha256``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki_cli.app import Option
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.certificate import Issuers

_SHA256_BYTES: Final = 32
#: What was meant for a hash; longer than any password of the card.
_LIKE_A_HASH: Final = re.compile(r"[0-9A-Fa-f:]{17,}")


def issuer_options() -> tuple[Option, ...]:
    """Make the two options; a command takes their values as ``ca`` and ``issuer_sha256``."""
    return (
        Option(
            ["--ca"],
            metavar="FILE",
            multiple=True,
            help=M("A file with one or more CA certificates; each is used only if it is a J-LIS one or accepted."),
        ),
        Option(
            ["--issuer-sha256"],
            metavar="HEX",
            multiple=True,
            help=M("Accept the CA certificate with this SHA-256; first compare it with what J-LIS publishes."),
        ),
    )


def read_issuers(ca: Sequence[str], issuer_sha256: Sequence[str], *, test: tuple[bytes, ...] = ()) -> Issuers:
    """Read the files and fingerprints; ``test`` are TEST issuers that count too.

    Raises:
        CliError: exit code 2, a file has no certificate, or a fingerprint is malformed.
    """
    from jpki.certificate import Issuers

    from .files import read_certificate_files

    named = tuple(certificate for name in ca for certificate in read_certificate_files(Path(name)))
    return Issuers(named, test, frozenset(_fingerprint(text) for text in issuer_sha256))


def simulated_issuers() -> tuple[bytes, ...]:
    """The issuers of the simulated cards."""
    from jpki_sim.pki import anchors

    return anchors()


def read_expected_signer(text: str) -> bytes:
    """Read who is expected: the SHA-256 of a certificate or of its key, or that of a certificate in a file.

    Raises:
        CliError: exit code 2, neither.
    """
    import hashlib

    from .files import read_certificate_files

    value = _hex(text)
    if len(value) == _SHA256_BYTES:
        return value
    if not text or (_LIKE_A_HASH.fullmatch(text) and not Path(text).exists()):
        raise usage_error(M("A SHA-256 value has 64 hex digits."))
    return hashlib.sha256(read_certificate_files(Path(text))[0]).digest()


def _fingerprint(text: str) -> bytes:
    value = _hex(text)
    if len(value) != _SHA256_BYTES:
        raise usage_error(M("A SHA-256 value has 64 hex digits."))
    return value


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", ""))
    except ValueError:
        return b""
