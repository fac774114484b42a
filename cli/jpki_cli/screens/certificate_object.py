"""A certificate as a JSON object: ``jpki.cert/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.certificate import issuer_label, period_of, read_details, read_summary, write_pem

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.certificate import DistinguishedName, GeneralName, PersonalAttributes, RegisteredText
    from jpki_cli.results.certificates import CertificateMembers, NameAttributeFacts, PersonalFacts, RegisteredTextFacts


def note_certificate(members: CertificateMembers, der: bytes, at: datetime) -> None:
    """Put the facts of a certificate into the JSON object; instants in Japan time."""
    details = read_details(der)
    summary = read_summary(der)
    period = period_of(summary, at)
    extensions = details.extensions
    key = extensions.authority_key
    members.update(
        {
            "subject": _name(details.subject),
            "issuer": _name(details.issuer),
            "issuer_label": issuer_label(summary),
            "serial": f"{details.serial:X}",
            "not_before": period.not_before.isoformat(),
            "not_after": period.not_after.isoformat(),
            "state": period.state.value,
            "days_left": period.days_left,
            "renewable_from": period.renewable_from.isoformat(),
            "revocation": "not_checked",
            "personal": _personal(details.personal),
            "public_key": {
                "algorithm": details.public_key.algorithm,
                "bits": details.public_key.bits,
                "curve": details.public_key.curve,
                "sha256": details.public_key_sha256.hex(),
            },
            "signature_algorithm": details.signature_algorithm.name,
            "key_usage": list(extensions.key_usage or ()),
            "extended_key_usage": list(extensions.extended_key_usage or ()),
            "policies": [policy.oid for policy in extensions.policies],
            "subject_key_identifier": _hex(extensions.subject_key_identifier),
            "authority_key_identifier": None if key is None else _hex(key.key_identifier),
            "distribution_points": [_general_name(name) for name in extensions.distribution_points],
            "authority_information": [
                {"method": access.method, "location": _general_name(access.location)}
                for access in extensions.authority_information
            ],
            "unknown_critical_extensions": list(extensions.unknown_critical),
            "sha256": details.sha256.hex(),
            "pem": write_pem(der),
        }
    )


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _name(name: DistinguishedName) -> list[NameAttributeFacts]:
    return [{"oid": a.oid, "label": a.label, "value": a.text} for a in name.attributes]


def _general_name(name: GeneralName) -> str | None:
    return name.text if name.directory is None else name.directory.to_text()


def _personal(personal: PersonalAttributes) -> PersonalFacts | None:
    if personal.name is None and personal.address is None and personal.birth_date is None and personal.sex is None:
        return None
    birth, sex = personal.birth_date, personal.sex
    return {
        "name": _registered(personal.name),
        "birth_date": None
        if birth is None
        else {
            "raw": birth.raw,
            "date": None if birth.day is None else birth.day.isoformat(),
            "era": None if birth.era is None else birth.era.label,
        },
        "sex": None
        if sex is None
        else {"code": sex.code, "meaning": None if sex.meaning is None else sex.meaning.value},
        "address": _registered(personal.address),
        "others": [{"oid": other.type_oid, "kind": other.kind.value, "value": other.text} for other in personal.others],
    }


def _registered(value: RegisteredText | None) -> RegisteredTextFacts | None:
    if value is None:
        return None
    replaced = None if value.replaced is None else list(value.replaced)
    return {"value": value.text, "flags": value.flags, "replaced": replaced}
