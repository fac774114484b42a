"""Which keys of certificates are signed with: RSA of 2048 bits, and no other."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jpki.errors import CertificateError, KeyNotSupportedError
from jpki.signing import require_key

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@pytest.mark.parametrize("name", ["adult/auth", "adult/sign"])
def test_the_keys_of_today_are_taken(persona_certificates: dict[str, bytes], name: str) -> None:
    """RSA, 2048 bits."""
    require_key(persona_certificates[name])


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "RSA 1024"),  # noqa: S505 - it is refused
        (lambda: rsa.generate_private_key(65537, 3072), "RSA 3072"),
        (lambda: ec.generate_private_key(ec.SECP256R1()), "EC P-256"),
        (lambda: ec.generate_private_key(ec.SECP384R1()), "EC P-384"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "EC P-521"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "EC secp256k1"),
        (ed25519.Ed25519PrivateKey.generate, "1.3.101.112"),
    ],
)
def test_other_keys_are_refused_by_their_kind(
    make_holder: Callable[..., bytes], make: Callable[[], PrivateKey], kind: str
) -> None:
    """The error names the kind, and it is not one of data that make no sense."""
    with pytest.raises(KeyNotSupportedError) as caught:
        require_key(make_holder(key=make()))

    assert caught.value.kind == kind


def test_what_is_no_certificate_is_not_a_key_of_another_kind() -> None:
    """It is an error of the data."""
    with pytest.raises(CertificateError):
        require_key(b"\x30\x00")
