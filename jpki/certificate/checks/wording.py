"""What a look at a certificate finds, in words: items, verdicts and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate.issuers import LIST_DATE
from jpki.words import M, Message

from .results import CheckItem, Verdict

if TYPE_CHECKING:
    from .results import CheckReport, CheckResult

_ITEMS: Final = {
    "period": M("Period"),
    "issuer_pin": M("Issuer is known"),
    "issuer_key": M("Issued with the issuer's key"),
    "signature": M("Signature of the issuer"),
    "basic_constraints": M("It is not a CA certificate"),
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
#: The words for what one check of a certificate found.
VERDICTS: Final = {
    Verdict.PASS: M("passed"),
    Verdict.FAIL: M("FAILED"),
    Verdict.NOT_CHECKED: M("not checked"),
}
_REASONS: Final = {
    "ok": M("as expected"),
    "expired": M("the period has ended"),
    "not_yet_valid": M("the period has not started; is the date of this computer correct?"),
    "pinned": M("the J-LIS certificate {details}"),
    "test_issuer": M("a TEST issuer, not a real one"),
    "unknown_issuer": M(
        "not issued by a J-LIS root known to this program; the root may be newer than this program's list ({date})"
    ),
    "accepted_issuer": M("a CA certificate that you accepted by its fingerprint"),
    "not_issued_with_its_key": M("the root is known, but the certificate was not issued with its key"),
    "issuer_of_other_kind": M("a J-LIS root, but for the other kind of certificate"),
    "no_ca_certificate": M("the issuer's certificate is missing"),
    "ca_unreadable": M("the issuer's certificate cannot be read"),
    "no_key_identifier": M("it does not name its issuer's key"),
    "key_identifier_differs": M("it names another key as its issuer's key"),
    "issuer_name_differs": M("it names another issuer"),
    "issuer_serial_differs": M("it names another certificate of its issuer"),
    "algorithms_differ": M("the two names of the signature algorithm do not agree"),
    "algorithm_not_accepted": M("a signature algorithm that is not accepted"),
    "key_not_accepted": M("a key that is not accepted"),
    "bad_signature": M("the signature does not match"),
    "is_ca": M("it states that it is a CA"),
    "not_a_ca": M("it does not state that it is a CA"),
    "no_key_usage": M("it does not state the use of its key"),
    "usage_missing": M("a use is missing: {details}"),
    "ca_usage": M("it has the key usage of a CA"),
    "unrestricted": M("not restricted"),
    "not_in_profile": M("this kind of certificate has none"),
    "no_policy": M("it names no policy"),
    "test_policy": M("a TEST policy"),
    "other_policy": M("a policy for something else: {details}"),
    "unknown_policy_of_kind": M("an unknown policy for this kind of certificate: {details}"),
    "login_policy": M("the root of certificates for logging in, not for signing documents"),
    "unknown_critical_extension": M("unknown: {details}"),
    "closed_service": M("only the authorities' services can check this"),
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


def item_text(report: CheckReport, result: CheckResult) -> Message:
    """Name an item; a CA certificate is to be what a holder's must not be."""
    if report.kind.is_ca and result.item is CheckItem.BASIC_CONSTRAINTS:
        return M("It is a CA certificate")
    return _ITEMS[result.item.value]


def end_sentence(ends_with: tuple[str, ...]) -> Message:
    """Say which rule names the last day, of those that fit it."""
    if not ends_with:
        return M("What was read does not show which rule sets its last day.")
    first = _END_RULES[ends_with[0]]
    if len(ends_with) == 1:
        return M("Its last day is {rule}.", rule=first)
    return M("Its last day is {rule}, and {other}.", rule=first, other=_END_RULES[ends_with[1]])
