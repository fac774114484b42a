"""Building a SignedData around the card's signature.

What is signed are the attributes, not the file: content type, hash of the content, signing time, and the hash of the
signer's certificate (signing-certificate-v2, RFC 5035), so that no other certificate can be put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from asn1crypto import algos, cms, core, tsp, x509

from jpki.crypto import Digest
from jpki.iso7816 import encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_CONTEXT_0: Final = 0xA0
_OCTET_STRING: Final = 0x04
_OID_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_OID_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_VERSION_1: Final = b"\x02\x01\x01"


@dataclass(frozen=True, slots=True)
class AttributesToSign:
    """Attributes to be signed: ``encoded`` is their DER as a SET, over which the signature is made."""

    encoded: bytes
    digest_name: Digest

    @property
    def digest(self) -> bytes:
        """The hash that the card signs."""
        return self.digest_name.of(self.encoded)


def signed_attributes(
    content_digest: bytes, digest_name: Digest, certificate: bytes, signing_time: datetime
) -> AttributesToSign:
    """Make the attributes for a content with this hash.

    Args:
        content_digest: hash of the content, made with ``digest_name``.
        digest_name: hash function of content, attributes and certificate.
        certificate: the signer's, in DER.
        signing_time: what the signer's computer says; nothing confirms it.
    """
    identifier = tsp.ESSCertIDv2({"cert_hash": digest_name.of(certificate), **_hash_algorithm(digest_name)})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [_time(signing_time)]}),
            cms.CMSAttribute({"type": "message_digest", "values": [content_digest]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]}
            ),
        ]
    )
    # DER orders a SET OF by its members' encodings (X.690, 11.6).
    members = sorted(attribute.dump() for attribute in attributes)
    return AttributesToSign(encode(_SET, b"".join(members)), digest_name)


def _hash_algorithm(digest_name: Digest) -> dict[str, algos.DigestAlgorithm]:
    """The member hashAlgorithm of ESSCertIDv2; SHA-256 is its DEFAULT, which DER leaves out (X.690, 11.5)."""
    if digest_name is Digest.SHA256:
        return {}
    return {"hash_algorithm": algos.DigestAlgorithm({"algorithm": digest_name.value})}


def _time(at: datetime) -> cms.Time:
    """UTCTime up to 2049, GeneralizedTime from then on (RFC 5652, 11.3)."""
    from datetime import UTC

    whole = at.astimezone(UTC).replace(microsecond=0)
    first_general = 2050
    if whole.year < first_general:
        return cms.Time(name="utc_time", value=core.UTCTime(whole))
    return cms.Time(name="generalized_time", value=core.GeneralizedTime(whole))


def signer_info(attributes: AttributesToSign, certificate: bytes, signature: bytes, unsigned: bytes = b"") -> bytes:
    """Encode the SignerInfo of one signature; ``unsigned`` is its member unsignedAttrs, such as a time stamp."""
    signer = x509.Certificate.load(certificate, strict=True)
    identifier = cms.IssuerAndSerialNumber({"issuer": signer.issuer, "serial_number": signer.serial_number})
    parts = [
        _VERSION_1,
        identifier.dump(),
        algos.DigestAlgorithm({"algorithm": attributes.digest_name.value}).dump(),
        # The same members, tagged [0] IMPLICIT where they are stored (RFC 5652, 5.3 and 5.4).
        bytes((_CONTEXT_0,)) + attributes.encoded[1:],
        algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}).dump(),
        encode(_OCTET_STRING, signature),
        unsigned,
    ]
    return encode(_SEQUENCE, b"".join(parts))


@dataclass(frozen=True, slots=True)
class SignedDataFrame:
    """What is before and behind the content in the file; detached, there is no content and all is in ``head``."""

    head: bytes
    tail: bytes


def frame(
    info: bytes, digest_name: Digest, certificates: Sequence[bytes], *, content_length: int | None
) -> SignedDataFrame:
    """Lay a ContentInfo around a content of known length; None makes a detached signature.

    The content itself is not needed, so a file of any size is never in memory as a whole.
    """
    before = _VERSION_1 + encode(_SET, algos.DigestAlgorithm({"algorithm": digest_name.value}).dump())
    # DER orders a SET OF by its members' encodings.
    behind = encode(_CONTEXT_0, b"".join(sorted(certificates))) + encode(_SET, info)
    if content_length is None:
        inside = before + encode(_SEQUENCE, _OID_DATA) + behind
        signed_data = encode(_SEQUENCE, inside)
        return SignedDataFrame(encode(_SEQUENCE, _OID_SIGNED_DATA + encode(_CONTEXT_0, signed_data)), b"")
    octets = _header(_OCTET_STRING, content_length)
    wrapped = _header(_CONTEXT_0, len(octets) + content_length) + octets
    encapsulated = _header(_SEQUENCE, len(_OID_DATA) + len(wrapped) + content_length) + _OID_DATA + wrapped
    head = before + encapsulated
    total = len(head) + content_length + len(behind)
    for tag, prefix in ((_SEQUENCE, b""), (_CONTEXT_0, b""), (_SEQUENCE, _OID_SIGNED_DATA)):
        total += len(prefix)
        added = _header(tag, total) + prefix
        head = added + head
        total += len(added) - len(prefix)
    return SignedDataFrame(head, behind)


def _header(tag: int, length: int) -> bytes:
    """Tag and definite length of a value that comes later."""
    if length < 0x80:
        return bytes((tag, length))
    raw = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(raw))) + raw
