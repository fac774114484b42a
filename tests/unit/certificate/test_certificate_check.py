"""Every single defect of a certificate or of its issuer is caught, and named, and nothing else is named with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509

from jpki.certificate.checks import CheckItem, CheckReason, CheckReport, Verdict

_CRITICAL = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.42"), b"\x05\x00"), True)

Check = Callable[..., CheckReport]


def _failed(report: CheckReport) -> list[tuple[str, str]]:
    return [(failure.item.value, failure.reason.value) for failure in report.failures]


@pytest.mark.parametrize("use", ["auth", "sign"])
def test_right_certificate_passes_every_item(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check, use: str
) -> None:
    """A certificate without a defect passes every item but revocation, which is never checked."""
    report = check_pinned(make_holder(use), make_ca(), use)
    assert [result.item for result in report.results] == list(CheckItem)
    assert {result.item for result in report.results if result.verdict is not Verdict.PASS} == {CheckItem.REVOCATION}
    assert report.failures == ()
    pinned = report.result_of(CheckItem.ISSUER_PIN)
    assert pinned is not None
    assert (pinned.reason, pinned.details) == (CheckReason.PINNED, (f"{use}-2099",))


def test_right_ca_certificate_passes_every_item(make_ca: Callable[..., bytes], check_pinned_ca: Check) -> None:
    """A CA's certificate has items of its own, each once, and passes them all but revocation."""
    report = check_pinned_ca(make_ca())
    assert [result.item for result in report.results] == [
        CheckItem.PERIOD,
        CheckItem.ISSUER_PIN,
        CheckItem.ISSUER_KEY,
        CheckItem.SIGNATURE,
        CheckItem.BASIC_CONSTRAINTS,
        CheckItem.KEY_USAGE,
        CheckItem.CRITICAL_EXTENSIONS,
        CheckItem.REVOCATION,
    ]
    assert {result.verdict for result in report.results[:-1]} == {Verdict.PASS}
    assert report.result_of(CheckItem.CA_PERIOD) is None


def test_revocation_is_never_checked(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check, check_pinned_ca: Check
) -> None:
    """Every report says that revocation was not checked, and why."""
    for report in (check_pinned(make_holder(), make_ca()), check_pinned_ca(make_ca())):
        revocation = report.results[-1]
        assert (revocation.item, revocation.verdict) == (CheckItem.REVOCATION, Verdict.NOT_CHECKED)
        assert revocation.reason is CheckReason.CLOSED_SERVICE


def test_no_result_says_valid(make_holder: Callable[..., bytes], make_ca: Callable[..., bytes]) -> None:
    """No item, verdict or reason of a pass claims validity as a whole."""
    words = [member.value for group in (CheckItem, Verdict) for member in group]
    words += [reason.value for reason in CheckReason if reason is not CheckReason.NOT_YET_VALID]
    assert not [word for word in words if "valid" in word]


_HOLDER_DEFECTS: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("auth", {"is_ca": True}, ("basic_constraints", "is_ca")),
    ("auth", {"usages": None}, ("key_usage", "no_key_usage")),
    ("auth", {"usages": ("content_commitment",)}, ("key_usage", "usage_missing")),
    ("sign", {"usages": ("digital_signature",)}, ("key_usage", "usage_missing")),
    ("sign", {"usages": ("content_commitment",)}, ("key_usage", "usage_missing")),
    ("auth", {"usages": ("digital_signature", "key_cert_sign")}, ("key_usage", "ca_usage")),
    ("auth", {"usages": ("digital_signature", "crl_sign")}, ("key_usage", "ca_usage")),
    ("auth", {"purposes": (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1"),)}, ("extended_key_usage", "usage_missing")),
    ("auth", {"policies": ()}, ("policy", "no_policy")),
    ("auth", {"policies": ("1.2.392.200149.8.5.1.1.20",)}, ("policy", "other_policy")),
    ("sign", {"policies": ("1.2.392.200149.8.5.1.3.30",)}, ("policy", "other_policy")),
    ("sign", {"policies": ("1.2.392.200149.8.5.1.0.20",)}, ("policy", "test_policy")),
    ("auth", {"policies": ("1.2.392.200149.8.5.1.31.30",)}, ("policy", "other_policy")),
    ("auth", {"extra": (_CRITICAL,)}, ("critical_extensions", "unknown_critical_extension")),
    ("auth", {"has_authority": False}, ("issuer_key", "no_key_identifier")),
    ("auth", {"unit": "another unit"}, ("issuer_key", "issuer_name_differs")),
]


@pytest.mark.parametrize(("use", "changed", "expected"), _HOLDER_DEFECTS)
def test_each_defect_of_the_certificate_is_named(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    use: str,
    changed: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    """One defect of a holder's certificate fails its own item with its own reason, and no other."""
    assert _failed(check_pinned(make_holder(use, **changed), make_ca(), use)) == [expected]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"key_identifier": bytes(20)}, "key_identifier_differs"),
        ({"key_identifier": None}, "no_key_identifier"),
        ({"authority_cert_serial_number": 7}, "issuer_serial_differs"),
        (
            {"authority_cert_issuer": [x509.DirectoryName(x509.Name([]))]},
            "issuer_name_differs",
        ),
    ],
)
def test_each_part_of_the_authority_key_identifier_counts(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
    changed: dict[str, Any],
    reason: str,
) -> None:
    """Key identifier, issuer and serial number of the authority key identifier each have to be the CA's."""
    ca = make_ca()
    certificate = make_holder(authority=make_authority(ca, **changed))
    assert _failed(check_pinned(certificate, ca)) == [("issuer_key", reason)]


