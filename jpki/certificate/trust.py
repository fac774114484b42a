"""The CA certificates of J-LIS that are known: two CAs, three generations each (docs/certificates.md, 1.3).

All generations of a CA have the same name, so an issuer is recognised by the identifier of its key and proved by its
signature, never by its name. The copy on the card is not a proof of anything by itself: whoever makes a card writes it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .summary import CertificateSummary

#: The label of an issuer of simulated cards, in the place of a generation.
TEST_LABEL: Final = "test"
_ORGANISATION: Final = "JPKI"
_TEST_MARK: Final = "TEST"
_END_OF_DAY: Final = " 14:59:59"


class Confidence(enum.Enum):
    """How well the bytes behind a pin are known to be those that J-LIS publishes."""

    SEVERAL_SOURCES = "several_sources"  # the same bytes from projects that do not depend on each other
    SINGLE_SOURCE = "single_source"  # bytes from one project only


@dataclass(frozen=True, slots=True)
class KnownIssuer:
    """A CA certificate that is known; times are in UTC, ``key_identifier`` is its subject key identifier.

    ``label`` is what users see: the use and the year of the generation, ``auth-2023``.
    """

    label: str
    certificate_sha256: bytes
    public_key_sha256: bytes
    key_identifier: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    provenance: str
    confidence: Confidence

    @property
    def use(self) -> str:
        """Which of the two CAs: ``auth`` or ``sign``."""
        return self.label.partition("-")[0]


_SEVERAL: Final = Confidence.SEVERAL_SOURCES
_SINGLE: Final = Confidence.SINGLE_SOURCE
_MYNA: Final = "github.com/jpki/myna, src/ta"
_NUNNUN: Final = "github.com/nunnun/jpki-local-signer, TrustAnchors"
_HITACHI: Final = "github.com/Hitachi/ImmutableStorage 788df79, server"

# label, certificate SHA-256, public key SHA-256, key identifier, serial, not before, last day, provenance, confidence
_TABLE: Final = (
    (
        "sign-2015",
        "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355",
        "1e72c29c1d990fa8c00395f1380dbb174ac25d9b4fa610344c020b5fbf3ad23a",
        "0D034CBB34D0714F45E45A1CAFD8FD143FAB54A7",
        1,
        "2015-10-20 02:40:28",
        "2025-10-19",
        f"{_MYNA}; {_NUNNUN}; {_HITACHI}",
        _SEVERAL,
    ),
    (
        "sign-2019",
        "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb",
        "dc3961b11b8b4d37e687b3242f75849b29c7da71ca2b55b90df4e0a03b7d5a1d",
        "4DE017DE4B7F473DCD867A62D38B134ACE83558A",
        0x0132C4AB,
        "2019-09-14 23:41:56",
        "2029-09-14",
        f"{_NUNNUN}; {_HITACHI}",
        _SEVERAL,
    ),
    (
        "sign-2023",
        "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f",
        "96859c8794dd919172cccee9e35c1d93e0bdc4298164c24be946886165daaff9",
        "D21EA55895617E93ADBF966B941AB4EDF653F08F",
        0x067C6A21,
        "2023-07-16 00:50:27",
        "2033-07-15",
        f"{_MYNA}; {_NUNNUN}",
        _SEVERAL,
    ),
    (
        "auth-2015",
        "4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d",
        "ca1b80dbe6eb2040d8258ec96474febfd3b8764526a1cb6a90aa0a80426f43b0",
        "9567951B5CA70D84A0FFF1D85A87F1AAB1340385",
        1,
        "2015-10-20 03:08:13",
        "2025-10-19",
        f"{_MYNA}; {_HITACHI}",
        _SEVERAL,
    ),
    (
        "auth-2019",
        "0d98de47fc11b7f67126874b7028b6026a803d2638d6edfe53176953961fade6",
        "7cafb046dca6d458982d2b9683ebae9b024d9b37832adb3c2e3f4a44cac30912",
        "8CD5586A891485E559379B7E29D410CFD28B3593",
        0x0133C349,
        "2019-09-14 23:41:59",
        "2029-09-14",
        _HITACHI,
        _SINGLE,
    ),
    (
        "auth-2023",
        "64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5",
        "22fc93a11eb272bcb3d2586a8f2db8d2aa60c7c2a2e7621a03dbab0c8e5ab57a",
        "1AC100F596A3BC8C4B3DF195E32699249E9E308A",
        0x06D18006,
        "2023-07-16 01:01:04",
        "2033-07-15",
        _MYNA,
        _SINGLE,
    ),
)

#: The CA certificates of J-LIS. Before a release they are to be compared with the fingerprints that J-LIS publishes.
KNOWN_ISSUERS: Final = tuple(
    KnownIssuer(
        label,
        bytes.fromhex(certificate_sha256),
        bytes.fromhex(public_key_sha256),
        bytes.fromhex(key_identifier),
        serial,
        datetime.fromisoformat(not_before).replace(tzinfo=UTC),
        datetime.fromisoformat(last_day + _END_OF_DAY).replace(tzinfo=UTC),
        provenance,
        confidence,
    )
    for (
        label,
        certificate_sha256,
        public_key_sha256,
        key_identifier,
        serial,
        not_before,
        last_day,
        provenance,
        confidence,
    ) in _TABLE
)


def issuer_of(key_identifier: bytes | None) -> KnownIssuer | None:
    """The known CA whose key a certificate names as its issuer's: what it claims, not what is proved."""
    return next((pin for pin in KNOWN_ISSUERS if pin.key_identifier == key_identifier), None)


def known_issuer(certificate: bytes) -> KnownIssuer | None:
    """The known CA certificate that these bytes are, by SHA-256."""
    import hashlib

    digest = hashlib.sha256(certificate).digest()
    return next((pin for pin in KNOWN_ISSUERS if pin.certificate_sha256 == digest), None)


def is_test_issuer(organisations: Iterable[str]) -> bool:
    """Whether an issuer calls itself a TEST version of JPKI.

    J-LIS's own test cards say ``JPKI-TEST``, the simulated cards of this project ``JPKI-SIM TEST``
    (docs/certificates.md, 1.4).
    """
    return any(name.startswith(_ORGANISATION) and _TEST_MARK in name for name in organisations)


def issuer_label(certificate: CertificateSummary) -> str | None:
    """The issuer that a certificate claims: a pin's label, ``test`` for a TEST issuer, None for any other.

    A certificate that names the key of J-LIS and not its organisation has no J-LIS label.
    """
    if is_test_issuer(certificate.issuer_organisations):
        return TEST_LABEL
    if certificate.issuer_organisations != (_ORGANISATION,):
        return None
    pin = issuer_of(certificate.issuer_key_identifier)
    return None if pin is None else pin.label
