"""The parts of an X.509 certificate that issuers and holders share (RFC 5280, 4.1 and 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki_sim.card import EcPrivateKey

from . import der
from .keys import key_identifier, public_key_info, sign_message

if TYPE_CHECKING:
    from datetime import datetime

    from jpki_sim.card import PrivateKey

#: sha256WithRSAEncryption with NULL parameters, in the certificate and around it.
ALGORITHM: Final = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.NULL)
#: ecdsa-with-SHA384, which has no parameters (RFC 5758, 3.2): what the next generation is to use.
NEXT_ALGORITHM: Final = der.sequence(der.oid("1.2.840.10045.4.3.3"))
_VERSION_3: Final = der.context(0, der.integer(2))
_ATTRIBUTES: Final = {"C": "2.5.4.6", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3"}

#: A distinguished name as pairs of a short attribute type and its text, one attribute in each RDN.
Name = tuple[tuple[str, str], ...]


def encode_name(name: Name) -> bytes:
    """Distinguished name: the country a PrintableString, everything else UTF8String (docs/certificates.md, 1.2)."""
    return der.sequence(
        *(
            der.set_of(der.sequence(der.oid(_ATTRIBUTES[kind]), (der.printable if kind == "C" else der.utf8)(text)))
            for kind, text in name
        )
    )


def directory_name(name: Name) -> bytes:
    """GeneralName of the kind directoryName; EXPLICIT because Name is a CHOICE."""
    return der.context(4, encode_name(name))


def extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    """One extension; ``critical`` is left out where it is false, as DER wants for a default."""
    return der.sequence(der.oid(dotted), der.TRUE if critical else b"", der.octet_string(value))


def key_usage(content: str, unused: int) -> bytes:
    """Extension keyUsage, critical, from the hex of its bit string."""
    return extension("2.5.29.15", der.bit_string(bytes.fromhex(content), unused), critical=True)


def distribution_point(name: Name) -> bytes:
    """Extension cRLDistributionPoints with one directory name; there is no URL on these certificates."""
    full_name = der.context(0, der.context(0, directory_name(name)))
    return extension("2.5.29.31", der.sequence(der.sequence(full_name)))


def subject_key_identifier(key: PrivateKey) -> bytes:
    """Extension subjectKeyIdentifier."""
    return extension("2.5.29.14", der.octet_string(key_identifier(key)))


class Certificate(NamedTuple):
    """What is signed: everything of a certificate but its signature. Names and extensions are encoded already."""

    serial: int
    issuer: bytes
    not_before: datetime
    not_after: datetime
    subject: bytes
    key: PrivateKey
    extensions: tuple[bytes, ...]

    def signed_by(self, issuer_key: PrivateKey) -> bytes:
        """The certificate in DER, with the issuer's signature."""
        algorithm = NEXT_ALGORITHM if isinstance(issuer_key, EcPrivateKey) else ALGORITHM
        signed = der.sequence(
            _VERSION_3,
            der.integer(self.serial),
            algorithm,
            self.issuer,
            der.sequence(der.time(self.not_before), der.time(self.not_after)),
            self.subject,
            public_key_info(self.key),
            der.context(3, der.sequence(*self.extensions)),
        )
        return der.sequence(signed, algorithm, der.bit_string(sign_message(issuer_key, signed)))
