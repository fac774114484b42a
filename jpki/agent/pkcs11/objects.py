"""The objects of a token: certificates, and the two halves of a key; made from certificates alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jpki.certificate import split
from jpki.errors import CertificateError
from jpki.signing import require_key

from .constants import CATEGORY_AUTHORITY, CATEGORY_TOKEN_USER, CERTIFICATE_X509, KEY_TYPE_RSA, Attribute, ObjectClass
from .mechanisms import KEY_MECHANISMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .attributes import Value

_INTEGER: Final = 0x02
_RSA_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class TokenObject:
    """An object and its attributes; ``is_ca`` tells that it is the issuer's certificate."""

    attributes: Mapping[int, Value]
    is_ca: bool = False

    def __repr__(self) -> str:
        return "<TokenObject>"


def key_objects(certificate: bytes, key_id: bytes, label: str) -> list[TokenObject]:
    """Make certificate, public key and private key of the holder.

    The private key is not CKA_PRIVATE and not CKA_ALWAYS_AUTHENTICATE: a program would have to log in before it sees
    the one, and some cannot do what the other asks of them. That each signature is asked for is this server's business.

    Raises:
        CertificateError: not a certificate.
        KeyNotSupportedError: the key is of a kind that cards do not sign with here.
    """
    require_key(certificate)
    parts = split(certificate)
    modulus, exponent = _rsa_numbers(parts.public_key)
    common: dict[int, Value] = {
        Attribute.TOKEN: True,
        Attribute.PRIVATE: False,
        Attribute.MODIFIABLE: False,
        Attribute.LABEL: label.encode(),
        Attribute.KEY_TYPE: KEY_TYPE_RSA,
        Attribute.ID: key_id,
        Attribute.SUBJECT: parts.subject,
        Attribute.DERIVE: False,
        Attribute.LOCAL: False,
        Attribute.MODULUS: modulus,
        Attribute.MODULUS_BITS: _RSA_BITS,
        Attribute.PUBLIC_EXPONENT: exponent,
        Attribute.PUBLIC_KEY_INFO: parts.public_key,
        Attribute.ALLOWED_MECHANISMS: tuple(int(mechanism) for mechanism in KEY_MECHANISMS),
    }
    return [
        certificate_object(certificate, key_id, label),
        TokenObject(common | _public_uses()),
        TokenObject(common | _private_uses()),
    ]


def _public_uses() -> dict[int, Value]:
    found: dict[int, Value] = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.VERIFY: True}
    for use in (Attribute.ENCRYPT, Attribute.WRAP, Attribute.VERIFY_RECOVER):
        found[use] = False
    return found


def _private_uses() -> dict[int, Value]:
    found: dict[int, Value] = {
        Attribute.CLASS: ObjectClass.PRIVATE_KEY,
        Attribute.SIGN: True,
        Attribute.SENSITIVE: True,
        Attribute.ALWAYS_SENSITIVE: True,
        Attribute.NEVER_EXTRACTABLE: True,
        Attribute.EXTRACTABLE: False,
        Attribute.ALWAYS_AUTHENTICATE: False,
        Attribute.WRAP_WITH_TRUSTED: False,
    }
    for use in (Attribute.DECRYPT, Attribute.UNWRAP, Attribute.SIGN_RECOVER):
        found[use] = False
    return found


def certificate_object(certificate: bytes, key_id: bytes, label: str, *, is_ca: bool = False) -> TokenObject:
    """Make the object of a certificate; a CA's is not said to be trusted, which is for the program to decide.

    Raises:
        CertificateError: not a certificate.
    """
    parts = split(certificate)
    attributes: dict[int, Value] = {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: False,
        Attribute.MODIFIABLE: False,
        Attribute.LABEL: label.encode(),
        Attribute.CERTIFICATE_TYPE: CERTIFICATE_X509,
        Attribute.CERTIFICATE_CATEGORY: CATEGORY_AUTHORITY if is_ca else CATEGORY_TOKEN_USER,
        Attribute.TRUSTED: False,
        Attribute.ID: key_id,
        Attribute.SUBJECT: parts.subject,
        Attribute.ISSUER: parts.issuer,
        Attribute.SERIAL_NUMBER: _der_integer(parts.serial),
        Attribute.VALUE: certificate,
        Attribute.START_DATE: _date(parts.not_before),
        Attribute.END_DATE: _date(parts.not_after),
        Attribute.PUBLIC_KEY_INFO: parts.public_key,
    }
    return TokenObject(attributes, is_ca=is_ca)


def serial_text(certificate: bytes) -> str:
    """Return the certificate's serial number as a token's: the last 16 digits of it in hex."""
    return f"{split(certificate).serial:X}"[-16:]


def _rsa_numbers(public_key: bytes) -> tuple[bytes, bytes]:
    """Modulus and exponent as PKCS #11 has them: big-endian, without a leading zero."""
    try:
        key = load_der_public_key(public_key)
    except ValueError as exc:
        raise CertificateError("public key: it cannot be used") from exc
    if not isinstance(key, RSAPublicKey):
        raise CertificateError("public key: it is no RSA key")
    numbers = key.public_numbers()
    modulus, exponent = (number.to_bytes((number.bit_length() + 7) // 8) for number in (numbers.n, numbers.e))
    return modulus, exponent


def _date(moment: datetime) -> bytes:
    """CK_DATE: eight digits."""
    return f"{moment:%Y%m%d}".encode()


def _der_integer(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1, signed=True)
    return bytes((_INTEGER, len(content))) + content
