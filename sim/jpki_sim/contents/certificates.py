"""The two certificates of a card, written byte for byte as the profile has them (docs/certificates.md, 2.1 to 2.3).

What a reader depends on is kept: extensions, their order and criticality, policy identifiers, the CPS address, the two
forms of subject, the six personal attributes. What would name a real issuer is not: issuer, directory names and the
OCSP address, which points into the reserved domain ``.invalid``: nothing can ask a real responder about a TEST card.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final

from jpki_sim.dates import birth_attribute, resolve_day, resolve_instant
from jpki_sim.model import NEXT_GENERATION
from jpki_sim.pki import (
    ISSUERS,
    Issuer,
    Use,
    decode_key,
    decode_p384_key,
    der,
    key_identifier,
    shipped_key,
    shipped_p384_key,
    x509,
)

if TYPE_CHECKING:
    from datetime import date

    from jpki_sim.card import PrivateKey, RsaPrivateKey
    from jpki_sim.model import CardFile, CertificateEntry, Defect, Holder

OCSP_URI: Final = "http://ocsp.invalid"
CPS_URI: Final = "http://www.jpki.go.jp/cps.html"
POLICIES: Final = {"auth": "1.2.392.200149.8.5.1.3.30", "sign": "1.2.392.200149.8.5.1.1.20"}
PERSONAL_DATA: Final = "1.2.392.200149.8.5.5"
_KEY_USAGES: Final = {"auth": ("80", 7), "sign": ("C0", 6)}
_CPS_QUALIFIER: Final = "1.3.6.1.5.5.7.2.1"
_OCSP_METHOD: Final = "1.3.6.1.5.5.7.48.1"
_CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"
_URI_NAME: Final = 6
#: An identifier under the arc for examples, which no program can know.
_UNKNOWN_EXTENSION: Final = "2.999.42"


def make_certificate(card: CardFile, use: Use, entry: CertificateEntry, today: date) -> bytes:
    """The bytes of a certificate EF without filler."""
    if entry.der is not None:
        return binascii.a2b_base64(entry.der)
    issuer = ISSUERS[entry.issuer]
    certificate = x509.Certificate(
        serial=entry.serial,
        issuer=x509.encode_name(issuer.distinguished_name),
        not_before=resolve_instant(entry.not_before, today, is_end=False),
        not_after=resolve_instant(entry.not_after, today, is_end=True),
        subject=_subject(card, use, entry),
        key=shipped_key("foreign-ca") if entry.defect == "key-mismatch" else certificate_key(card, use),
        extensions=_extensions(card, use, entry, today),
    )
    return _break(certificate.signed_by(issuer.key), entry.defect)


def card_key(card: CardFile, name: str) -> RsaPrivateKey:
    """A private key of the card: one of its own, or a public TEST key."""
    text = card.keys[name]
    prefix, _, shipped = text.partition(":")
    return shipped_key(shipped) if prefix == "test" else decode_key(text)


def certificate_key(card: CardFile, use: Use) -> PrivateKey:
    """The private key that a certificate belongs to; of P-384 on a card of the next generation."""
    if card.kind != NEXT_GENERATION:
        return card_key(card, use)
    text = card.keys[use]
    prefix, _, shipped = text.partition(":")
    return shipped_p384_key(shipped) if prefix == "test" else decode_p384_key(text)


def _subject(card: CardFile, use: Use, entry: CertificateEntry) -> bytes:
    place = (("L", card.municipality.prefecture), ("L", card.municipality.city)) if use == "sign" else ()
    return x509.encode_name((("C", "JP"), *place, ("CN", entry.common_name)))


def _extensions(card: CardFile, use: Use, entry: CertificateEntry, today: date) -> tuple[bytes, ...]:
    issuer = ISSUERS[entry.issuer]
    own_part = (
        x509.extension("2.5.29.37", der.sequence(der.oid(_CLIENT_AUTH)))
        if use == "auth"
        else _alternative_name(card.holder, today, is_swapped=entry.defect == "swapped-san-order")
    )
    made = (
        b"" if entry.defect == "no-key-usage" else x509.key_usage(*_KEY_USAGES[use]),
        own_part,
        b"" if entry.defect == "no-policy" else _policy(entry.policy or POLICIES[use]),
        x509.extension("2.5.29.18", der.sequence(x509.directory_name(issuer.japanese_name))),
        x509.distribution_point(_distribution_point(card, issuer)),
        _authority_information(),
        _authority_key(issuer),
        x509.subject_key_identifier(certificate_key(card, use)),
    )
    extra = (
        (x509.extension(_UNKNOWN_EXTENSION, der.utf8("TEST"), critical=True),)
        if entry.defect == "unknown-critical-extension"
        else ()
    )
    return made + extra


def _policy(identifier: str) -> bytes:
    qualifier = der.sequence(der.oid(_CPS_QUALIFIER), der.ia5(CPS_URI))
    information = der.sequence(der.oid(identifier), der.sequence(qualifier))
    return x509.extension("2.5.29.32", der.sequence(information), critical=True)


def _distribution_point(card: CardFile, issuer: Issuer) -> x509.Name:
    country, organisation, unit, *_ = issuer.distinguished_name
    return (
        country,
        organisation,
        unit,
        ("OU", "CRL Distribution Points"),
        ("OU", card.municipality.prefecture),
        ("CN", f"{card.municipality.city} CRLDP"),
    )


def _authority_information() -> bytes:
    location = der.context(_URI_NAME, OCSP_URI.encode(), constructed=False)
    return x509.extension("1.3.6.1.5.5.7.1.1", der.sequence(der.sequence(der.oid(_OCSP_METHOD), location)))


def _authority_key(issuer: Issuer) -> bytes:
    value = der.sequence(
        der.context(0, key_identifier(issuer.key), constructed=False),
        der.context(1, x509.directory_name(issuer.distinguished_name)),
        der.context(2, der.integer_content(issuer.serial), constructed=False),
    )
    return x509.extension("2.5.29.35", value)


def _alternative_name(holder: Holder, today: date, *, is_swapped: bool) -> bytes:
    birth = resolve_day(holder.birth_date, today)
    values = {
        1: holder.name,
        4: birth_attribute(birth) if holder.birth_date_attribute is None else holder.birth_date_attribute,
        3: holder.sex,
        5: holder.address,
        2: holder.name_flags,
        6: holder.address_flags,
    }
    order = sorted(values) if is_swapped else values
    names = [(f"{PERSONAL_DATA}.{arc}", values[arc]) for arc in order]
    names += [(other.oid, other.value) for other in holder.other_names]
    return x509.extension("2.5.29.17", der.sequence(*(_other_name(*name) for name in names)))


def _other_name(identifier: str, value: str) -> bytes:
    return der.context(0, der.oid(identifier) + der.context(0, der.utf8(value)))


def _break(certificate: bytes, defect: Defect | None) -> bytes:
    if defect == "truncated-der":
        return certificate[: len(certificate) * 2 // 3]
    if defect == "wrong-length":
        return certificate[:2] + (int.from_bytes(certificate[2:4]) + 64).to_bytes(2) + certificate[4:]
    if defect == "bad-signature":
        return certificate[:-1] + bytes((certificate[-1] ^ 1,))
    return certificate
