"""Certificates in files of the user's."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final

from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from pathlib import Path

#: The largest bundles in use, those of browsers, have a quarter of this.
_MAX_BYTES: Final = 1024 * 1024
_LABELS: Final = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")


def read_certificate_files(path: Path) -> tuple[bytes, ...]:
    """Read every certificate in a file: one in DER, or one or many in PEM, with whatever stands between them.

    Raises:
        CliError: with exit code 2, not readable or no certificate.
    """
    from jpki_cli.app import refusal

    data = _read(path)
    if isinstance(data, int):  # raised here: the error of the system carries the name
        raise refusal(str(path), data)
    found = tuple(certificate for certificate in _split(data) if _is_certificate(certificate))
    if not found:
        raise usage_error(M("The file {path} does not contain a certificate.", path=path))
    return found


def _is_certificate(data: bytes) -> bool:
    """Whether this program can read it; a bundle may hold others, of old versions of X.509."""
    from jpki.certificate import read_summary
    from jpki.errors import DataError

    try:
        read_summary(data)
    except DataError:
        return False
    return True


def _read(path: Path) -> bytes | int:
    """The file's bytes, or the number of the error."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as exc:
        return exc.errno or errno.EIO


def _split(data: bytes) -> list[bytes]:
    """The objects in a file, whatever they are."""
    from asn1crypto import pem

    if b"-----BEGIN" not in data:
        return [data]
    try:
        objects: Any = pem.unarmor(data, multiple=True)  # typed as one object where several are asked for
        return [der for label, _, der in objects if label in _LABELS]
    except ValueError:
        return []
