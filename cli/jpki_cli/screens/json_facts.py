"""Parts of JSON objects that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from jpki.advice import Advice
    from jpki.card import CertificateStatus, PinStatus


def pin_facts(status: PinStatus) -> dict[str, object]:
    """One entry of ``pins``."""
    facts: dict[str, object] = {
        "pin": status.name,
        "state": status.state.value,
        "retries_remaining": status.retries_remaining,
        "retry_limit": status.retry_limit,
        "status_word": None if status.sw is None else f"{status.sw:04X}",
    }
    if status.lacks_certificate:
        facts["in_use"] = False
    if status.copies:
        facts["copies"] = list(status.copies)
    return facts


_REASONS = {
    "needs_signature_password": M("needs the signature password"),
    "needs_auth_pin": M("needs the user certificate PIN"),
    "missing": M("on the card as it says, but it has no such file"),
    "unreadable": M("the card gave out something that is no certificate"),
    "refused": M("the card does not give it out"),
}


def certificate_facts(status: CertificateStatus) -> dict[str, object]:
    """One entry of ``certificates``."""
    facts: dict[str, object] = {"kind": status.kind.value, "present": status.is_present}
    if status.is_present is False:
        return facts
    period = status.period
    if period is None:
        facts |= {"state": "unknown", "reason": status.reason}
        if status.reason is not None:
            facts["reason_text"] = _REASONS[status.reason].both()
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


def advice_facts(found: Iterable[Advice]) -> list[dict[str, object]]:
    """Say advice in JSON."""
    return [
        {
            "code": a.code,
            "pin": a.pins[0] if len(a.pins) == 1 else None,
            "pins": list(a.pins),
            "certificate": a.certificates[0] if len(a.certificates) == 1 else None,
            "certificates": list(a.certificates),
            "topic": a.rule.topic,
            "text": a.message.both(),
        }
        for a in found
    ]
