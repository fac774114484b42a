"""Parts of JSON objects that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words import Unread
from jpki_cli.words import M

if TYPE_CHECKING:
    from datetime import date

    from jpki.card import CertificateStatus
    from jpki_cli.results.card import StatusCertificate


_REASONS = {
    Unread.NEEDS_SIGNATURE_PASSWORD: M("needs the signature password"),
    Unread.NEEDS_AUTH_PIN: M("needs the user certificate PIN"),
    Unread.MISSING: M("the card says that it has it, but has no such file"),
    Unread.UNREADABLE: M("what was read from the card is not a certificate"),
    Unread.REFUSED: M("the card does not let it be read"),
}


def certificate_facts(status: CertificateStatus) -> StatusCertificate:
    """One entry of ``certificates``."""
    kind, is_present, period = status.kind.value, status.is_present, status.period
    if is_present is False:
        return {"kind": kind, "present": is_present}
    if period is None:
        reason = status.reason or Unread.UNREADABLE
        return {
            "kind": kind,
            "present": is_present,
            "state": "unknown",
            "reason": reason.value,
            "reason_text": _REASONS[reason].both(),
        }
    return {
        "kind": kind,
        "present": is_present,
        "not_before": period.not_before.isoformat(),
        "not_after": period.not_after.isoformat(),
        "state": period.state.value,
        "days_left": period.days_left,
        "renewable_from": period.renewable_from.isoformat(),
        "issuer": status.issuer,
        "revocation": "not_checked",
    }


def day(value: date | None) -> str | None:
    """A date in ISO 8601, or null."""
    return None if value is None else value.isoformat()
