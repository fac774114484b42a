"""Signature certificates that the holder wanted programs to see: a file each, readable by this user alone.

The card gives its signature certificate out after the password only, and a program that lists certificates would ask
for it each time. So it is read once, on the holder's wish, and kept here with the fingerprint of its card. It holds
name, address, birth date and sex, and every program of this user can read it from then on.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from jpki.agent.pkcs11 import KeyCertificates

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA: Final = "jpki.signature-certificate/1"
_MAX_FILE: Final = 64 * 1024
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_UNFINISHED: Final = ".new"


class LearnedCertificates:
    """The files in one folder."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self._folder = folder
        self._seen: dict[bytes, tuple[int, KeyCertificates]] = {}

    def find(self, fingerprint: bytes) -> KeyCertificates | None:
        """Return the certificate of the card with this fingerprint; None where none is kept, or it cannot be read."""
        path = self._path(fingerprint)
        try:
            changed = path.stat().st_mtime_ns
            seen = self._seen.get(fingerprint)
            if seen is not None and seen[0] == changed:
                return seen[1]
            with path.open(encoding="ascii") as file:
                found = json.loads(file.read(_MAX_FILE))
            if found["schema"] != _SCHEMA or bytes.fromhex(found["fingerprint"]) != fingerprint:
                return None
            issuer = found["issuer"]
            certificates = KeyCertificates(
                bytes.fromhex(found["certificate"]), None if issuer is None else bytes.fromhex(issuer)
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):  # the last of brackets without end
            return None
        self._seen[fingerprint] = (changed, certificates)
        return certificates

    def keep(self, fingerprint: bytes, certificates: KeyCertificates) -> Path:
        """Write a certificate down, in place of the one before.

        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        path = self._path(fingerprint)
        text = json.dumps(
            {
                "schema": _SCHEMA,
                "fingerprint": fingerprint.hex(),
                "certificate": certificates.certificate.hex(),
                "issuer": None if certificates.issuer is None else certificates.issuer.hex(),
            }
        )
        new = path.with_suffix(_UNFINISHED)
        with suppress(FileNotFoundError):
            new.unlink()
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text)
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        return path

    def forget_all(self) -> int:
        """Remove every certificate; tells how many there were.

        Raises:
            OSError: one cannot be removed.
        """
        found = list(self._folder.glob("*.json")) if self._folder.is_dir() else []
        left = self._folder.glob(f"*{_UNFINISHED}")  # of a remember that was ended amid its writing
        for path in (*found, *left):
            path.unlink()
        self._seen.clear()
        return len(found)

    def count(self) -> int:
        """Count the certificates that are kept."""
        return len(list(self._folder.glob("*.json"))) if self._folder.is_dir() else 0

    def _path(self, fingerprint: bytes) -> Path:
        # The fingerprint holds the serial number of the holder's certificate, which a file's name need not tell.
        return self._folder / f"{sha256(fingerprint).hexdigest()[:32]}.json"
