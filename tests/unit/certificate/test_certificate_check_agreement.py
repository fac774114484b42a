"""Certificates of simulated cards, OpenSSL and cryptography agree with what is checked here."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from jpki.certificate import split
from jpki.certificate.checks import CheckItem, CheckReport, Verdict, check
from jpki.identifiers import CertificateKind
from jpki_sim.model import CardFile
from jpki_sim.pki import ISSUERS, anchors

_NEEDS_OPENSSL = pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL's program is not installed")
_CRITICAL = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.42"), b"\x05\x00"), True)
_KINDS = {"auth": CertificateKind.AUTH, "sign": CertificateKind.SIGN}
_CA_KINDS = {"auth": CertificateKind.AUTH_CA, "sign": CertificateKind.SIGN_CA}

Check = Callable[..., CheckReport]


def _failed(report: CheckReport) -> list[tuple[str, str]]:
    return [(failure.item.value, failure.reason.value) for failure in report.failures]


_PERSONA_FAILURES = {
    "root-2015/auth": {("period", "expired"), ("ca_period", "expired")},
    "root-2015/sign": {("period", "expired"), ("ca_period", "expired")},
    "foreign-root/auth": {("issuer_pin", "unknown_issuer")},
    "foreign-root/sign": {("issuer_pin", "unknown_issuer")},
    "test-root/auth": {("issuer_pin", "test_issuer")},
    "test-root/sign": {("issuer_pin", "test_issuer"), ("policy", "test_policy")},
    "bad-signature/auth": {("signature", "bad_signature")},
    "no-policy/auth": {("policy", "no_policy")},
    "no-key-usage/auth": {("key_usage", "no_key_usage")},
    "unknown-critical-extension/auth": {("critical_extensions", "unknown_critical_extension")},
    "expired/auth": {("period", "expired")},
    "adult/auth": set(),
    "adult/sign": set(),
    "root-2019/auth": set(),
    "child/auth": set(),
    "swapped-san-order/sign": set(),
}


def _check_persona(cards: dict[str, CardFile], certificates: dict[str, bytes], name: str) -> CheckReport:
    persona, _, use = name.partition("/")
    entry = cards[persona].certificates[use]
    assert entry is not None
    issuer = ISSUERS[entry.issuer].certificate
    instant = datetime(2026, 11, 22, 6, tzinfo=UTC)
    return check(certificates[name], issuer, instant, kind=_KINDS[use], test_anchors=anchors())


@pytest.mark.parametrize("name", _PERSONA_FAILURES)
def test_personas_fail_what_they_are_made_to_fail(
    persona_cards: dict[str, CardFile], persona_certificates: dict[str, bytes], name: str
) -> None:
    """A simulated card with a defect fails just that item, one without fails none, with the simulator's anchors."""
    report = _check_persona(persona_cards, persona_certificates, name)
    assert set(_failed(report)) == _PERSONA_FAILURES[name]


def test_no_persona_passes_without_the_anchors_of_the_simulator(
    persona_cards: dict[str, CardFile], persona_certificates: dict[str, bytes], at: datetime
) -> None:
    """Nothing that a simulated card holds is taken for issued by J-LIS."""
    for name, certificate in persona_certificates.items():
        persona, _, use = name.partition("/")
        entry = persona_cards[persona].certificates[use]
        assert entry is not None
        report = check(certificate, ISSUERS[entry.issuer].certificate, at, kind=_KINDS[use])
        assert CheckItem.ISSUER_PIN in {failure.item for failure in report.failures}, name


@pytest.mark.parametrize("issuer", [name for name, issuer in ISSUERS.items() if issuer.is_anchor])
def test_ca_certificates_of_the_simulator(issuer: str) -> None:
    """Each TEST CA certificate passes while it runs; those of 2015 have expired."""
    use = issuer.partition("-")[0]
    instant = datetime(2026, 11, 22, 6, tzinfo=UTC)
    report = check(ISSUERS[issuer].certificate, None, instant, kind=_CA_KINDS[use], test_anchors=anchors())
    assert _failed(report) == ([("period", "expired")] if issuer.endswith("2015") else [])


