"""Every certificate of a simulated card, against the profile (docs/certificates.md, 2) and two X.509 libraries."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from asn1crypto import core, x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jpki_sim.contents.certificates import make_certificate
from jpki_sim.personas import new_card, personas
from jpki_sim.pki import ISSUERS, keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.model import CardFile
    from jpki_sim.personas import Persona

AUTH_EF, SIGN_EF = 0x000A, 0x0001
UNREADABLE = ("truncated-der", "wrong-length")
WELL_FORMED = [persona for persona in personas() if not persona.unavailable and persona.name not in UNREADABLE]
# Order and criticality of docs/certificates.md, 2.1 and 2.2.
AUTH_EXTENSIONS = [
    *(("2.5.29.15", True), ("2.5.29.37", False), ("2.5.29.32", True), ("2.5.29.18", False)),
    *(("2.5.29.31", False), ("1.3.6.1.5.5.7.1.1", False), ("2.5.29.35", False), ("2.5.29.14", False)),
]
SIGN_EXTENSIONS = [AUTH_EXTENSIONS[0], ("2.5.29.17", False), *AUTH_EXTENSIONS[2:]]
AUTH_POLICY = (
    "303D303B060B2A83088C9B55080501031E302C302A06082B06010505070201161E687474703A2F2F7777772E6A706B692E676F2E6A702F"
    "6370732E68746D6C"
)
SIGN_POLICY = (
    "303D303B060B2A83088C9B550805010114302C302A06082B06010505070201161E687474703A2F2F7777772E6A706B692E676F2E6A702F"
    "6370732E68746D6C"
)


@pytest.fixture
def certificate_of(
    card_of: Callable[[str], CardFile], read_ef: Callable[[CardFile, str, int], bytes]
) -> Callable[[str, int], bytes]:
    """Reads a certificate EF of a persona's card."""
    return lambda name, ef_id: read_ef(card_of(name), "JPKI", ef_id)


def extensions_of(der: bytes) -> dict[str, tuple[bool, bytes]]:
    """Extensions in the order of the certificate: criticality and value."""
    found = asn1_x509.Certificate.load(der, strict=True)["tbs_certificate"]["extensions"]
    return {part["extn_id"].dotted: (bool(part["critical"].native), part["extn_value"].contents) for part in found}


@pytest.mark.parametrize("persona", WELL_FORMED, ids=lambda persona: persona.name)
def test_two_libraries_read_every_certificate(persona: Persona, today: date) -> None:
    """asn1crypto and cryptography read each certificate, and its issuer's key verifies it unless it is made not to."""
    card = new_card(persona, today=today, generate_keys=False)
    for use, entry in card.certificates.items():
        if entry is None:
            continue
        der = make_certificate(card, "auth" if use == "auth" else "sign", entry, today)
        assert asn1_x509.Certificate.load(der, strict=True).dump(force=True) == der
        certificate = x509.load_der_x509_certificate(der)
        issuer = x509.load_der_x509_certificate(ISSUERS[entry.issuer].certificate)
        if entry.defect == "bad-signature":
            with pytest.raises(InvalidSignature):
                certificate.verify_directly_issued_by(issuer)
        else:
            certificate.verify_directly_issued_by(issuer)
        assert certificate.serial_number == entry.serial
        assert certificate.version is x509.Version.v3
        assert certificate.signature_algorithm_parameters is not None


def test_user_certificate_has_the_profile_byte_for_byte(certificate_of: Callable[[str, int], bytes]) -> None:
    """Extensions of the user certificate: order, criticality and exact values."""
    der = certificate_of("adult", AUTH_EF)
    found = extensions_of(der)
    assert [(oid, critical) for oid, (critical, _) in found.items()] == AUTH_EXTENSIONS
    assert found["2.5.29.15"][1].hex().upper() == "03020780"
    assert found["2.5.29.37"][1].hex().upper() == "300A06082B06010505070302"
    assert found["2.5.29.32"][1].hex().upper() == AUTH_POLICY