def test_name_of_the_issuer_counts_by_itself(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
) -> None:
    """Where the authority key identifier is right and the issuer's name is not, the name is what fails."""
    ca = make_ca()
    certificate = make_holder(unit="another unit", authority=make_authority(ca))
    assert _failed(check_pinned(certificate, ca)) == [("issuer_key", "issuer_name_differs")]


def test_authority_key_identifier_may_be_the_key_alone(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
) -> None:
    """Issuer and serial number in the authority key identifier are optional (RFC 5280, 4.2.1.1)."""
    ca = make_ca()
    alone = make_authority(ca, authority_cert_issuer=None, authority_cert_serial_number=None)
    assert check_pinned(make_holder(authority=alone), ca).failures == ()


_CA_DEFECTS: list[tuple[dict[str, Any], str, str]] = [
    ({"not_after": datetime(2026, 11, 22, 2, 59, 59, tzinfo=UTC)}, "period", "expired"),
    ({"not_before": datetime(2026, 11, 22, 3, 0, 1, tzinfo=UTC)}, "period", "not_yet_valid"),
    ({"is_ca": None}, "basic_constraints", "not_a_ca"),
    ({"is_ca": False}, "basic_constraints", "not_a_ca"),
    ({"usages": None}, "key_usage", "no_key_usage"),
    ({"usages": ("crl_sign",)}, "key_usage", "usage_missing"),
    ({"extra": (_CRITICAL,)}, "critical_extensions", "unknown_critical_extension"),
]


@pytest.mark.parametrize(("changed", "item", "reason"), _CA_DEFECTS)
def test_each_defect_of_the_issuer_is_named(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    changed: dict[str, Any],
    item: str,
    reason: str,
) -> None:
    """One defect of the CA certificate fails its own item, told from that of the certificate, and no other."""
    assert _failed(check_pinned(make_holder(), make_ca(**changed))) == [(f"ca_{item}", reason)]


@pytest.mark.parametrize(("changed", "item", "reason"), _CA_DEFECTS)
def test_each_defect_of_a_ca_certificate_alone_is_named(
    make_ca: Callable[..., bytes], check_pinned_ca: Check, changed: dict[str, Any], item: str, reason: str
) -> None:
    """The same defects are found in a CA certificate that is looked at by itself."""
    assert _failed(check_pinned_ca(make_ca(**changed))) == [(item, reason)]


def test_ca_without_key_identifier(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check, check_pinned_ca: Check
) -> None:
    """Without the CA's subject key identifier the issuer cannot be told by its key."""
    ca = make_ca(key_identifier=False)
    assert _failed(check_pinned(make_holder(), ca)) == [("issuer_key", "no_key_identifier")]
    assert _failed(check_pinned_ca(ca)) == [("issuer_key", "no_key_identifier")]


@pytest.mark.parametrize(
    ("at", "failures"),
    [
        ("2030-02-17T23:59:59+09:00", []),
        ("2030-02-18T00:00:00+09:00", [("period", "expired")]),
        ("2030-02-17T15:00:00+00:00", [("period", "expired")]),
        ("2025-03-11T01:30:07+09:00", []),
        ("2025-03-11T01:30:06+09:00", [("period", "not_yet_valid")]),
        ("2033-07-16T00:00:00+09:00", [("period", "expired"), ("ca_period", "expired")]),
    ],
)
def test_period_is_checked_to_the_second_of_japan(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    at: str,
    failures: list[tuple[str, str]],
) -> None:
    """The last second of the last day of Japan passes, the next one fails; the CA's period is its own item."""
    assert _failed(check_pinned(make_holder(), make_ca(), at=datetime.fromisoformat(at))) == failures


def test_policy_of_unknown_kind_in_the_right_arc_is_not_judged(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check
) -> None:
    """A policy beside the card's own, as phones may have, neither passes nor fails."""
    report = check_pinned(make_holder("sign", policies=("1.2.392.200149.8.5.1.1.40",)), make_ca(), "sign")
    policy = report.result_of(CheckItem.POLICY)
    assert report.failures == ()
    assert policy is not None
    assert (policy.verdict, policy.reason) == (Verdict.NOT_CHECKED, CheckReason.UNKNOWN_POLICY_OF_KIND)


@pytest.mark.parametrize(
    ("use", "purposes", "verdict", "reason"),
    [
        ("auth", ("1.3.6.1.5.5.7.3.2",), Verdict.PASS, CheckReason.OK),
        ("auth", ("2.5.29.37.0",), Verdict.PASS, CheckReason.OK),
        ("sign", (), Verdict.PASS, CheckReason.UNRESTRICTED),
        ("sign", ("1.3.6.1.5.5.7.3.4",), Verdict.NOT_CHECKED, CheckReason.NOT_IN_PROFILE),
    ],
)
def test_extended_key_usage(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    use: str,
    purposes: tuple[str, ...],
    verdict: Verdict,
    reason: CheckReason,
) -> None:
    """Client authentication or any use passes, none restricts nothing; a sign certificate's, unknown, is not judged."""
    certificate = make_holder(use, purposes=tuple(x509.ObjectIdentifier(oid) for oid in purposes))
    report = check_pinned(certificate, make_ca(), use)
    result = report.result_of(CheckItem.EXTENDED_KEY_USAGE)
    assert report.failures == ()
    assert result is not None
    assert (result.verdict, result.reason) == (verdict, reason)
