"""Reading the signers of a SignedData."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import cms, tsp

from jpki.crypto.digest_info import Digest
from jpki.errors import DataError
from jpki.iso7816.tlv import encode, read_one

if TYPE_CHECKING:
    from datetime import datetime

_SET: Final = 0x31
_SEQUENCE: Final = 0x30
_NULL: Final = b"\x05\x00"
_DATA: Final = "data"
_MAX_SIGNERS: Final = 16
_VERSION: Final = "v1"
_VERSION_WITH_KEY: Final = "v3"
#: What a signer may say that it signed with: PKCS #1 v1.5, with the hash named beside it or inside.
_SIGNATURE_ALGORITHMS: Final = frozenset({"rsassa_pkcs1v15", "sha256_rsa", "sha384_rsa", "sha512_rsa"})


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature in a SignedData; None where an attribute is not there.

    ``certificate`` is the one that the signer names, as the file carries it. ``digest_name`` is None for a hash or
    signature algorithm that is not accepted (SHA-1 among them). ``bound_certificate_hash`` comes from
    signing-certificate-v2, with the function that made it.
    """

    certificate: bytes | None
    digest_name: Digest | None
    signed_attributes: bytes
    content_type: str | None
    message_digest: bytes | None
    signing_time: datetime | None
    bound_certificate: tuple[Digest, bytes] | None
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What a signature file holds: its signers and certificates."""

    content_type: str
    signers: tuple[Signer, ...]
    certificates: tuple[bytes, ...]


# asn1crypto knows the attribute signing-certificate-v2 once this module is loaded.
_BINDING: Final = tsp.SigningCertificateV2


def read_signers(signed_data: bytes) -> SignedFile:
    """Read a SignedData whose content was taken out.

    Raises:
        DataError: malformed, no signer, or too many.
    """
    try:
        info = cms.ContentInfo.load(signed_data, strict=True)
        if info["content_type"].native != "signed_data":
            raise DataError("the file is CMS, but not a signature")
        data = info["content"]
        certificates = tuple(choice.chosen.dump() for choice in data["certificates"] or ())
        infos = list(data["signer_infos"])
        if not 1 <= len(infos) <= _MAX_SIGNERS:
            raise DataError("the file has no signer, or too many")
        _check_unsigned_parts(data, infos)
        signers = tuple(_signer(info, data["certificates"] or ()) for info in infos)
        return SignedFile(data["encap_content_info"]["content_type"].native, signers, certificates)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError, RecursionError) as exc:
        # asn1crypto parses lazily and raises whatever the malformed part leads to.
        raise DataError("the file is no readable CMS signature") from exc


def _check_unsigned_parts(data: Any, infos: list[Any]) -> None:
    """Refuse what no signature covers and yet has one right form only (RFC 5652, 5.1 and 5.3).

    Raises:
        DataError: a version number or an algorithm outside the signatures does not fit what they say.
    """
    versions = [_VERSION_WITH_KEY if info["sid"].name == "subject_key_identifier" else _VERSION for info in infos]
    is_data = data["encap_content_info"]["content_type"].native == _DATA
    expected = _VERSION_WITH_KEY if _VERSION_WITH_KEY in versions or not is_data else _VERSION
    listed = [algorithm.dump() for algorithm in data["digest_algorithms"]]
    fits = data["version"].native == expected and all(
        info["version"].native == version
        and info["digest_algorithm"].dump() in listed
        and all(_is_plain(info[name]) for name in ("digest_algorithm", "signature_algorithm"))
        for info, version in zip(infos, versions, strict=True)
    )
    if not fits or len(listed) > len(infos):
        raise DataError("the file says different things of its signatures inside and outside of them")


def _is_plain(algorithm: Any) -> bool:
    """Whether an algorithm has no parameters, or NULL in their place."""
    identifier = algorithm["algorithm"].dump()
    return algorithm.dump() in (encode(_SEQUENCE, identifier), encode(_SEQUENCE, identifier + _NULL))


def _signer(info: Any, certificates: Any) -> Signer:
    attributes = _attributes(info["signed_attrs"])
    encoded = b""
    if info["signed_attrs"]:
        value, _ = read_one(info["signed_attrs"].dump())
        # Stored as [0] IMPLICIT, signed as SET OF (RFC 5652, 5.4).
        encoded = encode(_SET, value.value)
    times = attributes.get("signing_time")
    digests = attributes.get("message_digest")
    types = attributes.get("content_type")
    return Signer(
        certificate=_find_certificate(info["sid"], certificates),
        digest_name=_digest_name(info),
        signed_attributes=encoded,
        content_type=None if types is None else types.native,
        message_digest=None if digests is None else digests.native,
        signing_time=None if times is None else times.native,
        bound_certificate=_bound_certificate(attributes.get("signing_certificate_v2")),
        signature=info["signature"].native,
    )


def _attributes(attributes: Any) -> dict[str, Any]:
    """Signed attributes by type; each must be there once and have one value (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for attribute in attributes or ():
        name = attribute["type"].native
        values = list(attribute["values"])
        if name in found or len(values) != 1:
            raise DataError("a signed attribute is there twice or has not one value")
        found[name] = values[0]
    return found


def _digest_name(info: Any) -> Digest | None:
    name = info["digest_algorithm"]["algorithm"].native
    signature = info["signature_algorithm"]["algorithm"].native
    if signature not in _SIGNATURE_ALGORITHMS or signature.split("_")[0] not in ("rsassa", name):
        return None
    try:
        return Digest(name)
    except ValueError:
        return None


def _find_certificate(identifier: Any, certificates: Any) -> bytes | None:
    for choice in certificates:
        certificate = choice.chosen
        if identifier.name == "issuer_and_serial_number":
            wanted = identifier.chosen
            if (
                certificate.serial_number == wanted["serial_number"].native
                and certificate.issuer.dump() == wanted["issuer"].dump()
            ):
                return bytes(certificate.dump())
        elif certificate.key_identifier == identifier.chosen.native:
            return bytes(certificate.dump())
    return None


def _bound_certificate(value: Any) -> tuple[Digest, bytes] | None:
    if not isinstance(value, _BINDING):
        return None
    first: Any = value["certs"]
    first = first[0]
    try:
        return Digest(first["hash_algorithm"]["algorithm"].native), first["cert_hash"].native
    except ValueError:
        return None
