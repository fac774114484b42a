"""The light reader gives what cryptography gives, and takes nothing that is not one whole DER certificate."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, strategies as st

from jpki.certificate import MAX_CERTIFICATE, CertificateSummary, read_summary, split
from jpki.errors import CertificateError
from jpki.iso7816 import encode

_ANY_YEAR = b"230101000000Z"


def _certificate(**changed: bytes) -> bytes:
    parts = {
        "version": bytes.fromhex("A003020102"),
        "serial": bytes.fromhex("020105"),
        "algorithm": bytes.fromhex("300D06092A864886F70D01010B0500"),
        "issuer": bytes.fromhex("3000"),
        "period": encode(0x30, encode(0x17, _ANY_YEAR) * 2),
        "subject": bytes.fromhex("3000"),
        "key": bytes.fromhex("3000"),
        "extensions": b"",
    }
    outer = {"outer_algorithm": parts["algorithm"], "signature": bytes.fromhex("030100")}
    for name, value in changed.items():
        (parts if name in parts else outer)[name] = value
    return encode(0x30, encode(0x30, b"".join(parts.values())) + b"".join(outer.values()))


def _extensions(*extensions: str) -> bytes:
    return encode(0xA3, encode(0x30, b"".join(encode(0x30, bytes.fromhex(extension)) for extension in extensions)))


def _name(attribute: str) -> bytes:
    return encode(0x30, encode(0x31, encode(0x30, bytes.fromhex(attribute))))


def _reference(certificate: bytes) -> CertificateSummary:
    loaded = x509.load_der_x509_certificate(certificate)
    found = {type(extension.value): extension.value for extension in loaded.extensions}
    authority, subject = found.get(x509.AuthorityKeyIdentifier), found.get(x509.SubjectKeyIdentifier)
    policies = found.get(x509.CertificatePolicies)
    organisations = loaded.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return CertificateSummary(
        serial=loaded.serial_number,
        not_before=loaded.not_valid_before_utc,
        not_after=loaded.not_valid_after_utc,
        issuer_organisations=tuple(str(organisation.value) for organisation in organisations),
        is_self_issued=loaded.issuer == loaded.subject,
        authority_key_identifier=authority.key_identifier
        if isinstance(authority, x509.AuthorityKeyIdentifier)
        else None,
        subject_key_identifier=subject.digest if isinstance(subject, x509.SubjectKeyIdentifier) else None,
        policies=tuple(policy.policy_identifier.dotted_string for policy in policies)
        if isinstance(policies, x509.CertificatePolicies)
        else (),
    )


def test_summary_of_every_persona_agrees_with_cryptography(persona_certificates: dict[str, bytes]) -> None:
    """Serial number, period, key identifiers and policies of all simulated cards are those that cryptography reads."""
    assert len(persona_certificates) > 60
    for name, certificate in persona_certificates.items():
        assert read_summary(certificate) == _reference(certificate), name


def test_broken_certificates_of_personas_are_refused(broken_certificates: dict[str, bytes]) -> None:
    """The certificates that a simulated card has cut off or with a wrong length are no certificates."""
    assert len(broken_certificates) >= 2
    for certificate in broken_certificates.values():
        with pytest.raises(CertificateError):
            read_summary(certificate)


def test_summary_of_a_ca_certificate_agrees_with_cryptography(make_ca: Callable[..., bytes]) -> None:
    """A CA certificate names its own key as its issuer's."""
    certificate = make_ca()
    summary = read_summary(certificate)
    assert summary == _reference(certificate)
    assert summary.is_self_issued
    assert summary.issuer_key_identifier == summary.subject_key_identifier is not None


def test_summary_does_not_depend_on_the_kind_of_key(make_holder: Callable[..., bytes]) -> None:
    """A P-384 certificate, as the next generation is to have, is read like any other."""
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = make_holder(key=key, signing_key=key)
    assert read_summary(certificate) == _reference(certificate)


def test_issuer_key_of_a_holder_is_the_authority_key(make_holder: Callable[..., bytes]) -> None:
    """A holder's certificate without authority key identifier names no issuer key, not even its own."""
    assert read_summary(make_holder()).issuer_key_identifier is not None
    assert read_summary(make_holder(has_authority=False)).issuer_key_identifier is None


def test_minimal_certificate_is_read() -> None:
    """The certificate that the following tests break is one that is read."""
    summary = read_summary(_certificate())
    assert summary.serial == 5
    assert summary.not_before == summary.not_after == datetime(2023, 1, 1, tzinfo=UTC)
    assert summary.policies == ()


