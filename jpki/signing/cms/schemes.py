"""Which signature scheme a SignerInfo names (RFC 3370, RFC 4056, RFC 5753, RFC 5754)."""

from __future__ import annotations

from typing import Any, Final

from asn1crypto import algos

from jpki.asn1 import der
from jpki.asn1.strict import parse
from jpki.crypto.digest_info import Digest
from jpki.crypto.schemes import Padding, Scheme
from jpki.errors import CertificateError, TlvError
from jpki.signing.cms.structure import plain_algorithm

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
#: More than any hash function gives.
_MAX_SALT: Final = 64


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
    except (TlvError, CertificateError):
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
    named, mask, salt = parse(algos.RSASSAPSSParams, encoded, "parameters of PSS", _pss_members)
    if named != digest.value or mask not in {known.value for known in Digest} or not 0 <= salt <= _MAX_SALT:
        return None
    return Scheme(Padding.PSS, digest, Digest(mask), salt)


def _pss_members(value: Any) -> tuple[str, str, int]:
    mask = value["mask_gen_algorithm"]
    is_usual = mask["algorithm"].native == "mgf1" and value["trailer_field"].native == "trailer_field_bc"
    inner = mask["parameters"]["algorithm"].native if is_usual else ""
    return value["hash_algorithm"]["algorithm"].native, inner, value["salt_length"].native
