"""A signature counts only if the right key made it with an algorithm that is still good."""

from collections.abc import Callable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from hypothesis import given, strategies as st

from jpki.certificate import split
from jpki.certificate.checks import CheckItem, CheckReport, check, find_signature_fault
from jpki.certificate.checks.signature import SignatureFault
from jpki.errors import CertificateError
from jpki.identifiers import CertificateKind

_SHA256_RSA = bytes.fromhex("06092A864886F70D01010B")
_SHA1_RSA = bytes.fromhex("06092A864886F70D010105")

Check = Callable[..., CheckReport]


def _failed(report: CheckReport) -> list[tuple[str, str]]:
    return [(failure.item.value, failure.reason.value) for failure in report.failures]


def test_ca_signed_with_another_key(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    other_ca_key: rsa.RSAPrivateKey,
    check_pinned: Check,
    check_pinned_ca: Check,
) -> None:
    """A CA certificate that its own key has not signed fails, alone and as an issuer."""
    ca = make_ca(signing_key=other_ca_key)
    assert _failed(check_pinned(make_holder(), ca)) == [("ca_signature", "bad_signature")]
    assert _failed(check_pinned_ca(ca)) == [("signature", "bad_signature")]


def test_wrong_generation_of_the_ca(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    other_ca_key: rsa.RSAPrivateKey,
    check_pinned: Check,
) -> None:
    """A CA of the same name with another key is not the issuer: neither key identifier nor signature fit."""
    other_generation = make_ca(key=other_ca_key)
    assert _failed(check_pinned(make_holder(), other_generation)) == [
        ("issuer_key", "key_identifier_differs"),
        ("signature", "bad_signature"),
    ]


def test_every_changed_byte_of_the_signature_is_caught(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check
) -> None:
    """One bit of any byte of the signature makes it bad, and nothing else."""
    certificate, ca = make_holder(), make_ca()
    for position in range(len(certificate) - 256, len(certificate), 15):
        changed = bytearray(certificate)
        changed[position] ^= 0x10
        assert _failed(check_pinned(bytes(changed), ca)) == [("signature", "bad_signature")]


@given(st.data())
def test_no_changed_byte_of_what_is_signed_passes(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], data: st.DataObject
) -> None:
    """A bit changed anywhere in a certificate makes it unreadable, or fails at least one item more than before."""
    certificate, ca = make_holder(), make_ca()
    changed = bytearray(certificate)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    try:
        report = check(bytes(changed), ca, at, kind=CertificateKind.AUTH, test_anchors=(ca,))
    except CertificateError:
        return
    assert CheckItem.SIGNATURE in {failure.item for failure in report.failures}


def test_algorithms_are_looked_at(
    make_holder: Callable[..., bytes], make_ca: Callable[..., bytes], check_pinned: Check
) -> None:
    """SHA-1 is not accepted whatever it signs, and the algorithm outside must be the one that is signed."""
    certificate, ca = make_holder(), make_ca()
    assert certificate.count(_SHA256_RSA) == 2
    weak = certificate.replace(_SHA256_RSA, _SHA1_RSA)
    assert _failed(check_pinned(weak, ca)) == [("signature", "algorithm_not_accepted")]
    head, middle, tail = certificate.split(_SHA256_RSA)
    assert _failed(check_pinned(head + _SHA256_RSA + middle + _SHA1_RSA + tail, ca)) == [
        ("signature", "algorithms_differ")
    ]


def test_short_keys_are_not_accepted(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
) -> None:
    """A signature of a key under 2048 bits does not count, however right it is."""
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that it is too short is what is tested
    ca = make_ca(key=short)
    certificate = make_holder(signing_key=short, authority=make_authority(ca))
    assert _failed(check_pinned(certificate, ca)) == [
        ("signature", "key_not_accepted"),
        ("ca_signature", "key_not_accepted"),
    ]


def test_key_of_another_kind_than_the_signature(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
) -> None:
    """An RSA signature cannot be checked with an EC key."""
    ca = make_ca(key=ec.generate_private_key(ec.SECP384R1()))
    certificate = make_holder(authority=make_authority(ca))
    assert _failed(check_pinned(certificate, ca)) == [("signature", "key_not_accepted")]


def test_next_generation_is_checked_like_today(
    make_holder: Callable[..., bytes],
    make_ca: Callable[..., bytes],
    check_pinned: Check,
    make_authority: Callable[..., x509.AuthorityKeyIdentifier],
) -> None:
    """P-384 with SHA-384 passes every item; one bit of its signature fails."""
    key = ec.generate_private_key(ec.SECP384R1())
    ca = make_ca(key=key, algorithm=SHA384())
    certificate = make_holder(
        key=ec.generate_private_key(ec.SECP384R1()), signing_key=key, authority=make_authority(ca), algorithm=SHA384()
    )
    assert check_pinned(certificate, ca).failures == ()
    changed = certificate[:-1] + bytes((certificate[-1] ^ 1,))
    assert _failed(check_pinned(changed, ca)) == [("signature", "bad_signature")]


def test_key_that_is_none_is_not_accepted(make_holder: Callable[..., bytes]) -> None:
    """A point that is not on its curve is no key to check a signature with."""
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = split(make_holder(key=key, signing_key=key))
    assert find_signature_fault(certificate, certificate.public_key) is None
    off_curve = certificate.public_key[:-1] + bytes((certificate.public_key[-1] ^ 1,))
    assert find_signature_fault(certificate, off_curve) is SignatureFault.KEY_NOT_ACCEPTED
    assert find_signature_fault(certificate, b"") is SignatureFault.KEY_NOT_ACCEPTED
