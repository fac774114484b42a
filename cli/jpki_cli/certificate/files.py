"""Certificates in files of the user's."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final

from jpki_cli.failures.explain import usage_error
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES: Final = 65536


def read_certificate_file(path: Path) -> bytes:
    """Read one certificate, DER or PEM.

    Raises:
        CliError: with exit code 2, not readable or no certificate.
    """
    from jpki.certificate.summary import read_summary
    from jpki.errors import DataError
    from jpki_cli.app.input_files import refusal

    data = _read(path)
    if isinstance(data, int):  # raised here: the error of the system carries the name
        raise refusal(str(path), data)
    try:
        data = _from_pem(data) if b"-----BEGIN" in data else data
        read_summary(data)
    except (DataError, ValueError) as exc:
        raise usage_error(M("The file {path} holds no certificate.", path=path)) from exc
    return data


def _read(path: Path) -> bytes | int:
    """The file's bytes, or the number of the error."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as exc:
        return exc.errno or errno.EIO


def _from_pem(data: bytes) -> bytes:
    from asn1crypto import pem

    unarmored: Any = pem.unarmor(data)
    der: bytes = unarmored[2]
    return der
