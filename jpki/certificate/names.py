"""Names in a certificate: distinguished names, and the general names of which some extensions consist.

Text is what the certificate's author wrote: control characters are refused (:func:`jpki.asn1.der.decode_text`), and
characters that reorder or hide text are seen in it as numbers (:class:`jpki.outside_text.OutsideText`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import x509

from jpki.asn1 import DerReader, der, parse
from jpki.errors import CertificateError, TlvError
from jpki.outside_text import OutsideText

_LABELS: Final = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
}
_ESCAPED: Final = frozenset(',+"\\<>;=')
_OTHER_NAME_VALUE: Final = 0xA0
_IA5_STRING: Final = 0x16


@dataclass(frozen=True, slots=True)
class NameAttribute:
    """One attribute of a distinguished name; ``text`` is ``#`` and hex where the value is not a string."""

    oid: str
    text: OutsideText

    def __repr__(self) -> str:
        return f"<NameAttribute {self.label}>"

    @property
    def label(self) -> str:
        """Short name of the attribute type (``CN``), or the object identifier if it has none."""
        return _LABELS.get(self.oid, self.oid)


@dataclass(frozen=True, slots=True)
class DistinguishedName:
    """A distinguished name: its attributes in the order of the certificate, repeated ones included (``L``, ``L``)."""

    attributes: tuple[NameAttribute, ...]

    def __repr__(self) -> str:
        return f"<DistinguishedName [{len(self.attributes)} attributes]>"

    def texts(self, label: str) -> tuple[OutsideText, ...]:
        """The values of all attributes with this label, in order."""
        return tuple(attribute.text for attribute in self.attributes if attribute.label == label)

    def to_text(self) -> OutsideText:
        """One line, in the certificate's order, with special characters escaped as RFC 4514 does."""
        return OutsideText(", ".join(f"{attribute.label}={_escape(attribute.text)}" for attribute in self.attributes))


def _escape(text: OutsideText) -> str:
    return "".join(f"\\{char}" if char in _ESCAPED else char for char in text.raw)


class GeneralNameKind(enum.Enum):
    """Form of a general name (RFC 5280, 4.2.1.6)."""

    OTHER = "other_name"
    EMAIL = "rfc822_name"
    DNS = "dns_name"
    X400 = "x400_address"
    DIRECTORY = "directory_name"
    EDI = "edi_party_name"
    URI = "uniform_resource_identifier"
    IP = "ip_address"
    OID = "registered_id"


@dataclass(frozen=True, slots=True)
class GeneralName:
    """One general name.

    ``text`` is there for e-mail, DNS and URI names, and for other names that hold a string; ``type_oid`` for other
    names and registered identifiers; ``directory`` for directory names. Of the rest only the kind is known.
    """

    kind: GeneralNameKind
    text: OutsideText | None = None
    type_oid: str | None = None
    directory: DistinguishedName | None = None

    def __repr__(self) -> str:
        return f"<GeneralName {self.kind.value}>"


def read_name(encoded: bytes, what: str) -> DistinguishedName:
    """Read a distinguished name from its DER; ``what`` names it in the error.

    Raises:
        CertificateError: not a name, or an undecodable string.
    """
    return parse(x509.Name, encoded, what, lambda name: from_name(name, what))


def from_name(name: Any, what: str) -> DistinguishedName:
    """Take over a distinguished name that asn1crypto has read.

    Raises:
        CertificateError: an undecodable string.
    """
    return DistinguishedName(
        tuple(
            NameAttribute(attribute["type"].dotted, _attribute_text(attribute["value"].dump(), what))
            for relative_name in name.chosen
            for attribute in relative_name
        )
    )


def _attribute_text(encoded: bytes, what: str) -> OutsideText:
    try:
        tag, content, _ = DerReader(encoded).take_any()
        return der.decode_text(tag, content) if der.is_text(tag) else OutsideText(f"#{encoded.hex()}")
    except TlvError as exc:
        raise CertificateError(f"{what}: {exc}") from exc


def from_general_names(names: Any, what: str) -> tuple[GeneralName, ...]:
    """Take over general names that asn1crypto has read.

    Raises:
        CertificateError: an undecodable string.
    """
    return tuple(from_general_name(name, what) for name in names)


def from_general_name(name: Any, what: str) -> GeneralName:
    """Take over one general name that asn1crypto has read.

    Raises:
        CertificateError: an undecodable string.
    """
    kind = GeneralNameKind(name.name)
    if kind is GeneralNameKind.DIRECTORY:
        return GeneralName(kind, directory=from_name(name.chosen, what))
    try:
        _, content, _ = DerReader(name.dump()).take_any()
        if kind is GeneralNameKind.OID:
            return GeneralName(kind, type_oid=der.decode_oid(content))
        if kind is GeneralNameKind.OTHER:
            return _other_name(DerReader(content))
        is_text = kind in (GeneralNameKind.EMAIL, GeneralNameKind.DNS, GeneralNameKind.URI)
        return GeneralName(kind, text=der.decode_text(_IA5_STRING, content) if is_text else None)
    except TlvError as exc:
        raise CertificateError(f"{what}: {exc}") from exc


def _other_name(reader: DerReader) -> GeneralName:
    oid = der.decode_oid(reader.take(der.OBJECT_IDENTIFIER))
    explicit = reader.enter(_OTHER_NAME_VALUE)
    tag, content, _ = explicit.take_any()
    explicit.finish()
    text = der.decode_text(tag, content) if der.is_text(tag) else None
    return GeneralName(GeneralNameKind.OTHER, text=text, type_oid=oid)