def test_unique_identifiers_are_passed_over() -> None:
    """The two unique identifiers of version 2 may stand before the extensions (RFC 5280, 4.1.2.8)."""
    identifiers = bytes.fromhex("8103000102 8203000304")
    extensions = _extensions(_KEY_IDENTIFIER)
    summary = read_summary(_certificate(extensions=identifiers + extensions))
    assert summary.subject_key_identifier == bytes.fromhex("0102")


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (0x17, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (0x17, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (0x18, b"20500101000000Z", datetime(2050, 1, 1, tzinfo=UTC)),
        (0x18, b"20280229145959Z", datetime(2028, 2, 29, 14, 59, 59, tzinfo=UTC)),
    ],
)
def test_both_kinds_of_time_are_read(tag: int, text: bytes, expected: datetime) -> None:
    """UTCTime has years 1950 to 2049, GeneralizedTime has all four digits (RFC 5280, 4.1.2.5)."""
    period = encode(0x30, encode(tag, text) * 2)
    assert read_summary(_certificate(period=period)).not_after == expected


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (0x17, b"230101000000"),
        (0x17, b"2301010000Z"),
        (0x17, b"230101000000+0900"),
        (0x17, b"20230101000000Z"),
        (0x17, b"230229000000Z"),
        (0x17, b"231301000000Z"),
        (0x17, b"230101240000Z"),
        (0x17, b"230101000060Z"),
        (0x17, b"2301010000 1Z"),
        (0x17, b"-30101000000Z"),
        (0x17, "２３０１Z".encode()),
        (0x17, b""),
        (0x18, b"20230101000000.5Z"),
        (0x18, b"00000101000000Z"),
        (0x18, b"19491231235959Z"),
        (0x18, b"99991231235959Z"),
        (0x18, b"230101000000Z"),
        (0x04, b"230101000000Z"),
    ],
)
def test_other_times_are_refused(tag: int, text: bytes) -> None:
    """A time that DER does not write so, or that is in no calendar, makes no certificate."""
    with pytest.raises(CertificateError, match="time"):
        read_summary(_certificate(period=encode(0x30, encode(tag, text) * 2)))


_KEY_IDENTIFIER = "0603551D0E 0404 04020102"
_BROKEN = {
    "no version": {"version": b""},
    "version 1": {"version": bytes.fromhex("A003020100")},
    "version 4": {"version": bytes.fromhex("A003020103")},
    "two versions": {"version": bytes.fromhex("A006020102020102")},
    "serial 0": {"serial": bytes.fromhex("020100")},
    "negative serial": {"serial": bytes.fromhex("0201FF")},
    "empty serial": {"serial": bytes.fromhex("0200")},
    "serial with leading zero": {"serial": bytes.fromhex("02020005")},
    "serial of 21 bytes": {"serial": encode(2, b"\x01" * 21)},
    "serial of another type": {"serial": bytes.fromhex("0A0105")},
    "three times": {"period": encode(0x30, encode(0x17, _ANY_YEAR) * 3)},
    "one time": {"period": encode(0x30, encode(0x17, _ANY_YEAR))},
    "unused bits in the signature": {"signature": bytes.fromhex("03020101")},
    "empty signature": {"signature": bytes.fromhex("0300")},
    "two signatures": {"signature": bytes.fromhex("030100") * 2},
    "extension twice": {"extensions": _extensions(_KEY_IDENTIFIER, _KEY_IDENTIFIER)},
    "criticality false written out": {"extensions": _extensions("0603551D0E 010100 0404 04020102")},
    "criticality 1": {"extensions": _extensions("0603551D0E 010101 0404 04020102")},
    "extension with more in it": {"extensions": _extensions(_KEY_IDENTIFIER + "0500")},
    "extensions twice": {"extensions": _extensions(_KEY_IDENTIFIER) * 2},
    "key identifier of another type": {"extensions": _extensions("0603551D0E 0404 02020102")},
    "bytes behind the key identifier": {"extensions": _extensions("0603551D0E 0405 0402010200")},
    "authority key that is no sequence": {"extensions": _extensions("0603551D23 0404 04020102")},
    "policies that are none": {"extensions": _extensions("0603551D20 0404 04020102")},
    "identifier cut off": {"extensions": _extensions("0603551D8E 0404 04020102")},
    "identifier with needless bytes": {"extensions": _extensions("060480551D0E 0404 04020102")},
    "organisation in a broken encoding": {"issuer": _name("060355040A 0C02C328")},
    "organisation that is a number": {"issuer": _name("060355040A 020101")},
    "organisation that moves the cursor": {"issuer": _name("060355040A 0C031B5B41")},
    "length longer than needed": {"issuer": bytes.fromhex("308100")},
    "indefinite length": {"issuer": bytes.fromhex("30800000")},
    "tag of two bytes": {"subject": bytes.fromhex("1F8101 00")},
}


