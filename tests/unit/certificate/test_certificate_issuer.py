"""An issuer is one of those that are known, or a TEST issuer that the caller accepts, or none."""

from collections.abc import Callable
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from jpki.certificate.checks import CheckItem, CheckReason, CheckReport, Verdict, check
from jpki.errors import CertificateError
from jpki.identifiers import CertificateKind

Check = Callable[..., CheckReport]


def _failed(report: CheckReport) -> list[tuple[str, str]]:
    return [(failure.item.value, failure.reason.value) for failure in report.failures]


def test_issuer_that_is_not_pinned(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], at: datetime
) -> None:
    """A TEST issuer and an unknown one fail with their own reasons, though every signature is right."""
    for organisation, reason in (
        ("JPKI-SIM TEST", "test_issuer"),
        ("JPKI-TEST", "test_issuer"),
        ("JPKI", "unknown_issuer"),
        ("ELSEWHERE", "unknown_issuer"),
    ):
        certificate, ca = make_holder(organisation=organisation), make_ca(organisation=organisation)
        assert _failed(check(certificate, ca, at, kind=CertificateKind.AUTH)) == [("issuer_pin", reason)]
        assert _failed(check(ca, None, at, kind=CertificateKind.AUTH_CA)) == [("issuer_pin", reason)]


def test_test_anchor_is_accepted_where_the_caller_says_so(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], other_ca_key: rsa.RSAPrivateKey, at: datetime
) -> None:
    """An anchor given by the caller passes as a TEST issuer, never as one of J-LIS; another anchor does not help."""
    certificate, ca = make_holder(), make_ca()
    report = check(certificate, ca, at, kind=CertificateKind.AUTH, test_anchors=(ca,))
    pinned = report.result_of(CheckItem.ISSUER_PIN)
    assert pinned is not None
    assert (pinned.verdict, pinned.reason, pinned.details) == (Verdict.PASS, CheckReason.TEST_ISSUER, ("test",))
    assert report.failures == ()
    other = make_ca(key=other_ca_key)
    assert _failed(check(certificate, ca, at, kind=CertificateKind.AUTH, test_anchors=(other,))) == [
        ("issuer_pin", "test_issuer")
    ]


def test_issuer_of_the_other_kind(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], pin: Callable[..., None], at: datetime
) -> None:
    """The CA of the one kind of certificates is no issuer of the other kind."""
    ca = make_ca()
    pin(ca, "sign-2099")
    assert _failed(check(make_holder(), ca, at, kind=CertificateKind.AUTH)) == [("issuer_pin", "issuer_of_other_kind")]
    assert _failed(check(ca, None, at, kind=CertificateKind.AUTH_CA)) == [("issuer_pin", "issuer_of_other_kind")]


@pytest.mark.parametrize(
    ("ca", "reason"), [(None, "no_ca_certificate"), (b"", "ca_unreadable"), (b"\x30\x00", "ca_unreadable")]
)
def test_without_a_ca_certificate_nothing_is_known_of_the_issuer(
    make_holder: Callable[..., bytes], at: datetime, ca: bytes | None, reason: str
) -> None:
    """Without a CA certificate that can be read, the issuer fails and what depends on it is not checked."""
    report = check(make_holder(), ca, at, kind=CertificateKind.AUTH)
    assert _failed(report) == [("issuer_pin", reason)]
    unchecked = [result for result in report.results if result.verdict is Verdict.NOT_CHECKED]
    assert {result.item for result in unchecked} == {
        CheckItem.ISSUER_KEY,
        CheckItem.SIGNATURE,
        *(item for item in CheckItem if item.value.startswith("ca_")),
        CheckItem.REVOCATION,
    }
    assert [result.item for result in report.results] == list(CheckItem)


def test_certificate_that_cannot_be_read_is_an_error(make_ca: Callable[..., bytes], at: datetime) -> None:
    """There is no report over something that is no certificate."""
    with pytest.raises(CertificateError):
        check(b"\x30\x00", make_ca(), at, kind=CertificateKind.AUTH)


def test_instant_without_a_time_zone_is_refused(make_holder: Callable[..., bytes]) -> None:
    """The instant must be one, wherever it is told."""
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 - that it is refused is what is tested
    with pytest.raises(ValueError, match="time zone"):
        check(make_holder(), None, naive, kind=CertificateKind.AUTH)
