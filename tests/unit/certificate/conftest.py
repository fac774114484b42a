"""Certificates made for one test: whole and right by default, each part of them changeable."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jpki.certificate import trust
from jpki.certificate.checks import check
from jpki.identifiers import CertificateKind
from jpki_sim.contents.certificates import make_certificate
from jpki_sim.personas import new_card, personas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jpki.certificate.checks import CheckReport
    from jpki_sim.model import CardFile
    from jpki_sim.pki import Use

_DER = Encoding.DER
_BROKEN_ON_PURPOSE = ("truncated-der", "wrong-length")
_USES: tuple[Use, ...] = ("auth", "sign")
Hash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_POLICIES = {"auth": "1.2.392.200149.8.5.1.3.30", "sign": "1.2.392.200149.8.5.1.1.20"}
_USAGES = {"auth": ("digital_signature",), "sign": ("digital_signature", "content_commitment")}
_ALL_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_CA_SERIAL = 0x0123


@pytest.fixture
def at() -> datetime:
    """The instant at which made certificates are looked at: inside the period of all of them by default."""
    return datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(scope="session")
def ca_key() -> rsa.RSAPrivateKey:
    """Key of a CA."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def other_ca_key() -> rsa.RSAPrivateKey:
    """Key of another CA."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def holder_key() -> rsa.RSAPrivateKey:
    """Key of a holder."""
    return rsa.generate_private_key(65537, 2048)


def _name(organisation: str, unit: str) -> x509.Name:
    """Distinguished name of a CA."""
    kinds = (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return x509.Name([x509.NameAttribute(*pair) for pair in zip(kinds, ("JP", organisation, unit), strict=True)])


def _key_usage(usages: Iterable[str]) -> x509.KeyUsage:
    """Extension keyUsage with just these bits."""
    return x509.KeyUsage(**{usage: usage in usages for usage in _ALL_USAGES})


def _extended(
    builder: x509.CertificateBuilder, extensions: Iterable[tuple[x509.ExtensionType | None, bool]]
) -> x509.CertificateBuilder:
    for extension, is_critical in extensions:
        if extension is not None:
            builder = builder.add_extension(extension, is_critical)
    return builder


@pytest.fixture(scope="session")
def make_ca(ca_key: rsa.RSAPrivateKey) -> Callable[..., bytes]:
    """Makes a CA certificate signed with its own key."""

    def make(
        *,
        key: PrivateKey = ca_key,
        signing_key: PrivateKey | None = None,
        organisation: str = "JPKI-SIM TEST",
        unit: str = "TEST unit",
        serial: int = _CA_SERIAL,
        not_before: datetime = datetime(2023, 7, 16, tzinfo=UTC),
        not_after: datetime = datetime(2033, 7, 15, 14, 59, 59, tzinfo=UTC),
        is_ca: bool | None = True,
        usages: tuple[str, ...] | None = ("key_cert_sign", "crl_sign"),
        key_identifier: bool = True,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        algorithm: Hash | None = None,
    ) -> bytes:
        own_name = _name(organisation, unit)
        builder = (
            x509.CertificateBuilder()
            .serial_number(serial)
            .issuer_name(own_name)
            .subject_name(own_name)
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .public_key(key.public_key())
        )
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = _extended(
            builder,
            (
                (None if usages is None else _key_usage(usages), True),
                (None if is_ca is None else x509.BasicConstraints(is_ca, None), True),
                (identifier if key_identifier else None, False),
                *extra,
            ),
        )
        return builder.sign(signing_key or key, algorithm or hashes.SHA256()).public_bytes(_DER)

    return make


@pytest.fixture(scope="session")
def make_holder(ca_key: rsa.RSAPrivateKey, holder_key: rsa.RSAPrivateKey) -> Callable[..., bytes]:
    """Makes a holder's certificate signed by the CA of ``make_ca``."""

    def make(
        use: str = "auth",
        *,
        key: PrivateKey = holder_key,
        signing_key: PrivateKey = ca_key,
        organisation: str = "JPKI-SIM TEST",
        unit: str = "TEST unit",
        subject: tuple[tuple[x509.ObjectIdentifier, str], ...] = (
            (NameOID.COUNTRY_NAME, "JP"),
            (NameOID.COMMON_NAME, "TESTTESTTEST1213221003A"),
        ),
        not_before: datetime = datetime(2025, 3, 10, 16, 30, 7, tzinfo=UTC),
        not_after: datetime = datetime(2030, 2, 17, 14, 59, 59, tzinfo=UTC),
        is_ca: bool | None = None,
        usages: tuple[str, ...] | None = (),
        purposes: tuple[x509.ObjectIdentifier, ...] | None = None,
        policies: tuple[str, ...] | None = None,
        authority: x509.AuthorityKeyIdentifier | None = None,
        has_authority: bool = True,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        algorithm: Hash | None = None,
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .serial_number(0x0654321)
            .issuer_name(_name(organisation, unit))
            .subject_name(x509.Name([x509.NameAttribute(*attribute) for attribute in subject]))
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .public_key(key.public_key())
        )
        default_purposes = (ExtendedKeyUsageOID.CLIENT_AUTH,) if use == "auth" else ()
        chosen_purposes = default_purposes if purposes is None else purposes
        chosen_policies = (_POLICIES[use],) if policies is None else policies
        identifier = authority or x509.AuthorityKeyIdentifier(
            x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()).digest,
            [x509.DirectoryName(_name(organisation, unit))],
            _CA_SERIAL,
        )
        policy = x509.CertificatePolicies(
            [x509.PolicyInformation(x509.ObjectIdentifier(oid), ["http://ocsp.invalid/cps"]) for oid in chosen_policies]
        )
        builder = _extended(
            builder,
            (
                (None if usages is None else _key_usage(usages or _USAGES[use]), True),
                (x509.ExtendedKeyUsage(chosen_purposes) if chosen_purposes else None, False),
                (policy if chosen_policies else None, True),
                (None if is_ca is None else x509.BasicConstraints(is_ca, None), True),
                (identifier if has_authority else None, False),
                *extra,
            ),
        )
        return builder.sign(signing_key, algorithm or hashes.SHA256()).public_bytes(_DER)

    return make


