"""TEST keys are right keys, marked as worthless, and sign as a cryptographic library does."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key

from jpki_sim.card import RsaPrivateKey
from jpki_sim.pki import keys
from jpki_sim.shipped import shipped_file


def library_key(name: str) -> rsa.RSAPrivateKey:
    """Read a shipped key with a library, which checks its numbers."""
    found = load_der_private_key(base64.b64decode(json.loads(shipped_file("test-keys.json"))["keys"][name]), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def test_the_key_file_says_what_it_is() -> None:
    """The file of private keys says in its first line that they are public."""
    assert json.loads(shipped_file("test-keys.json"))["note"].startswith("TEST - public, never real")


@pytest.mark.parametrize("name", keys.shipped_key_names())
def test_a_shipped_key_is_rsa_2048(name: str) -> None:
    """Every shipped key is a consistent RSA-2048 key with the exponent 65537."""
    key = keys.shipped_key(name)
    numbers = library_key(name).private_numbers()
    assert (key.n, key.e, key.d) == (numbers.public_numbers.n, 65537, numbers.d)
    assert (key.p, key.q, key.dp, key.dq, key.qinv) == (
        numbers.p,
        numbers.q,
        numbers.dmp1,
        numbers.dmq1,
        numbers.iqmp,
    )
    assert key.n.bit_length() == 2048


def test_no_key_ships_twice() -> None:
    """Each name has a key of its own."""
    assert len({keys.shipped_key(name).n for name in keys.shipped_key_names()}) == len(keys.shipped_key_names())


def test_a_signature_is_the_librarys() -> None:
    """PKCS #1 v1.5 with SHA-256 gives the bytes that a library gives."""
    expected = library_key("auth-1").sign(b"TEST", padding.PKCS1v15(), hashes.SHA256())
    assert keys.sign_sha256(keys.shipped_key("auth-1"), b"TEST") == expected


def test_a_key_survives_its_text_form() -> None:
    """A key written as base64 of PKCS #1 is read back the same."""
    key = keys.shipped_key("sign-1")
    assert keys.decode_key(keys.encode_key(key)) == key


def test_a_generated_key_is_a_new_one() -> None:
    """A new card gets an RSA-2048 key that nobody has."""
    made = keys.generate_key()
    assert made.n.bit_length() == 2048
    assert keys.decode_key(keys.encode_key(made)) == made
    assert made.n not in {keys.shipped_key(name).n for name in keys.shipped_key_names()}


def _broken_keys() -> dict[str, str]:
    text = keys.encode_key(keys.shipped_key("auth-1"))
    raw = bytearray(base64.b64decode(text))
    raw[40] ^= 1
    swapped = keys.shipped_key("auth-1"), keys.shipped_key("sign-1")
    mixed = RsaPrivateKey(
        swapped[0].n,
        65537,
        swapped[0].d,
        swapped[0].p,
        swapped[0].q,
        swapped[1].dp,
        swapped[0].dq,
        swapped[0].qinv,
    )
    return {
        "changed byte": base64.b64encode(raw).decode(),
        "cut": text[:-8],
        "trailing": base64.b64encode(base64.b64decode(text) + b"\0").decode(),
        "not base64": "!" + text[1:],
        "no integers": base64.b64encode(b"\x30\x03\x04\x01\x00").decode(),
        "mixed": keys.encode_key(mixed),
    }


@pytest.mark.parametrize("text", _broken_keys().values(), ids=_broken_keys().keys())
def test_a_broken_key_is_refused(text: str) -> None:
    """Text that is no consistent PKCS #1 key is refused without being repeated."""
    with pytest.raises(ValueError, match="private key") as caught:
        keys.decode_key(text)
    assert text[:20] not in str(caught.value)