def test_signature_certificate_has_the_profile_byte_for_byte(certificate_of: Callable[[str, int], bytes]) -> None:
    """Extensions of the signature certificate: order, criticality and exact values."""
    found = extensions_of(certificate_of("adult", SIGN_EF))
    assert [(oid, critical) for oid, (critical, _) in found.items()] == SIGN_EXTENSIONS
    assert found["2.5.29.15"][1].hex().upper() == "030206C0"
    assert found["2.5.29.32"][1].hex().upper() == SIGN_POLICY


@pytest.mark.parametrize(("ef_id", "issuer_name"), [(AUTH_EF, "auth-2023"), (SIGN_EF, "sign-2023")])
def test_issuer_fields_point_to_the_issuer(
    certificate_of: Callable[[str, int], bytes], ef_id: int, issuer_name: str
) -> None:
    """Issuer name, issuerAltName and the three parts of the authority key identifier are the CA certificate's."""
    der = certificate_of("adult", ef_id)
    issuer_der = ISSUERS[issuer_name].certificate
    certificate, issuer = x509.load_der_x509_certificate(der), x509.load_der_x509_certificate(issuer_der)
    assert certificate.issuer.public_bytes() == issuer.subject.public_bytes()
    assert extensions_of(der)["2.5.29.18"][1] == extensions_of(issuer_der)["2.5.29.17"][1]
    authority = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert authority.key_identifier == own.digest
    assert authority.authority_cert_serial_number == issuer.serial_number
    assert authority.authority_cert_issuer == [x509.DirectoryName(issuer.subject)]


