"""Parts of JSON objects that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words import Unread
from jpki_cli.words import M

if TYPE_CHECKING:
    from datetime import date

    from jpki.card import CertificateStatus


_REASONS = {
    Unread.NEEDS_SIGNATURE_PASSWORD: M("needs the signature password"),
    Unread.NEEDS_AUTH_PIN: M("needs the user certificate PIN"),
    Unread.MISSING: M("the card says that it has it, but has no such file"),
    Unread.UNREADABLE: M("what was read from the card is not a certificate"),
    Unread.REFUSED: M("the card does not let it be read"),
}


def certificate_facts(status: CertificateStatus) -> dict[str, object]:
    """One entry of ``certificates``."""
    facts: dict[str, object] = {"kind": status.kind.value, "present": status.is_present}
    if status.is_present is False:
        return facts
    period = status.period
    if period is None:
        facts |= {"state": "unknown", "reason": None}
        if status.reason is not None:
            facts |= {"reason": status.reason.value, "reason_text": _REASONS[status.reason].both()}
        return facts
    return facts | {
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
