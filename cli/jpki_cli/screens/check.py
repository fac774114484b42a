"""The screen and the JSON object of ``jpki cert check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.certificate import LIST_DATE, CheckItem, Verdict, in_japan
from jpki.words import CERTIFICATES
from jpki_cli.terminal import colour, described, pad, width, wrap
from jpki_cli.words import REVOCATION, M, Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jpki.certificate import CheckReport, CheckResult

_ITEMS: Final = {
    "period": M("Period"),
    "issuer_pin": M("Issuer is known"),
    "issuer_key": M("Issued with the issuer's key"),
    "signature": M("Signature of the issuer"),
    "basic_constraints": M("It is no CA certificate"),
    "key_usage": M("Key usage"),
    "extended_key_usage": M("Extended key usage"),
    "policy": M("Policy"),
    "critical_extensions": M("Critical extensions"),
    "ca_period": M("Issuer: period"),
    "ca_signature": M("Issuer: its own signature"),
    "ca_basic_constraints": M("Issuer: is a CA"),
    "ca_key_usage": M("Issuer: key usage"),
    "ca_critical_extensions": M("Issuer: critical extensions"),
    "revocation": M("Revocation"),
}
VERDICTS: Final = {
    Verdict.PASS: M("passed"),
    Verdict.FAIL: M("FAILED"),
    Verdict.NOT_CHECKED: M("not checked"),
}
VERDICT_COLOURS: Final = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.NOT_CHECKED: "yellow"}
_REASONS: Final = {
    "ok": M("as it should be"),
    "expired": M("the period is over"),
    "not_yet_valid": M("the period has not begun; is this computer's date right?"),
    "pinned": M("the J-LIS certificate {details}"),
    "test_issuer": M("a TEST issuer; nothing real"),
    "unknown_issuer": M(
        "not issued by a J-LIS root known to this program; it may be newer than this program, whose list is of {date}"
    ),
    "accepted_issuer": M("a CA certificate that you accepted by its fingerprint"),
    "not_issued_with_its_key": M("the root is known, but the certificate was not issued with its key"),
    "issuer_of_other_kind": M("a J-LIS root, but the one of the other kind of certificate"),
    "no_ca_certificate": M("the issuer's certificate is not there"),
    "ca_unreadable": M("the issuer's certificate cannot be read"),
    "no_key_identifier": M("it does not name its issuer's key"),
    "key_identifier_differs": M("it names another key as its issuer's"),
    "issuer_name_differs": M("it names another issuer"),
    "issuer_serial_differs": M("it names another certificate of its issuer"),
    "algorithms_differ": M("the signature algorithm is named in two ways"),
    "algorithm_not_accepted": M("a signature algorithm that is not accepted"),
    "key_not_accepted": M("a key that is not accepted"),
    "bad_signature": M("the signature does not match"),
    "is_ca": M("it says of itself that it is a CA"),
    "not_a_ca": M("it does not say of itself that it is a CA"),
    "no_key_usage": M("it says nothing of the use of its key"),
    "usage_missing": M("a use is missing: {details}"),
    "ca_usage": M("it has the use of a CA"),
    "unrestricted": M("not restricted"),
    "not_in_profile": M("this kind of certificate has none"),
    "no_policy": M("it names no policy"),
    "test_policy": M("a TEST policy"),
    "other_policy": M("the policy of something else: {details}"),
    "unknown_policy_of_kind": M("an unknown policy of this kind: {details}"),
    "login_policy": M("the one of certificates for logging in, not for signing documents"),
    "unknown_critical_extension": M("unknown: {details}"),
    "closed_service": M("only the authorities' services can tell"),
}
_END_RULES: Final = {
    "fifth_birthday": M("the fifth birthday after issue"),
    "sixth_birthday": M("the sixth birthday after issue (renewed in time)"),
    "card_expiry": M("the end of the card"),
    "auth_certificate": M("the end of the user certificate"),
}


def reason_text(result: CheckResult) -> Message:
    """Say why an item has its verdict."""
    details = ", ".join(result.details)
    return _REASONS[result.reason.value].with_values(details=details, date=LIST_DATE.isoformat())


def facts(report: CheckReport, at: datetime, ends_with: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the JSON object's members."""
    return {
        "at": in_japan(at).isoformat(timespec="seconds"),
        "results": [
            {
                "item": result.item.value,
                "verdict": result.verdict.value,
                "reason": result.reason.value,
                "details": list(result.details),
                "text": reason_text(result).both(),
            }
            for result in report.results
        ],
        "ends_with": None if ends_with is None else list(ends_with),
    }


def item_text(report: CheckReport, result: CheckResult) -> Message:
    """Name an item; a CA certificate is to be what a holder's must not be."""
    if report.kind.value.endswith("-ca") and result.item is CheckItem.BASIC_CONSTRAINTS:
        return M("It is a CA certificate")
    return _ITEMS[result.item.value]


def verdict_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out verdict, item and reason; a reason that is too long for the screen goes on below itself."""
    columns = max(width(verdict) for verdict, _, _ in rows)
    return described([(f"{pad(verdict, columns)}  {item}", reason) for verdict, item, reason in rows])


def render(report: CheckReport, ends_with: tuple[str, ...] | None) -> str:
    """Return the screen."""
    rows = [
        [
            colour(str(VERDICTS[result.verdict]), VERDICT_COLOURS[result.verdict]),
            str(item_text(report, result)),
            str(reason_text(result)),
        ]
        for result in report.results
    ]
    lines = [str(CERTIFICATES[report.kind.value]), *verdict_lines(rows)]
    if ends_with is not None:
        lines.append(wrap(str(_end_sentence(ends_with))))
    lines.append(wrap(str(REVOCATION)))
    return "\n".join(lines) + "\n"


def _end_sentence(ends_with: tuple[str, ...]) -> Message:
    if not ends_with:
        return M("Which rule names its last day is not known from what was read.")
    first = _END_RULES[ends_with[0]]
    if len(ends_with) == 1:
        return M("Its last day is {rule}.", rule=first)
    return M("Its last day is {rule}, and {other}.", rule=first, other=_END_RULES[ends_with[1]])
