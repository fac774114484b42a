"""Everything of a certificate is read, as cryptography, OpenSSL and the makers of simulated cards have it."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from asn1crypto import core, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, strategies as st

from jpki.certificate import DistinguishedName, GeneralName, read_details, read_public_key, read_summary, split
from jpki.certificate.details import CertificateDetails
from jpki.certificate.names import GeneralNameKind
from jpki.errors import CertificateError
from jpki.iso7816 import encode
from jpki.outside_text import OutsideText

_USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}


def _attributes(name: x509.Name) -> list[tuple[str, str]]:
    return [(attribute.oid.dotted_string, str(attribute.value)) for attribute in name]


def _directory(name: DistinguishedName | None) -> list[tuple[str, str]]:
    assert name is not None
    return [(attribute.oid, attribute.text) for attribute in name.attributes]


def _directories(names: Iterable[GeneralName]) -> list[list[tuple[str, str]]]:
    return [_directory(name.directory) for name in names]


def _reference_directories(names: Iterable[x509.GeneralName] | None) -> list[list[tuple[str, str]]]:
    return [_attributes(name.value) for name in names or () if isinstance(name, x509.DirectoryName)]


def _compare_extension(details: CertificateDetails, extension: x509.ExtensionType) -> None:  # noqa: C901, PLR0912 - one branch for each extension
    found = details.extensions
    match extension:
        case x509.KeyUsage():
            assert found.key_usage == tuple(ours for theirs, ours in _USAGES.items() if getattr(extension, theirs))
        case x509.ExtendedKeyUsage():
            assert found.extended_key_usage == tuple(usage.dotted_string for usage in extension)
        case x509.CertificatePolicies():
            for policy, expected in zip(found.policies, extension, strict=True):
                assert policy.oid == expected.policy_identifier.dotted_string
                assert list(policy.practice_statements) == expected.policy_qualifiers
        case x509.BasicConstraints():
            assert found.basic_constraints is not None
            assert found.basic_constraints.is_ca == extension.ca
        case x509.AuthorityKeyIdentifier():
            assert found.authority_key is not None
            assert found.authority_key.key_identifier == extension.key_identifier
            assert found.authority_key.serial == extension.authority_cert_serial_number
            assert _directories(found.authority_key.issuer) == _reference_directories(extension.authority_cert_issuer)
        case x509.SubjectKeyIdentifier():
            assert found.subject_key_identifier == extension.digest
        case x509.IssuerAlternativeName():
            assert _directories(found.issuer_alternative_name) == _reference_directories(extension)
        case x509.CRLDistributionPoints():
            assert _directories(found.distribution_points) == _reference_directories(extension[0].full_name)
        case x509.AuthorityInformationAccess():
            for access, reference in zip(found.authority_information, extension, strict=True):
                assert access.method == reference.access_method.dotted_string
                assert access.location == GeneralName(GeneralNameKind.URI, text=reference.access_location.value)
        case x509.SubjectAlternativeName():
            other_names = [other for other in extension if isinstance(other, x509.OtherName)]
            for name, other_name in zip(found.subject_alternative_name, other_names, strict=True):
                assert (name.kind, name.type_oid) == (GeneralNameKind.OTHER, other_name.type_id.dotted_string)
                assert name.text == core.UTF8String.load(other_name.value).native
        case x509.UnrecognizedExtension():
            assert extension.oid.dotted_string in [unknown.oid for unknown in found.unknown]
        case _:
            pytest.fail(f"not compared: {extension.oid}")


def test_details_of_every_persona_agree_with_cryptography(persona_certificates: dict[str, bytes]) -> None:
    """Names, key and every extension of all simulated cards are those that cryptography reads."""
    for certificate in persona_certificates.values():
        details, reference = read_details(certificate), x509.load_der_x509_certificate(certificate)
        assert _directory(details.subject) == _attributes(reference.subject)
        assert _directory(details.issuer) == _attributes(reference.issuer)
        assert details.signature_algorithm.oid == reference.signature_algorithm_oid.dotted_string
        key = reference.public_key()
        assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
        algorithm = "rsa" if isinstance(key, rsa.RSAPublicKey) else "ec"  # the experimental next generation
        assert (details.public_key.algorithm, details.public_key.bits) == (algorithm, key.key_size)
        assert details.sha256 == hashlib.sha256(certificate).digest()
        for extension in reference.extensions:
            _compare_extension(details, extension.value)


def test_details_agree_with_the_summary(persona_certificates: dict[str, bytes]) -> None:
    """Both readers have the same serial number, period, key identifiers and policies."""
    for certificate in persona_certificates.values():
        details, summary = read_details(certificate), read_summary(certificate)
        assert details.serial == summary.serial
        assert (details.not_before, details.not_after) == (summary.not_before, summary.not_after)
        assert details.issuer.texts("O") == summary.issuer_organisations
        assert details.extensions.subject_key_identifier == summary.subject_key_identifier
        assert tuple(policy.oid for policy in details.extensions.policies) == summary.policies


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL's program is not installed")
@pytest.mark.parametrize(
    "name", ["adult/auth", "adult/sign", "permanent-resident/sign", "unknown-critical-extension/auth"]
)
def test_details_agree_with_openssl(persona_certificates: dict[str, bytes], name: str, tmp_path: Path) -> None:
    """Serial number, both fingerprints, dates and names are those that OpenSSL prints."""
    certificate, path = persona_certificates[name], tmp_path / "certificate.der"
    path.write_bytes(certificate)
    command = ["openssl", "x509", "-inform", "DER", "-in", str(path), "-noout", "-serial", "-dates", "-subject"]
    command += [
        "-issuer",
        "-nameopt",
        "sep_comma_plus_space,utf8,sname",
        "-dateopt",
        "iso_8601",
        "-fingerprint",
        "-sha256",
    ]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = dict(line.split("=", 1) for line in printed.splitlines())
    details = read_details(certificate)
    assert int(lines["serial"], 16) == details.serial
    assert lines["notBefore"] == f"{details.not_before:%Y-%m-%d %H:%M:%SZ}"
    assert lines["notAfter"] == f"{details.not_after:%Y-%m-%d %H:%M:%SZ}"
    assert lines["sha256 Fingerprint"].replace(":", "").lower() == details.sha256.hex()
    assert lines["subject"] == details.subject.to_text()
    assert lines["issuer"] == details.issuer.to_text()
    key = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", str(path), "-noout", "-pubkey"], capture_output=True, check=True
    ).stdout
    encoded = subprocess.run(
        ["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, capture_output=True, check=True
    ).stdout
    assert hashlib.sha256(encoded).digest() == details.public_key_sha256


def test_subject_keeps_repeated_attributes_in_order(make_holder: Callable[..., bytes]) -> None:
    """Prefecture and city are two attributes of the same type, in the order of the certificate."""
    place = ((x509.NameOID.LOCALITY_NAME, "Tokyo-to"), (x509.NameOID.LOCALITY_NAME, "Kaku-shi"))
    subject = read_details(make_holder(subject=((x509.NameOID.COUNTRY_NAME, "JP"), *place))).subject
    assert subject.texts("L") == ("Tokyo-to", "Kaku-shi")
    assert subject.to_text() == "C=JP, L=Tokyo-to, L=Kaku-shi"


def test_names_are_escaped_and_unknown_types_kept(make_holder: Callable[..., bytes]) -> None:
    """What would look like another attribute is escaped; an attribute type without a short name keeps its number."""
    subject = ((x509.NameOID.COMMON_NAME, "A, O=B"), (x509.ObjectIdentifier("2.999.1"), "x"))
    assert read_details(make_holder(subject=subject)).subject.to_text() == "CN=A\\, O\\=B, 2.999.1=x"


def test_key_of_the_next_generation(make_holder: Callable[..., bytes]) -> None:
    """A P-384 key and its signature are described by their own names and sizes."""
    key = ec.generate_private_key(ec.SECP384R1())
    details = read_details(make_holder(key=key, signing_key=key))
    assert (details.public_key.algorithm, details.public_key.bits, details.public_key.curve) == ("ec", 384, "secp384r1")
    assert details.signature_algorithm.name == "ecdsa-with-SHA256"


def test_key_of_an_unknown_algorithm(make_holder: Callable[..., bytes]) -> None:
    """A key that is neither RSA nor EC has the object identifier of its algorithm, and no size."""
    key = ed25519.Ed25519PrivateKey.generate()
    public_key = read_details(make_holder(key=key)).public_key
    assert (public_key.algorithm, public_key.bits, public_key.curve) == ("1.3.101.112", None, None)


def _other_name(oid: str, value: bytes) -> x509.OtherName:
    return x509.OtherName(x509.ObjectIdentifier(oid), value)


def _with_names(make_holder: Callable[..., bytes], *names: x509.GeneralName) -> bytes:
    return make_holder(extra=((x509.SubjectAlternativeName(names), False),))


_ARC = "1.2.392.200149.8.5.5"


def test_other_names_this_program_does_not_know(make_holder: Callable[..., bytes]) -> None:
    """An unknown other name is listed with its number, and its text if it is one; other kinds by their kind."""
    certificate = _with_names(
        make_holder,
        _other_name(f"{_ARC}.7", encode(0x0C, "テスト".encode())),
        _other_name("2.999.7", encode(0x30, b"")),
        x509.DNSName("card.invalid"),
        x509.RegisteredID(x509.ObjectIdentifier("2.999.8")),
        x509.RFC822Name("test@card.invalid"),
    )
    details = read_details(certificate)
    assert details.personal.others == (
        GeneralName(GeneralNameKind.OTHER, OutsideText("テスト"), f"{_ARC}.7"),
        GeneralName(GeneralNameKind.OTHER, None, "2.999.7"),
    )
    assert details.extensions.subject_alternative_name[2:] == (
        GeneralName(GeneralNameKind.DNS, text=OutsideText("card.invalid")),
        GeneralName(GeneralNameKind.OID, type_oid="2.999.8"),
        GeneralName(GeneralNameKind.EMAIL, text=OutsideText("test@card.invalid")),
    )


def test_attribute_that_is_no_text_is_not_used(make_holder: Callable[..., bytes]) -> None:
    """A name that is a number is listed among the others; nothing is guessed from it."""
    personal = read_details(_with_names(make_holder, _other_name(f"{_ARC}.1", encode(0x02, b"\x05")))).personal
    assert personal.name is None
    assert personal.others == (GeneralName(GeneralNameKind.OTHER, None, f"{_ARC}.1"),)


def test_attribute_twice_is_refused(make_holder: Callable[..., bytes]) -> None:
    """Two names, even equal ones, make no certificate, as nobody could say which counts."""
    twice = [_other_name(f"{_ARC}.3", encode(0x0C, b"1"))] * 2
    with pytest.raises(CertificateError, match="twice"):
        read_details(_with_names(make_holder, *twice))


def test_unknown_critical_extensions_are_reported(make_holder: Callable[..., bytes]) -> None:
    """Unknown extensions are listed, and those among them that are critical by themselves."""
    unknown = [
        (x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x05\x00"), is_critical)
        for oid, is_critical in (("2.999.1", True), ("2.999.2", False))
    ]
    extensions = read_details(make_holder(extra=tuple(unknown))).extensions
    assert [extension.oid for extension in extensions.unknown] == ["2.999.1", "2.999.2"]
    assert extensions.unknown_critical == ("2.999.1",)


def test_text_that_moves_the_cursor_is_refused(make_holder: Callable[..., bytes]) -> None:
    """Control characters in the subject or in an other name make the certificate unreadable."""
    with pytest.raises(CertificateError, match="control"):
        read_details(make_holder(subject=((x509.NameOID.COMMON_NAME, "A\x1b[2J"),)))
    with pytest.raises(CertificateError, match="control"):
        read_details(_with_names(make_holder, _other_name(f"{_ARC}.1", encode(0x0C, b"A\x1b[2J"))))


def test_key_without_a_key_is_refused(make_holder: Callable[..., bytes]) -> None:
    """A SubjectPublicKeyInfo that is none makes the certificate unreadable to the full reader."""
    certificate = _replace_extensions(make_holder(), "2.5.29.15", bytes.fromhex("03020780"))
    key = split(certificate).public_key
    broken = encode(0x30, bytes(len(key) - 4))
    assert len(broken) == len(key)
    with pytest.raises(CertificateError, match=r"public key|not a certificate"):
        read_details(certificate.replace(key, broken))
    with pytest.raises(CertificateError, match="public key"):
        read_public_key(broken)


_BROKEN_EXTENSIONS = [
    ("2.5.29.15", "03020701", "unused bits that are not zero"),
    ("2.5.29.15", "0304000000FF", "more bits than there are usages"),
    ("2.5.29.15", "0500", "another type"),
    ("2.5.29.15", "03020780 00", "bytes left over"),
    ("2.5.29.15", "2307 0302078003010 0".replace(" ", ""), "a bit string in pieces"),
    ("2.5.29.19", "3003010101", "a truth value that is not DER"),
    ("2.5.29.19", "3003010100", "a default written out"),
    ("2.5.29.19", "30060101FF0201FF", "a negative path length"),
    ("2.5.29.19", "30070101FF02020100", "a path length over 255"),
    ("2.5.29.37", "300406022A", "an identifier cut off"),
    ("2.5.29.37", "3004310206 00", "another structure"),
    ("2.5.29.17", "300A A0080602 2A03 A0020C00 00".replace(" ", ""), "a wrong length inside"),
    ("2.5.29.17", "30118 60F".replace(" ", "") + b"http://a/\x1b[2Jxx".hex(), "control characters in an address"),
    ("2.5.29.17", "3013A6110C0F" + b"http://a/xxxxxx".hex(), "an address in pieces"),
    ("2.5.29.31", "3000 3000", "two sequences"),
    ("2.5.29.31", "30053003A0018 0".replace(" ", ""), "a distribution point cut off"),
    ("1.3.6.1.5.5.7.1.1", "3007300506032A0304", "an access description without a place"),
    ("2.5.29.14", "04810102", "a length longer than needed"),
    ("2.5.29.18", "3002A400", "a directory name without a name"),
]


@pytest.mark.parametrize(("oid", "value", "what"), _BROKEN_EXTENSIONS, ids=[row[2] for row in _BROKEN_EXTENSIONS])
def test_malformed_extensions_are_refused(make_holder: Callable[..., bytes], oid: str, value: str, what: str) -> None:
    """A known extension that does not have its form makes the certificate unreadable, whatever library reads it."""
    certificate = make_holder(usages=None, purposes=(), policies=(), has_authority=False)
    broken = _replace_extensions(certificate, oid, bytes.fromhex(value))
    with pytest.raises(CertificateError):
        read_details(broken)


def _replace_extensions(certificate: bytes, oid: str, value: bytes) -> bytes:
    """The certificate with one extension that any value can stand in; its signature is no longer right."""
    loaded = asn1_x509.Certificate.load(certificate)
    extension = encode(0x30, core.ObjectIdentifier(oid).dump() + encode(0x04, value))
    signed = loaded["tbs_certificate"]
    parts = [signed[name].dump() for name in list(signed)[:7]]
    body = encode(0x30, b"".join(parts) + encode(0xA3, encode(0x30, extension)))
    outer = loaded["signature_algorithm"].dump() + loaded["signature_value"].dump()
    whole: bytes = encode(0x30, body + outer)
    return whole


def test_replaced_extension_is_read_where_it_is_right(make_holder: Callable[..., bytes]) -> None:
    """The way in which the tests here put extensions into a certificate makes one that is read."""
    certificate = _replace_extensions(make_holder(), "2.5.29.15", bytes.fromhex("03020780"))
    assert read_details(certificate).extensions.key_usage == ("digitalSignature",)


_READ_OIDS = sorted({row[0] for row in _BROKEN_EXTENSIONS} | {"2.5.29.32", "2.5.29.35"})


@given(st.sampled_from(_READ_OIDS), st.binary(max_size=80))
def test_any_bytes_in_an_extension_give_details_or_a_certificate_error(
    make_holder: Callable[..., bytes], oid: str, value: bytes
) -> None:
    """Nothing but CertificateError is raised over the bytes of an extension."""
    try:
        read_details(_replace_extensions(make_holder(), oid, value))
    except CertificateError:
        return
    assert not value.startswith(b"\x00")


_TREES = st.recursive(
    st.builds(
        encode,
        st.sampled_from([0x01, 0x02, 0x04, 0x05, 0x06, 0x0C, 0x16, 0x80, 0x81, 0x82, 0x86]),
        st.binary(max_size=12),
    ),
    lambda inner: st.builds(
        lambda tag, parts: encode(tag, b"".join(parts)),
        st.sampled_from([0x30, 0x31, 0xA0, 0xA1, 0xA4]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.sampled_from(_READ_OIDS), _TREES)
def test_any_structure_in_an_extension_gives_details_or_a_certificate_error(
    make_holder: Callable[..., bytes], oid: str, value: bytes
) -> None:
    """The same holds for well-formed DER of any other structure."""
    try:
        details = read_details(_replace_extensions(make_holder(), oid, value))
    except CertificateError:
        return
    assert details.extensions.unknown == ()


@pytest.mark.parametrize("oid", _READ_OIDS)
def test_deep_nesting_in_an_extension_is_refused(make_holder: Callable[..., bytes], oid: str) -> None:
    """Thousands of data objects inside one another are refused without using up the stack."""
    for tag in (0x30, 0xA0, 0xA4):
        nested = b""
        while len(nested) < 12 * 1024:
            nested = encode(tag, nested)
        # The light reader, which takes the key identifier, refuses the first tag already.
        with pytest.raises(CertificateError, match=r"nested too deep|subjectKeyIdentifier: expected"):
            read_details(_replace_extensions(make_holder(), oid, nested))


def test_no_text_form_shows_personal_data(persona_certificates: dict[str, bytes]) -> None:
    """Neither name nor address, dates, serial number or municipality are in any repr of what was read."""
    details = read_details(persona_certificates["adult/sign"])
    personal, extensions = details.personal, details.extensions
    assert personal.name is not None
    shown: list[object] = [details, personal, extensions, details.subject, *details.subject.attributes]
    shown += [personal.name, personal.sex, personal.birth_date, personal.address, details.public_key]
    shown += [*extensions.subject_alternative_name, *extensions.distribution_points, *extensions.unknown]
    secrets = ["テスト", "架空", "19900421", "1990", str(details.serial), *details.subject.texts("CN")]
    secrets += details.subject.texts("L")
    for value in shown:
        for text in (repr(value), str(value), repr([value])):
            assert not [secret for secret in secrets if secret in text]


def test_errors_quote_nothing_of_the_certificate(make_holder: Callable[..., bytes]) -> None:
    """The message of an error over a broken extension has no byte of it, and no cause that has."""
    value = encode(0x30, encode(0x82, "card.テスト".encode()))
    with pytest.raises(CertificateError) as caught:
        read_details(_replace_extensions(make_holder(), "2.5.29.17", value))
    assert caught.value.__cause__ is None or "テスト" not in repr(caught.value.__cause__)
    assert "card" not in str(caught.value)