@pytest.mark.parametrize("changed", _BROKEN.values(), ids=_BROKEN.keys())
def test_every_deviation_is_refused(changed: dict[str, bytes]) -> None:
    """A deviation from DER or from the structure of a certificate is an error and not guessed around."""
    with pytest.raises(CertificateError, match=r"^not a certificate: "):
        read_summary(_certificate(**changed))


def test_certificate_must_be_all_that_is_there(make_holder: Callable[..., bytes]) -> None:
    """No byte may follow, and no certificate cut short anywhere is taken for a whole one."""
    certificate = make_holder()
    with pytest.raises(CertificateError):
        read_summary(certificate + b"\0")
    for length in range(len(certificate)):
        with pytest.raises(CertificateError):
            read_summary(certificate[:length])


@pytest.mark.parametrize("tag", [0x30, 0x31, 0xA0])
def test_deep_nesting_is_no_problem(tag: int) -> None:
    """64 KiB of data objects inside one another are refused without using up the stack."""
    nested = b""
    while len(nested) < 64 * 1024:
        nested = encode(tag, nested)
    with pytest.raises(CertificateError):
        read_summary(nested)
    with pytest.raises(CertificateError):
        read_summary(nested[-MAX_CERTIFICATE:])


def test_size_is_capped() -> None:
    """A certificate one byte over the cap is refused, one at the cap is read."""
    filler = MAX_CERTIFICATE - len(_certificate()) - 20
    extensions = encode(0xA3, encode(0x30, encode(0x30, bytes.fromhex("0603551D0F") + encode(4, bytes(filler)))))
    room = MAX_CERTIFICATE - len(_certificate(extensions=extensions))
    at_cap = bytes.fromhex("0603551D0F") + encode(4, bytes(filler + room))
    certificate = _certificate(extensions=encode(0xA3, encode(0x30, encode(0x30, at_cap))))
    assert len(certificate) == MAX_CERTIFICATE
    assert read_summary(certificate).serial == 5
    over_cap = bytes.fromhex("0603551D0F") + encode(4, bytes(filler + room + 1))
    with pytest.raises(CertificateError, match="too long"):
        read_summary(_certificate(extensions=encode(0xA3, encode(0x30, encode(0x30, over_cap)))))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_summary_or_a_certificate_error(data: bytes) -> None:
    """Nothing but CertificateError is raised over bytes, whatever they are."""
    try:
        read_summary(data)
    except CertificateError:
        return
    assert data.startswith(b"\x30")


@given(
    st.sampled_from(["version", "serial", "issuer", "period", "extensions", "signature", "key"]), st.binary(max_size=60)
)
def test_any_bytes_in_any_part_give_a_summary_or_a_certificate_error(part: str, data: bytes) -> None:
    """The same holds for bytes in a single part of a certificate that is right otherwise."""
    try:
        read_summary(_certificate(**{part: data}))
    except CertificateError:
        return
    assert split(_certificate(**{part: data})).serial > 0


@given(st.data())
def test_one_changed_byte_never_escapes(make_holder: Callable[..., bytes], data: st.DataObject) -> None:
    """A certificate with one byte changed is read or refused, never something else."""
    certificate = bytearray(make_holder())
    certificate[data.draw(st.integers(0, len(certificate) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read_summary(bytes(certificate))
    except CertificateError:
        return


def test_no_text_form_shows_the_certificate(make_holder: Callable[..., bytes]) -> None:
    """Serial number, dates and names are in no repr or str of a summary or of its parts."""
    certificate = make_holder()
    parts = split(certificate)
    for shown in (read_summary(certificate), parts, *parts.extensions):
        for text in (repr(shown), str(shown), f"{shown!r:>5}"):
            assert "2030" not in text
            assert str(parts.serial) not in text
            assert "JPKI" not in text


def test_light_reader_loads_no_library() -> None:
    """Reading a summary for ``status`` imports neither asn1crypto nor cryptography nor hashlib."""
    code = (
        "import sys; before = set(sys.modules); "  # coverage, where it measures, is there before
        "import jpki.certificate.summary, jpki.certificate.period, jpki.certificate.trust; "
        "print(sorted({'asn1crypto', 'cryptography', 'hashlib', 'icalendar'} & sys.modules.keys() - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
