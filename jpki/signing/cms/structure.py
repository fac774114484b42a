"""A SignedData taken apart strictly: what RFC 5652 has in it, in its order, and not one byte more.

Whatever else stood there no signature would cover, and programs would differ about what it means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.asn1 import der
from jpki.errors import DataError, TlvError, UnsupportedSignatureError

from .ber import to_der

if TYPE_CHECKING:
    from jpki.asn1 import DerReader

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
DATA: Final = "1.2.840.113549.1.7.1"
MAX_SIGNERS: Final = 64
_CONTEXT_0: Final = 0xA0
_CONTEXT_1: Final = 0xA1
_KEY_IDENTIFIER: Final = 0x80
#: Version 1 attribute certificates, version 2 ones, and forms that are not in use (RFC 5652, 10.2.2).
_OLD_ATTRIBUTE_CERTIFICATE: Final = 0xA1
_ATTRIBUTE_CERTIFICATE: Final = 0xA2
_OTHER_CERTIFICATE: Final = 0xA3
#: What is said of revocation in another form than a list: the answer of an OCSP responder (RFC 5940).
_OTHER_REVOCATION: Final = 0xA1
_NULL: Final = b"\x05\x00"


class SignerInfoParts(NamedTuple):
    """One SignerInfo; attributes are the content of their set, None if there is none."""

    key_identifier: bytes | None
    issuer: bytes
    serial: int
    digest_algorithm: bytes
    signed_attributes: bytes | None
    signature_algorithm: bytes
    signature: bytes
    unsigned_attributes: bytes | None


class SignedDataParts(NamedTuple):
    """A SignedData; ``certificates`` are those of X.509 in DER, ``has_content`` whether a content is inside."""

    content_type: str
    has_content: bool
    certificates: tuple[bytes, ...]
    signers: tuple[SignerInfoParts, ...]


def split_signed_data(encoded: bytes) -> SignedDataParts:
    """Take a ContentInfo with a SignedData apart, in BER or DER.

    Raises:
        UnsupportedSignatureError: it is another kind of CMS.
        DataError: malformed, with something that does not belong there, with no signer or too many.
    """
    try:
        info = der.read_only(to_der(encoded), der.SEQUENCE)
        if der.decode_oid(info.take(der.OBJECT_IDENTIFIER)) != SIGNED_DATA:
            raise UnsupportedSignatureError("the file is CMS, but not a signature")
        explicit = info.enter(_CONTEXT_0)
        info.finish()
        signed_data = explicit.enter(der.SEQUENCE)
        explicit.finish()
        return _split(signed_data)
    except TlvError as exc:
        raise DataError("the file is no readable CMS signature") from exc


def _split(data: DerReader) -> SignedDataParts:
    version = der.decode_integer(data.take(der.INTEGER))
    listed = _digest_algorithms(data.enter(der.SET))
    content_type, has_content = _encapsulated(data.enter(der.SEQUENCE))
    certificates, kinds = _certificates(data)
    if data.next_is(_CONTEXT_1) and _OTHER_REVOCATION in _members(data.enter(_CONTEXT_1)):
        kinds.add(_OTHER_CERTIFICATE)
    infos = data.enter(der.SET)
    data.finish()
    signers = []
    while not infos.is_empty:
        signers.append(_signer(infos.enter(der.SEQUENCE), listed))
        if len(signers) > MAX_SIGNERS:
            raise TlvError("too many signers")
    has_key_identifiers = any(signer.key_identifier is not None for signer in signers)
    if not signers or version != _version(kinds, content_type, has_key_identifiers=has_key_identifiers):
        raise TlvError("no signer, or a version that does not fit what is inside")
    return SignedDataParts(content_type, has_content, certificates, tuple(signers))


def _version(kinds: set[int], content_type: str, *, has_key_identifiers: bool) -> int:
    """The one right version number (RFC 5652, 5.1); nothing signs it.

    What is said of revocation in another form than a list counts as a certificate of another form does.
    """
    if _OTHER_CERTIFICATE in kinds:
        return 5
    if _ATTRIBUTE_CERTIFICATE in kinds:
        return 4
    if _OLD_ATTRIBUTE_CERTIFICATE in kinds or has_key_identifiers or content_type != DATA:
        return 3
    return 1


def _digest_algorithms(algorithms: DerReader) -> frozenset[bytes]:
    """The hash functions that are listed, any number of them: a hint for those who read while they hash."""
    found = set()
    while not algorithms.is_empty:
        found.add(plain_algorithm(algorithms.take_whole(der.SEQUENCE)))
    return frozenset(found)


def plain_algorithm(encoded: bytes) -> bytes:
    """The object identifier of an AlgorithmIdentifier that has no parameters, or NULL in their place.

    Raises:
        TlvError: it has others.
    """
    members = der.read_only(encoded, der.SEQUENCE)
    identifier = members.take(der.OBJECT_IDENTIFIER)
    if not members.is_empty and members.take_any()[2] != _NULL:
        raise TlvError("an algorithm has parameters that it must not have")
    members.finish()
    return identifier


def _encapsulated(content: DerReader) -> tuple[str, bool]:
    content_type = der.decode_oid(content.take(der.OBJECT_IDENTIFIER))
    has_content = not content.is_empty
    if has_content:
        explicit = content.enter(_CONTEXT_0)
        explicit.take(der.OCTET_STRING)
        explicit.finish()
    content.finish()
    return content_type, has_content


def _certificates(data: DerReader) -> tuple[tuple[bytes, ...], set[int]]:
    """The certificates of X.509, and the tags of everything in the set."""
    certificates, kinds = [], set()
    if data.next_is(_CONTEXT_0):
        members = data.enter(_CONTEXT_0)
        while not members.is_empty:
            tag, _, whole = members.take_any()
            kinds.add(tag)
            if tag == der.SEQUENCE:
                certificates.append(whole)
            elif tag not in (_OLD_ATTRIBUTE_CERTIFICATE, _ATTRIBUTE_CERTIFICATE, _OTHER_CERTIFICATE):
                raise TlvError("the set of certificates holds something else")
    return tuple(certificates), kinds


def _members(members: DerReader) -> set[int]:
    """The tags of everything in a set."""
    kinds = set()
    while not members.is_empty:
        kinds.add(members.take_any()[0])
    return kinds


def _signer(info: DerReader, listed: frozenset[bytes]) -> SignerInfoParts:
    version = der.decode_integer(info.take(der.INTEGER))
    key_identifier, issuer, serial = None, b"", 0
    if info.next_is(_KEY_IDENTIFIER):
        key_identifier = info.take(_KEY_IDENTIFIER)
    else:
        named = info.enter(der.SEQUENCE)
        issuer, serial = named.take_whole(der.SEQUENCE), der.decode_integer(named.take(der.INTEGER))
        named.finish()
    digest_algorithm = plain_algorithm(info.take_whole(der.SEQUENCE))
    signed = info.take(_CONTEXT_0) if info.next_is(_CONTEXT_0) else None
    signature_algorithm = info.take_whole(der.SEQUENCE)
    signature = info.take(der.OCTET_STRING)
    unsigned = info.take(_CONTEXT_1) if info.next_is(_CONTEXT_1) else None
    info.finish()
    if version != (1 if key_identifier is None else 3) or (listed and digest_algorithm not in listed):
        raise TlvError("a signer says different things inside and outside of its signature")
    if signed == b"":
        raise TlvError("the set of signed attributes is empty")
    return SignerInfoParts(
        key_identifier, issuer, serial, digest_algorithm, signed, signature_algorithm, signature, unsigned
    )