@pytest.mark.parametrize("ef_id", [AUTH_EF, SIGN_EF])
def test_directory_names_and_addresses_are_test_ones(certificate_of: Callable[[str, int], bytes], ef_id: int) -> None:
    """The distribution point is a directory name of six parts, and OCSP points into the domain .invalid."""
    certificate = x509.load_der_x509_certificate(certificate_of("adult", ef_id))
    (point,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name is not None
    (name,) = point.full_name
    assert isinstance(name, x509.DirectoryName)
    unit = "TEST JPKI for user authentication" if ef_id == AUTH_EF else "TEST JPKI for digital signature"
    expected = ["JP", "JPKI-SIM TEST", unit, "CRL Distribution Points", "Tokyo-to", "Kakuu-shi CRLDP"]
    assert [part.value for part in name.value] == expected
    (access,) = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert access.access_location == x509.UniformResourceIdentifier("http://ocsp.invalid")


@pytest.mark.parametrize(("ef_id", "use"), [(AUTH_EF, "auth"), (SIGN_EF, "sign")])
def test_the_key_of_a_certificate_is_the_cards(
    certificate_of: Callable[[str, int], bytes], card_of: Callable[[str], CardFile], ef_id: int, use: str
) -> None:
    """Certificate and private key belong together, and the key identifier is SHA-1 of the RSAPublicKey."""
    certificate = x509.load_der_x509_certificate(certificate_of("adult", ef_id))
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    own = keys.shipped_key(card_of("adult").keys[use].removeprefix("test:"))
    assert public.public_numbers() == rsa.RSAPublicNumbers(own.e, own.n)
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    pkcs1 = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert identifier.digest == hashlib.sha1(pkcs1, usedforsecurity=False).digest()


def string_types(name: asn1_x509.Name) -> list[tuple[str, type]]:
    """Attribute types of a distinguished name with the ASN.1 string type of each."""
    return [
        (pair["type"].native, type(pair["value"].chosen if hasattr(pair["value"], "chosen") else pair["value"]))
        for rdn in name.chosen
        for pair in rdn
    ]


def test_subject_of_the_user_certificate(certificate_of: Callable[[str, int], bytes]) -> None:
    """C as PrintableString and a CN of 23 characters: 14 capitals and digits, municipality, 003 and A."""
    subject = asn1_x509.Certificate.load(certificate_of("adult", AUTH_EF)).subject
    assert string_types(subject) == [("country_name", core.PrintableString), ("common_name", core.UTF8String)]
    assert re.fullmatch(r"[0-9A-Z]{14}99999003A", subject.native["common_name"])


def test_subject_of_the_signature_certificate(certificate_of: Callable[[str, int], bytes]) -> None:
    """C, two L in Roman letters, and a CN that begins with the time of the request and is no name."""
    subject = asn1_x509.Certificate.load(certificate_of("adult", SIGN_EF)).subject
    assert string_types(subject) == [
        ("country_name", core.PrintableString),
        ("locality_name", core.UTF8String),
        ("locality_name", core.UTF8String),
        ("common_name", core.UTF8String),
    ]
    parsed = x509.load_der_x509_certificate(certificate_of("adult", SIGN_EF)).subject
    country, prefecture, city, common_name = (str(part.value) for part in parsed)
    assert (country, prefecture, city) == ("JP", "Tokyo-to", "Kakuu-shi")
    assert re.fullmatch(r"2024091301300700001TEST00001", common_name)


def other_names(der: bytes) -> list[tuple[str, str]]:
    """Entries of the subjectAltName in their order, as identifier and text."""
    value = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found = []
    for name in value:
        assert isinstance(name, x509.OtherName)
        text = core.load(name.value, strict=True)
        assert isinstance(text, core.UTF8String)
        found.append((name.type_id.dotted_string, str(text.native)))
    return found


def test_personal_attributes_in_their_order(certificate_of: Callable[[str, int], bytes]) -> None:
    """Six otherName entries, in the order 1, 4, 3, 5, 2, 6, hold the four attributes and two rows of flags."""
    arc = "1.2.392.200149.8.5.5"
    assert other_names(certificate_of("adult", SIGN_EF)) == [
        (f"{arc}.1", "テスト　太郎"),
        (f"{arc}.4", "419900421"),
        (f"{arc}.3", "1"),
        (f"{arc}.5", "東京都架空市試験町１丁目２番３号"),
        (f"{arc}.2", "000000"),
        (f"{arc}.6", "0000000000000000"),
    ]


def test_an_attribute_has_the_known_bytes(
    certificate_of: Callable[[str, int], bytes], card_of: Callable[[str], CardFile], today: date
) -> None:
    """Sex 2 and the birth date 17 February 1980 are encoded as docs/certificates.md, 2.3 computes them."""
    card = card_of("moved")
    card.holder.birth_date = "1980-02-17"
    entry = card.certificates["sign"]
    assert entry is not None
    der = make_certificate(card, "sign", entry, today)
    assert bytes.fromhex("A011060A2A83088C9B5508050503A0030C0132") in der
    assert bytes.fromhex("A019060A2A83088C9B5508050504A00B0C09333139383030323137") in der


def test_swapped_order_keeps_the_attributes(certificate_of: Callable[[str, int], bytes]) -> None:
    """The card with swapped attributes has the same six in another order."""
    usual = other_names(certificate_of("adult", SIGN_EF))
    swapped = other_names(certificate_of("swapped-san-order", SIGN_EF))
    assert usual != swapped
    assert sorted(usual) == swapped


def test_a_future_attribute_comes_after_the_known_ones(certificate_of: Callable[[str, int], bytes]) -> None:
    """The furigana card has a seventh attribute that nobody knows."""
    found = other_names(certificate_of("furigana", SIGN_EF))
    assert found[:6] == other_names(certificate_of("adult", SIGN_EF))
    assert found[6:] == [("1.2.392.200149.8.5.5.7", "テスト　タロウ")]


@pytest.mark.parametrize("ef_id", [AUTH_EF, SIGN_EF])
def test_period_ends_with_the_day_in_japan(certificate_of: Callable[[str, int], bytes], ef_id: int) -> None:
    """A certificate begins at its second of issue and ends at 14:59:59 UTC, which is 23:59:59 in Japan."""
    certificate = x509.load_der_x509_certificate(certificate_of("adult", ef_id))
    assert certificate.not_valid_before_utc == datetime(2024, 9, 12, 16, 30, 7, tzinfo=UTC)
    assert certificate.not_valid_after_utc == datetime(2029, 4, 21, 14, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("ef_id", "size"), [(AUTH_EF, range(1500, 1650)), (SIGN_EF, range(1650, 2000))])
def test_certificates_have_about_the_size_of_real_ones(
    certificate_of: Callable[[str, int], bytes], ef_id: int, size: range
) -> None:
    """A user certificate has 1573 or 1583 bytes in reality; the signature certificate is longer by its attributes."""
    assert len(certificate_of("adult", ef_id)) in size


@pytest.mark.parametrize("ef_id", [AUTH_EF, SIGN_EF])
@pytest.mark.parametrize("defect", UNREADABLE)
def test_unreadable_certificates_are_unreadable(
    certificate_of: Callable[[str, int], bytes], defect: str, ef_id: int
) -> None:
    """A cut certificate and one with a wrong length are refused by both libraries."""
    der = certificate_of(defect, ef_id)
    with pytest.raises(ValueError, match=r".+"):
        x509.load_der_x509_certificate(der)
    with pytest.raises(ValueError, match=r".+"):
        asn1_x509.Certificate.load(der, strict=True)


def test_the_unknown_critical_extension_is_both(certificate_of: Callable[[str, int], bytes]) -> None:
    """The extension is marked critical, and a library does not know it."""
    certificate = x509.load_der_x509_certificate(certificate_of("unknown-critical-extension", AUTH_EF))
    unknown = [part for part in certificate.extensions if isinstance(part.value, x509.UnrecognizedExtension)]
    assert [(part.oid.dotted_string, part.critical) for part in unknown] == [("2.999.42", True)]


def test_left_out_extensions_are_the_only_difference(certificate_of: Callable[[str, int], bytes]) -> None:
    """The cards without policy and without key usage lack just that extension."""
    usual = list(extensions_of(certificate_of("adult", AUTH_EF)))
    for name, oid in (("no-policy", "2.5.29.32"), ("no-key-usage", "2.5.29.15")):
        assert list(extensions_of(certificate_of(name, AUTH_EF))) == [part for part in usual if part != oid]


def test_key_mismatch_certifies_another_key(
    certificate_of: Callable[[str, int], bytes], card_of: Callable[[str], CardFile]
) -> None:
    """The card's private key is not that of its certificate."""
    certificate = x509.load_der_x509_certificate(certificate_of("key-mismatch", AUTH_EF))
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    own = keys.shipped_key(card_of("key-mismatch").keys["auth"].removeprefix("test:"))
    assert public.public_numbers().n != own.n


def test_given_bytes_replace_the_certificate(
    card_of: Callable[[str], CardFile], read_ef: Callable[[CardFile, str, int], bytes]
) -> None:
    """A certificate given as base64 is what the card holds, whatever it is."""
    card = card_of("adult")
    entry = card.certificates["auth"]
    assert entry is not None
    entry.der = base64.b64encode(b"TEST any bytes").decode()
    assert read_ef(card, "JPKI", AUTH_EF) == b"TEST any bytes"


def test_filler_follows_the_certificate(
    card_of: Callable[[str], CardFile], read_ef: Callable[[CardFile, str, int], bytes]
) -> None:
    """The card with filler has 300 bytes FF after the same certificate."""
    card = card_of("filler-after-certificate")
    with_filler = read_ef(card, "JPKI", AUTH_EF)
    card.layout.certificate_filler = 0
    assert with_filler == read_ef(card, "JPKI", AUTH_EF) + b"\xff" * 300


@pytest.mark.parametrize("persona", WELL_FORMED, ids=lambda persona: persona.name)
def test_no_certificate_names_a_real_issuer(persona: Persona, today: date) -> None:
    """No part of a certificate is the organisation of the real issuers, or of J-LIS's own test hierarchy."""
    card = new_card(persona, today=today, generate_keys=False)
    for use, entry in card.certificates.items():
        if entry is not None:
            der = make_certificate(card, "auth" if use == "auth" else "sign", entry, today)
            organisations = [
                part.value
                for part in x509.load_der_x509_certificate(der).issuer
                if part.oid.dotted_string == "2.5.4.10"
            ]
            assert len(organisations) == 1
            assert organisations[0] not in ("JPKI", "JPKI-TEST")
            assert "TEST" in organisations[0]