_OPENSSL_CASES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, True),
    ({"not_after": datetime(2026, 11, 22, 2, 59, 59, tzinfo=UTC)}, {}, False),
    ({"not_before": datetime(2026, 11, 22, 3, 0, 1, tzinfo=UTC)}, {}, False),
    ({"extra": (_CRITICAL,)}, {}, False),
    ({"unit": "another unit"}, {}, False),
    ({}, {"is_ca": False}, False),
    ({}, {"not_after": datetime(2026, 11, 22, 2, 59, 59, tzinfo=UTC)}, False),
    ({}, {"usages": ("crl_sign",)}, False),
]


@_NEEDS_OPENSSL
@pytest.mark.parametrize(("changed", "ca_changed", "is_good"), _OPENSSL_CASES)
def test_openssl_judges_the_same(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    tmp_path: Path,
    at: datetime,
    changed: dict[str, Any],
    ca_changed: dict[str, Any],
    is_good: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """``openssl verify`` accepts what passes here and refuses what fails here, where both look."""
    certificate, ca = make_holder(**changed), make_ca(**ca_changed)
    assert _openssl_accepts(certificate, ca, at, tmp_path) == is_good
    assert (check_pinned(certificate, ca).failures == ()) == is_good


@_NEEDS_OPENSSL
def test_openssl_refuses_the_bad_signature_too(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], tmp_path: Path, at: datetime
) -> None:
    """One bit of the signature is enough for OpenSSL as well."""
    certificate = make_holder()
    assert not _openssl_accepts(certificate[:-1] + bytes((certificate[-1] ^ 1,)), make_ca(), at, tmp_path)


def _openssl_accepts(certificate: bytes, ca: bytes, at: datetime, folder: Path) -> bool:
    for name, encoded in (("certificate.pem", certificate), ("ca.pem", ca)):
        pem = x509.load_der_x509_certificate(encoded).public_bytes(Encoding.PEM)
        (folder / name).write_bytes(pem)
    done = subprocess.run(
        [
            "openssl",
            "verify",
            "-x509_strict",
            "-attime",
            str(int(at.timestamp())),
            "-CAfile",
            "ca.pem",
            "certificate.pem",
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_cryptography_judges_the_signatures_of_personas_the_same(
    persona_cards: dict[str, CardFile], persona_certificates: dict[str, bytes]
) -> None:
    """The item ``signature`` passes where ``verify_directly_issued_by`` of cryptography does."""
    for name, certificate in persona_certificates.items():
        persona, _, use = name.partition("/")
        entry = persona_cards[persona].certificates[use]
        assert entry is not None
        issuer = x509.load_der_x509_certificate(ISSUERS[entry.issuer].certificate)
        try:
            x509.load_der_x509_certificate(certificate).verify_directly_issued_by(issuer)
            expected = Verdict.PASS
        except Exception:  # noqa: BLE001 - whatever it raises, it does not accept
            expected = Verdict.FAIL
        result = _check_persona(persona_cards, persona_certificates, name).result_of(CheckItem.SIGNATURE)
        assert result is not None
        assert result.verdict is expected, name


def test_no_text_form_of_a_report_tells_holders_apart(
    persona_cards: dict[str, CardFile], persona_certificates: dict[str, bytes]
) -> None:
    """A report shows neither serial number nor dates nor names, so it can be attached to a ticket."""
    for name, certificate in persona_certificates.items():
        shown = repr(_check_persona(persona_cards, persona_certificates, name))
        parts = split(certificate)
        for secret in (str(parts.serial), f"{parts.not_after:%Y}", "テスト", "架空"):
            assert secret not in shown.replace("auth-20", "").replace("sign-20", "")