@pytest.fixture(scope="session")
def make_authority() -> Callable[..., x509.AuthorityKeyIdentifier]:
    """Makes the authority key identifier that names a CA certificate, with parts of it changed."""

    def make(ca: bytes, **changed: Any) -> x509.AuthorityKeyIdentifier:
        loaded = x509.load_der_x509_certificate(ca)
        values = {
            "key_identifier": x509.SubjectKeyIdentifier.from_public_key(loaded.public_key()).digest,
            "authority_cert_issuer": [x509.DirectoryName(loaded.subject)],
            "authority_cert_serial_number": loaded.serial_number,
        }
        return x509.AuthorityKeyIdentifier(**{**values, **changed})

    return make


@pytest.fixture
def pin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, str], None]:
    """Makes a CA certificate one of those that are known."""

    def add(certificate: bytes, label: str) -> None:
        digest = hashlib.sha256(certificate).digest()
        known = replace(trust.KNOWN_ISSUERS[0], label=label, certificate_sha256=digest)
        monkeypatch.setattr(trust, "KNOWN_ISSUERS", (*trust.KNOWN_ISSUERS, known))

    return add


@pytest.fixture
def check_pinned(pin: Callable[[bytes, str], None], at: datetime) -> Callable[..., CheckReport]:
    """Checks a certificate with a CA certificate that is made known first."""

    def run(certificate: bytes, ca: bytes, use: str = "auth", *, at: datetime = at) -> CheckReport:
        pin(ca, f"{use}-2099")
        return check(certificate, ca, at, kind=CertificateKind(use))

    return run


@pytest.fixture
def check_pinned_ca(pin: Callable[[bytes, str], None], at: datetime) -> Callable[..., CheckReport]:
    """Checks a CA's own certificate that is made known first."""

    def run(ca: bytes, use: str = "auth", *, at: datetime = at) -> CheckReport:
        pin(ca, f"{use}-2099")
        return check(ca, None, at, kind=CertificateKind(f"{use}-ca"))

    return run


@pytest.fixture(scope="session")
def today() -> date:
    """The day on which simulated cards are built."""
    return date(2026, 11, 22)


@pytest.fixture(scope="session")
def persona_cards(today: date) -> dict[str, CardFile]:
    """Card files of all simulated cards that can be built."""
    return {
        persona.name: new_card(persona, today=today, generate_keys=False)
        for persona in personas()
        if not persona.unavailable
    }


def _certificates(cards: dict[str, CardFile], today: date, *, is_broken: bool) -> dict[str, bytes]:
    made = {}
    for name, card in cards.items():
        for use in _USES:
            entry = card.certificate(use)
            if entry is not None and (entry.defect in _BROKEN_ON_PURPOSE) == is_broken:
                made[f"{name}/{use}"] = make_certificate(card, use, entry, today)
    return made


@pytest.fixture(scope="session")
def persona_certificates(persona_cards: dict[str, CardFile], today: date) -> dict[str, bytes]:
    """Certificates of all simulated cards, as ``persona/auth`` and ``persona/sign``."""
    return _certificates(persona_cards, today, is_broken=False)


@pytest.fixture(scope="session")
def broken_certificates(persona_cards: dict[str, CardFile], today: date) -> dict[str, bytes]:
    """Certificates of simulated cards that are no DER on purpose."""
    return _certificates(persona_cards, today, is_broken=True)
