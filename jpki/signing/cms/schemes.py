"""Which signature scheme a SignerInfo names (RFC 3370, RFC 4056, RFC 5753, RFC 5754)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.asn1 import der
from jpki.crypto import Digest, Padding, Scheme
from jpki.errors import TlvError

from .structure import plain_algorithm

if TYPE_CHECKING:
    from jpki.asn1 import DerReader

_DIGESTS: Final = {
    "2.16.840.1.101.3.4.2.1": Digest.SHA256,
    "2.16.840.1.101.3.4.2.2": Digest.SHA384,
    "2.16.840.1.101.3.4.2.3": Digest.SHA512,
}
_RSA: Final = "1.2.840.113549.1.1.1"
_PSS: Final = "1.2.840.113549.1.1.10"
#: Schemes that name their hash function themselves; it has to be the one that hashed the content.
_WITH_DIGEST: Final = {
    "1.2.840.113549.1.1.11": (Padding.PKCS1_V15, Digest.SHA256),
    "1.2.840.113549.1.1.12": (Padding.PKCS1_V15, Digest.SHA384),
    "1.2.840.113549.1.1.13": (Padding.PKCS1_V15, Digest.SHA512),
    "1.2.840.10045.4.3.2": (Padding.ECDSA, Digest.SHA256),
    "1.2.840.10045.4.3.3": (Padding.ECDSA, Digest.SHA384),
    "1.2.840.10045.4.3.4": (Padding.ECDSA, Digest.SHA512),
}
_MGF1: Final = "1.2.840.113549.1.1.8"
# RSASSA-PSS-params (RFC 8017, A.2.3): tags of its members, and what they are where they are left out.
_HASH: Final = 0xA0
_MASK: Final = 0xA1
_SALT: Final = 0xA2
_TRAILER_FIELD: Final = 0xA3
_DEFAULT_SALT: Final = 20
_TRAILER: Final = 1
#: As much as a key of 8192 bits has room for; some programs fill all of it.
_MAX_SALT: Final = 1024


def read_scheme(digest_algorithm: bytes, signature_algorithm: bytes) -> Scheme | None:
    """Read how a signature was made; None where hash function or scheme are not accepted, SHA-1 among them.

    Args:
        digest_algorithm: object identifier of the hash function of content and attributes, without tag and length.
        signature_algorithm: AlgorithmIdentifier in DER.
    """
    try:
        digest = _DIGESTS.get(der.decode_oid(digest_algorithm))
        oid = der.decode_oid(der.read_only(signature_algorithm, der.SEQUENCE).take(der.OBJECT_IDENTIFIER))
        if digest is None:
            return None
        if oid == _PSS:
            return _pss(digest, signature_algorithm)
        plain_algorithm(signature_algorithm)
    except TlvError:
        return None
    if oid == _RSA:
        return Scheme(Padding.PKCS1_V15, digest)
    padding, named = _WITH_DIGEST.get(oid, (None, None))
    return None if padding is None or named is not digest else Scheme(padding, digest)


def _pss(digest: Digest, signature_algorithm: bytes) -> Scheme | None:
    """Read RSASSA-PSS-params; the hash function has to be the content's (RFC 4056, 3), MGF1's one that is accepted."""
    members = der.read_only(signature_algorithm, der.SEQUENCE)
    members.take(der.OBJECT_IDENTIFIER)
    if members.is_empty:  # its defaults are those of SHA-1
        return None
    encoded = members.take_whole(der.SEQUENCE)
    members.finish()
    named, mask, salt = _pss_members(der.read_only(encoded, der.SEQUENCE))
    if named is not digest or mask is None or not 0 <= salt <= _MAX_SALT:
        return None
    return Scheme(Padding.PSS, digest, mask, salt)


def _pss_members(members: DerReader) -> tuple[Digest | None, Digest | None, int]:
    """Hash function, that of MGF1, and length of the salt; what is left out is SHA-1, and 20 bytes of salt."""
    named, mask, salt, trailer = None, None, _DEFAULT_SALT, _TRAILER
    if members.next_is(_HASH):
        named = _digest(members.take(_HASH))
    if members.next_is(_MASK):
        inner = der.read_only(members.take(_MASK), der.SEQUENCE)
        is_mgf1 = der.decode_oid(inner.take(der.OBJECT_IDENTIFIER)) == _MGF1
        mask = _digest(inner.take_whole(der.SEQUENCE)) if is_mgf1 else None
        inner.finish()
    if members.next_is(_SALT):
        salt = _number(members.enter(_SALT))
    if members.next_is(_TRAILER_FIELD):
        trailer = _number(members.enter(_TRAILER_FIELD))
    members.finish()
    return named, mask if trailer == _TRAILER else None, salt


def read_digest(algorithm: bytes) -> Digest | None:
    """The hash function of an AlgorithmIdentifier; None for one that is not accepted.

    Raises:
        TlvError: not an algorithm identifier, or one with parameters.
    """
    return _digest(algorithm)


def _digest(algorithm: bytes) -> Digest | None:
    return _DIGESTS.get(der.decode_oid(plain_algorithm(algorithm)))


def _number(reader: DerReader) -> int:
    number = der.decode_integer(reader.take(der.INTEGER))
    reader.finish()
    return number
