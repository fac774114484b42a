"""The card's own RSA against the implementation of the cryptography package."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from hypothesis import given, strategies as st

from jpki_sim.card import RsaPrivateKey, rsa as card_rsa


@pytest.fixture(scope="session")
def odd_key() -> rsa.RSAPrivateKey:
    """A key whose modulus has one bit less than whole bytes and one more: PSS encodes it in fewer bytes."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2049)


def numbers(key: rsa.RSAPrivateKey) -> RsaPrivateKey:
    """Plain numbers of a key."""
    private = key.private_numbers()
    public = private.public_numbers
    return RsaPrivateKey(public.n, public.e, private.d, private.p, private.q, private.dmp1, private.dmq1, private.iqmp)


def test_private_operation_inverts_the_public_one(rsa_key: RsaPrivateKey) -> None:
    """The result, raised to the public exponent, is the block again, for blocks of every size."""

    @given(st.integers(min_value=0, max_value=rsa_key.n - 1))
    def check(number: int) -> None:
        result = card_rsa.private_operation(rsa_key, number.to_bytes(256))
        assert len(result) == 256
        assert pow(int.from_bytes(result), rsa_key.e, rsa_key.n) == number

    check()


def test_block_must_be_below_the_modulus(rsa_key: RsaPrivateKey) -> None:
    """A block that is not below the modulus is refused."""
    with pytest.raises(ValueError, match="modulus"):
        card_rsa.private_operation(rsa_key, rsa_key.n.to_bytes(256))


@pytest.mark.parametrize("size", [0, 1, 51, 245])
def test_v15_padding(rsa_key: RsaPrivateKey, size: int) -> None:
    """The public key gives PKCS#1 v1.5 padding of type 1 back, with the data behind it (RFC 8017, 9.2)."""
    signature = card_rsa.private_operation(rsa_key, card_rsa.pad_v15(b"d" * size, rsa_key.size))
    found = pow(int.from_bytes(signature), rsa_key.e, rsa_key.n).to_bytes(rsa_key.size)
    assert found == b"\x00\x01" + b"\xff" * (rsa_key.size - 3 - size) + b"\x00" + b"d" * size


def test_v15_padding_needs_eleven_bytes() -> None:
    """One byte too many for the padding is refused."""
    with pytest.raises(ValueError, match="too many"):
        card_rsa.pad_v15(bytes(246), 256)


def test_digest_info_of_sha256(private_key: rsa.RSAPrivateKey, rsa_key: RsaPrivateKey) -> None:
    """The signature is the one that the package makes itself: v1.5 is deterministic."""
    digest = hashlib.sha256(b"message").digest()
    block = card_rsa.pad_v15(card_rsa.sha256_digest_info(digest), rsa_key.size)
    expected = private_key.sign(b"message", padding.PKCS1v15(), hashes.SHA256())
    assert card_rsa.private_operation(rsa_key, block) == expected


@pytest.fixture(params=["private_key", "odd_key"])
def any_key(request: pytest.FixtureRequest) -> rsa.RSAPrivateKey:
    """A key of 2048 bits, and one of 2049."""
    key = request.getfixturevalue(request.param)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@pytest.mark.parametrize("salt", [b"", b"s" * 32])
def test_pss(any_key: rsa.RSAPrivateKey, salt: bytes) -> None:
    """PSS signatures of any salt and modulus length verify."""
    digest = hashlib.sha256(b"message").digest()
    key = numbers(any_key)
    signature = card_rsa.private_operation(key, card_rsa.pad_pss(digest, salt, key.n.bit_length()))
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), len(salt))
    any_key.public_key().verify(signature, digest, scheme, utils.Prehashed(hashes.SHA256()))


def test_pss_needs_room() -> None:
    """A modulus too short for hash and salt is refused."""
    with pytest.raises(ValueError, match="too short"):
        card_rsa.pad_pss(bytes(32), bytes(32), 512)
