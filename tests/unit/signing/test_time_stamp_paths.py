"""From a time stamp service's certificate up to a CA: whoever made the stamp chose what it encloses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cmsforge import NOW, Holder
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from timestamping import token

from jpki.certificate.checks import find_signature_fault
from jpki.signing.cms import judge_time_stamp, time_stamp

DATA = b"a signature"
CA_KEY = ec.generate_private_key(ec.SECP256R1())
PURPOSE = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
UNKNOWN = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)


def _made(name: str, key: Any, number: int, *extensions: tuple[Any, bool]) -> Holder:
    """A certificate that the CA issued, itself or another of its name and key."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("TEST time stamp CA", name)]
    builder = x509.CertificateBuilder(names[0], names[1], key.public_key(), number)
    builder = builder.not_valid_before(NOW - timedelta(days=400)).not_valid_after(NOW + timedelta(days=400))
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    return Holder(key, builder.sign(CA_KEY, hashes.SHA256()).public_bytes(Encoding.DER))


def _ca(number: int) -> bytes:
    return _made(
        "TEST time stamp CA", CA_KEY, number, (x509.BasicConstraints(ca=True, path_length=None), True)
    ).certificate


def _service(*extensions: tuple[Any, bool]) -> Holder:
    return _made("TEST time stamps", ec.generate_private_key(ec.SECP256R1()), 7, PURPOSE, *extensions)


def _usage(**usages: bool) -> tuple[x509.KeyUsage, bool]:
    names = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
    none = dict.fromkeys((*names.split(), "crl_sign", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(**{**none, **usages}), True


def test_many_cas_of_one_name_and_key_hold_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them issued each other one; every way through them would never be gone."""
    looks = list[int]()

    def counted(*arguments: Any) -> Any:
        looks.append(1)
        assert len(looks) < 2000
        return find_signature_fault(*arguments)

    monkeypatch.setattr(time_stamp, "find_signature_fault", counted)
    made = token(DATA, by=(_service(), tuple(_ca(number) for number in range(100, 140))))
    _, stamp = judge_time_stamp(made, lambda digest: digest.of(DATA), (), now=NOW)

    assert stamp is not None
    assert not stamp.is_confirmed


@pytest.mark.parametrize(
    ("extensions", "reason"),
    [
        ((), "ok"),
        ((_usage(digital_signature=True),), "ok"),
        ((_usage(content_commitment=True),), "ok"),
        ((_usage(key_encipherment=True),), "no_time_stamp_certificate"),
        ((UNKNOWN,), "time_stamp_service_unknown"),
    ],
    ids=["as usual", "digitalSignature", "nonRepudiation", "keyEncipherment", "something critical"],
)
def test_the_services_certificate_has_to_be_for_signatures(
    extensions: tuple[tuple[Any, bool], ...], reason: str
) -> None:
    """And one with something critical that nobody here knows is confirmed by no CA (RFC 5280, 4.2)."""
    made = token(DATA, by=(_service(*extensions), (_ca(100),)))
    result, _ = judge_time_stamp(made, lambda digest: digest.of(DATA), (_ca(101),), now=NOW)

    assert result.reason.value == reason
