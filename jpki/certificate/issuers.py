"""The CA certificates that come along with the library, and where else an issuer is looked for.

They are public files of J-LIS, and each is compared with its pin (:mod:`jpki.certificate.trust`) before it is used. Of
auth-2019 only the fingerprint is known from more than a copy, so its certificate has to come from a card or a file.
"""

from __future__ import annotations

import functools
import hashlib
import pkgutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from jpki.errors import CertificateError

from .summary import read_summary
from .trust import KNOWN_ISSUERS, known_issuer

if TYPE_CHECKING:
    from collections.abc import Collection

#: The day on which the list of J-LIS's CA certificates was last looked through (docs/certificates.md, 1.3).
LIST_DATE: Final = date(2026, 11, 22)
_NOT_SHIPPED: Final = frozenset({"auth-2019"})


@functools.cache
def shipped_certificates() -> tuple[bytes, ...]:
    """The CA certificates of J-LIS in DER, as they lie in ``jpki/certificate/ca``.

    Raises:
        CertificateError: a file is not the one that its pin names.
    """
    found = []
    for pin in KNOWN_ISSUERS:
        if pin.label in _NOT_SHIPPED:
            continue
        data = pkgutil.get_data("jpki.certificate", f"ca/{pin.label}.der") or b""
        if known_issuer(data) is not pin:
            raise CertificateError(f"the file of the CA certificate {pin.label} is not the one that is known")
        found.append(data)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Issuers:
    """CA certificates besides those of J-LIS that come along.

    ``certificates`` are looked among, and count only if they are pinned or accepted. ``test`` are TEST issuers that the
    caller accepts (those of the simulator). ``accepted`` are SHA-256 of further CA certificates that the caller has
    compared with what J-LIS publishes: a generation that is newer than this library.
    """

    certificates: tuple[bytes, ...] = ()
    test: tuple[bytes, ...] = ()
    accepted: frozenset[bytes] = frozenset()

    def find(self, certificate: bytes, others: Collection[bytes] = ()) -> bytes | None:
        """Find the CA certificate whose key a certificate names as its issuer's, one that counts before any other.

        Args:
            certificate: a holder's certificate.
            others: further certificates to look among, such as those inside a signature.

        Raises:
            CertificateError: ``certificate`` cannot be read.
        """
        candidates = matching(certificate, (*shipped_certificates(), *self.test, *self.certificates, *others))
        return next((candidate for candidate in candidates if self.is_anchor(candidate)), next(iter(candidates), None))

    def is_anchor(self, certificate: bytes) -> bool:
        """Whether a CA certificate is pinned or accepted."""
        if known_issuer(certificate) is not None or certificate in self.test:
            return True
        return hashlib.sha256(certificate).digest() in self.accepted


def matching(certificate: bytes, candidates: Collection[bytes]) -> tuple[bytes, ...]:
    """Those CA certificates whose key a certificate names as its issuer's.

    Raises:
        CertificateError: ``certificate`` cannot be read.
    """
    wanted = read_summary(certificate).issuer_key_identifier
    if wanted is None:
        return ()
    return tuple(found for found in candidates if found != certificate and _key_identifier(found) == wanted)


@functools.lru_cache(maxsize=64)
def _key_identifier(certificate: bytes) -> bytes | None:
    """The key identifier of a CA certificate; None if it cannot be read."""
    try:
        return read_summary(certificate).subject_key_identifier
    except CertificateError:
        return None
