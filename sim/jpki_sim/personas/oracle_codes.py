"""The codes of the online service that says what is known of a certificate (docs/certificates.md, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GOOD: Final = 200
EXPIRED: Final = 602
REVOKED: Final = 607
ON_HOLD: Final = 613
NOT_YET_VALID: Final = 709


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the own-certificate check, its official name, and what it means as read from that name."""

    number: int
    name: str
    meaning: str


CODES: Final[dict[int, Code]] = {
    number: Code(number, name, meaning)
    for number, name, meaning in (
        (GOOD, "CONFIRM_OK", "good"),
        (600, "SERVER_VERIFY_ERROR", "the signature check failed"),
        (601, "SERVER_APPLY_ERROR", "application error"),
        (EXPIRED, "SERVER_EXPIRED_ERROR", "expired"),
        (603, "SERVER_DATA_ERROR", "bad data"),
        (604, "SERVER_ISSUER_ERROR", "bad issuer"),
        (605, "SERVER_VALIDITY_ERROR", "bad period"),
        (606, "SERVER_OCSP_ERROR", "the responder has a problem"),
        (REVOKED, "SERVER_REVOKED_ERROR", "revoked"),
        (608, "SERVER_APPLYED_ERROR", "already applied for"),
        (609, "SERVER_DB_ERROR", "the service's database has a problem"),
        (611, "SERVER_JAM_ERROR", "the service is congested"),
        (612, "SERVER_OTHER_ERROR", "another problem of the service"),
        (ON_HOLD, "SERVER_HOLD_ERROR", "temporarily suspended"),
        (622, "SERVER_CERT_UNMATCH_ERROR", "the certificates do not match"),
        (708, "CLIENT_EXPIRED_ERROR", "expired, found without the service"),
        (NOT_YET_VALID, "CLIENT_NOT_YET_VALID", "not yet valid, found without the service"),
    )
}
