"""The simulated card's keys: public TEST keys that ship as data, and keys that a card file brings along.

All are RSA-2048 keys, but for the two of an experimental card of the next generation and those of its issuers.
"""

from __future__ import annotations

import binascii
import functools
import json
from typing import Final

from jpki.errors import TlvError
from jpki.iso7816 import Tlv, expect, read_all
from jpki_sim.card import EcPrivateKey, PrivateKey, RsaPrivateKey, pad_v15, private_operation
from jpki_sim.digests import sha1, sha256
from jpki_sim.shipped import shipped_file

from . import der

_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02
_OCTET_STRING: Final = 0x04
_PKCS1_INTEGERS: Final = 9
_RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
_EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
#: No RSA key is as short in PKCS #1 form, and no key of P-384 as long in SEC 1 form, even with its public half.
_RSA_KEY_TEXT_MIN: Final = 260
_P384_SIZE: Final = 48
_P384: Final = "1.3.132.0.34"
#: DigestInfo of SHA-256 without the digest, with NULL parameters (docs/card.md, section 10, #25).
_SHA256_ALGORITHM: Final = bytes.fromhex("300D06096086480165030402010500")


@functools.cache
def _test_keys(kind: str = "keys") -> dict[str, str]:
    keys: dict[str, str] = json.loads(shipped_file("test-keys.json"))[kind]
    return keys


def shipped_key_names() -> tuple[str, ...]:
    """Names of all TEST keys of today's kind, RSA."""
    return tuple(_test_keys())


def shipped_p384_names() -> tuple[str, ...]:
    """Names of the TEST keys of the next generation."""
    return tuple(_test_keys("p384"))


@functools.cache
def shipped_p384_key(name: str) -> EcPrivateKey:
    """A TEST key of the next generation by its name.

    Raises:
        KeyError: no key has this name.
    """
    return decode_p384_key(_test_keys("p384")[name])


def is_p384(text: str) -> bool:
    """Whether the text of a card file's key is for P-384 rather than RSA: by its name, or by its length."""
    name = text.removeprefix("test:")
    return name in shipped_p384_names() if name != text else len(text) < _RSA_KEY_TEXT_MIN


def _parts(text: str, form: str) -> tuple[Tlv, ...]:
    """What the one sequence holds that the base64 of a private key is."""
    try:
        body, end = expect(raw := binascii.a2b_base64(text, strict_mode=True), _SEQUENCE)
        parts = read_all(body)
    except (binascii.Error, TlvError) as exc:
        raise ValueError(f"not a private key in {form} form") from exc
    if end != len(raw):
        raise ValueError(f"not a private key in {form} form")
    return parts


def decode_p384_key(text: str) -> EcPrivateKey:
    """Read a private key of P-384 from the base64 of its SEC 1 form (RFC 5915); its public half is computed.

    Raises:
        ValueError: not base64, not that form, or not a key of that curve.
    """
    parts = _parts(text, "SEC 1")
    if [part.tag for part in parts[:2]] != [_INTEGER, _OCTET_STRING] or parts[0].value != b"\x01":
        raise ValueError("not a private key in SEC 1 form")
    from jpki_sim.card import ecdsa

    return ecdsa.private_key(int.from_bytes(parts[1].value))


def encode_p384_key(key: EcPrivateKey) -> str:
    """Base64 of the SEC 1 form of a key, without its public half."""
    content = der.octet_string(key.d.to_bytes(_P384_SIZE))
    encoded = der.sequence(der.integer(1), content, der.context(0, der.oid(_P384)))
    return binascii.b2a_base64(encoded, newline=False).decode()


def generate_p384_key() -> EcPrivateKey:
    """A new key of P-384."""
    import secrets  # not needed to use keys, and slow to load

    from jpki_sim.card import ecdsa

    return ecdsa.private_key(secrets.randbelow(ecdsa.ORDER - 1) + 1)


@functools.cache
def shipped_key(name: str) -> RsaPrivateKey:
    """A TEST key by its name.

    Raises:
        KeyError: no key has this name.
    """
    return decode_key(_test_keys()[name])


def decode_key(text: str) -> RsaPrivateKey:
    """Read an RSA private key from the base64 of its PKCS #1 form (RFC 8017, A.1.2).

    Raises:
        ValueError: not base64, not that form, or numbers that do not belong together.
    """
    parts = _parts(text, "PKCS #1")
    if len(parts) != _PKCS1_INTEGERS or any(part.tag != _INTEGER for part in parts):
        raise ValueError("not a private key in PKCS #1 form")
    _version, *numbers = (int.from_bytes(part.value) for part in parts)
    key = RsaPrivateKey(*numbers)
    if key.n != key.p * key.q or key.q * key.qinv % key.p != 1 or (key.dp * key.e - 1) % (key.p - 1):
        raise ValueError("the numbers of the private key do not belong together")
    return key


def encode_key(key: RsaPrivateKey) -> str:
    """Base64 of the PKCS #1 form of a key."""
    numbers = (0, key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qinv)
    encoded = der.sequence(*(der.integer(number) for number in numbers))
    return binascii.b2a_base64(encoded, newline=False).decode()


def generate_key() -> RsaPrivateKey:
    """A new RSA-2048 key; the only place that needs a cryptographic library, loaded when called."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_numbers()
    public = made.public_numbers
    return RsaPrivateKey(public.n, public.e, made.d, made.p, made.q, made.dmp1, made.dmq1, made.iqmp)


def sign_digests(key: RsaPrivateKey, digests: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 signature over SHA-256 digests, three of them in one DigestInfo on the card face."""
    digest_info = der.sequence(_SHA256_ALGORITHM, der.octet_string(digests))
    return private_operation(key, pad_v15(digest_info, key.size))


def sign_sha256(key: RsaPrivateKey, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 signature over the SHA-256 of a message."""
    return sign_digests(key, sha256(message))


def rsa_public_key(key: RsaPrivateKey) -> bytes:
    """RSAPublicKey of PKCS #1."""
    return der.sequence(der.integer(key.n), der.integer(key.e))


def sign_message(key: PrivateKey, message: bytes) -> bytes:
    """Signature of an issuer: with SHA-256 for RSA, with SHA-384 as an ECDSA-Sig-Value for P-384."""
    if isinstance(key, RsaPrivateKey):
        return sign_sha256(key, message)
    import hashlib  # with OpenSSL, which no status needs

    from jpki_sim.card import ecdsa

    return der.sequence(*(der.integer(number) for number in ecdsa.sign(key, hashlib.sha384(message).digest())))


def _point(key: EcPrivateKey) -> bytes:
    return b"\x04" + key.x.to_bytes(_P384_SIZE) + key.y.to_bytes(_P384_SIZE)


def public_key_info(key: PrivateKey) -> bytes:
    """SubjectPublicKeyInfo of X.509."""
    if isinstance(key, EcPrivateKey):
        return der.sequence(der.sequence(der.oid(_EC_PUBLIC_KEY), der.oid(_P384)), der.bit_string(_point(key)))
    return der.sequence(der.sequence(der.oid(_RSA_ENCRYPTION), der.NULL), der.bit_string(rsa_public_key(key)))


def key_identifier(key: PrivateKey) -> bytes:
    """SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1); a name for the key, nothing that protects."""
    public = rsa_public_key(key) if isinstance(key, RsaPrivateKey) else _point(key)
    return sha1(public)
