"""The TEST issuers: structure of the real CA certificates (docs/certificates.md, 1.2), names that nobody mistakes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, x509 as asn1_x509
from cryptography import x509
from hypothesis import given, strategies as st

from jpki_sim.model.model import ISSUER_NAMES
from jpki_sim.pki import ISSUERS, Issuer, Use, issuers

# Certificates of the real issuers, SHA-256 (docs/certificates.md, 1.3).
REAL = {
    "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355",
    "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb",
    "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f",
    "4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d",
    "0d98de47fc11b7f67126874b7028b6026a803d2638d6edfe53176953961fade6",
    "64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5",
}
every_issuer = pytest.mark.parametrize("issuer", ISSUERS.values(), ids=lambda issuer: issuer.name)


@every_issuer
def test_what_ships_is_what_the_keys_make(issuer: Issuer) -> None:
    """The certificate that ships is byte for byte the one that its key and this code make."""
    assert issuer.certificate == issuers.make_certificate(issuer)


@every_issuer
def test_a_ca_certificate_has_the_five_extensions(issuer: Issuer) -> None:
    """Key usage, alternative name, basic constraints, distribution point, key identifier: this order, these bytes."""
    found = asn1_x509.Certificate.load(issuer.certificate, strict=True)["tbs_certificate"]["extensions"]
    values = [(part["extn_id"].dotted, bool(part["critical"].native), part["extn_value"].contents) for part in found]
    assert [value[:2] for value in values] == [
        ("2.5.29.15", True),
        ("2.5.29.17", False),
        ("2.5.29.19", True),
        ("2.5.29.31", False),
        ("2.5.29.14", False),
    ]
    assert values[0][2].hex().upper() == "03020106"
    assert values[2][2].hex().upper() == "30030101FF"


@every_issuer
def test_a_ca_certificate_is_its_own(issuer: Issuer) -> None:
    """It signs itself, names itself in its distribution point, and its key identifier is SHA-1 of its key."""
    certificate = x509.load_der_x509_certificate(issuer.certificate)
    certificate.verify_directly_issued_by(certificate)
    assert certificate.issuer == certificate.subject
    (point,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name == [x509.DirectoryName(certificate.subject)]
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert identifier == x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    assert certificate.not_valid_after_utc.strftime("%H%M%S") == "145959"


@every_issuer
def test_names_are_printable_and_utf8_strings(issuer: Issuer) -> None:
    """The country is a PrintableString, everything else UTF8String; the alternative name is in Japanese."""
    certificate = asn1_x509.Certificate.load(issuer.certificate)
    types = [
        type(pair["value"].chosen if hasattr(pair["value"], "chosen") else pair["value"])
        for rdn in certificate.subject.chosen
        for pair in rdn
    ]
    assert types == [core.PrintableString, *[core.UTF8String] * (len(types) - 1)]
    parsed = x509.load_der_x509_certificate(issuer.certificate)
    (japanese,) = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert isinstance(japanese, x509.DirectoryName)
    assert "テスト" in str(next(iter(japanese.value.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME))).value)


@every_issuer
def test_no_issuer_looks_real(issuer: Issuer) -> None:
    """Neither name nor certificate is one of the real issuers or of J-LIS's test hierarchy."""
    assert hashlib.sha256(issuer.certificate).hexdigest() not in REAL
    organisation = dict(issuer.distinguished_name)["O"]
    assert "TEST" in organisation
    assert organisation not in ("JPKI", "JPKI-TEST")


def test_generations_share_their_name_and_not_their_key() -> None:
    """As with the real ones, an issuer is told by its key, never by its name."""
    for use in ("auth", "sign"):
        generations = [ISSUERS[f"{use}-{year}"] for year in (2015, 2019, 2023)]
        assert len({issuer.distinguished_name for issuer in generations}) == 1
        assert len({issuer.key for issuer in generations}) == 3


def test_the_model_knows_every_issuer() -> None:
    """A card file may name exactly the issuers that there are."""
    assert set(ISSUER_NAMES) == set(ISSUERS)


def test_the_trust_store_has_the_six_generations() -> None:
    """The foreign issuer and the test-card root are trusted by nobody."""
    assert set(issuers.anchors()) == {
        ISSUERS[f"{use}-{year}"].certificate for use in ("auth", "sign") for year in (2015, 2019, 2023)
    }


@pytest.mark.parametrize(
    ("day", "generation"),
    [
        ("2015-10-01", "2015"),
        ("2019-09-14", "2015"),
        ("2019-09-15", "2019"),
        ("2023-07-15", "2019"),
        ("2023-07-16", "2023"),
        ("2035-01-01", "2023"),
    ],
)
@pytest.mark.parametrize("use", ["auth", "sign"])
def test_the_youngest_generation_issues(use: Use, day: str, generation: str) -> None:
    """A certificate is issued by the youngest generation of its day."""
    instant = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    assert issuers.generation_at(use, instant).name == f"{use}-{generation}"


INSTANTS = st.datetimes(datetime(2015, 10, 20), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # st adds it


@given(INSTANTS, st.timedeltas(timedelta(seconds=1), timedelta(days=2000)), st.sampled_from(["auth", "sign"]))
def test_serial_numbers_never_fall(instant: datetime, later: timedelta, use: Use) -> None:
    """The counter of a CA runs one way, is never the root's own first number, and keeps to four bytes."""
    first, second = issuers.serial_at(use, instant), issuers.serial_at(use, instant + later)
    assert 2 <= first <= second <= 0x7FFFFFFF


@pytest.mark.parametrize("name", ["auth-2019", "auth-2023", "sign-2019", "sign-2023"])
def test_renewed_roots_take_their_number_from_the_counter(name: str) -> None:
    """At the moment when a renewed root was made, the counter stood at its serial number."""
    issuer = ISSUERS[name]
    use: Use = "auth" if name.startswith("auth") else "sign"
    assert issuers.serial_at(use, issuer.not_before) == issuer.serial
