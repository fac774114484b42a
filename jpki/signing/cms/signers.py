"""Reading the signers of a SignedData."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.asn1 import der
from jpki.certificate import read_summary, split
from jpki.errors import CertificateError
from jpki.iso7816 import encode

from .attributes import TIME_STAMP, SignedAttributes, attribute_types, attribute_values, read_attributes
from .schemes import read_scheme
from .structure import SignerInfoParts, split_signed_data

if TYPE_CHECKING:
    from jpki.crypto import Digest, Scheme

_NONE: Final = SignedAttributes(None, None, None, has_odd_time=False, bindings=())


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature in a SignedData.

    ``certificate`` is the one that the signer names, as the file carries it, None if it does not. ``scheme`` is None
    for a hash function or signature algorithm that is not accepted (SHA-1 among them). ``signed_attributes`` are what
    was signed, as a SET in DER, None if the content itself was signed; ``attributes`` is what they say.
    ``unsigned_types`` are the types of attributes that no signature covers, and ``time_stamps`` those of a third party
    among them.
    """

    certificate: bytes | None
    scheme: Scheme | None
    signed_attributes: bytes | None
    attributes: SignedAttributes
    signature: bytes
    unsigned_types: tuple[str, ...] = ()
    time_stamps: tuple[bytes, ...] = ()

    @property
    def digest_name(self) -> Digest | None:
        """The hash function of the content."""
        return None if self.scheme is None else self.scheme.digest


@dataclass(frozen=True, slots=True)
class SignedData:
    """What a signature file holds: its signers and certificates, and whether the content is inside."""

    content_type: str
    signers: tuple[SignerInfo, ...]
    certificates: tuple[bytes, ...]
    has_content: bool = False


def read_signers(signed_data: bytes) -> SignedData:
    """Read a SignedData, in BER or DER.

    Raises:
        UnsupportedSignatureError: it is another kind of CMS.
        DataError: malformed, no signer, or too many.
    """
    parts = split_signed_data(signed_data)
    signers = tuple(_signer(info, parts.certificates) for info in parts.signers)
    return SignedData(parts.content_type, signers, parts.certificates, parts.has_content)


def _signer(info: SignerInfoParts, certificates: tuple[bytes, ...]) -> SignerInfo:
    content, unsigned = info.signed_attributes, info.unsigned_attributes
    return SignerInfo(
        certificate=_find_certificate(info, certificates),
        scheme=read_scheme(info.digest_algorithm, info.signature_algorithm),
        # Stored as [0] IMPLICIT, signed as SET OF (RFC 5652, 5.4).
        signed_attributes=None if content is None else encode(der.SET, content),
        attributes=_NONE if content is None else read_attributes(content),
        signature=info.signature,
        unsigned_types=() if unsigned is None else attribute_types(unsigned),
        time_stamps=() if unsigned is None else attribute_values(unsigned, TIME_STAMP),
    )


def _find_certificate(info: SignerInfoParts, certificates: tuple[bytes, ...]) -> bytes | None:
    """Find the certificate that the signer names; else the only one that cannot be read, which is said of it then."""
    unreadable = []
    for certificate in certificates:
        try:
            if info.key_identifier is not None:
                if read_summary(certificate).subject_key_identifier == info.key_identifier:
                    return certificate
                continue
            parts = split(certificate)
        except CertificateError:
            unreadable.append(certificate)
            continue
        if (parts.issuer, parts.serial) == (info.issuer, info.serial):
            return certificate
    return unreadable[0] if len(unreadable) == 1 else None
