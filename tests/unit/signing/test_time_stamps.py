"""Time stamps of a third party, judged item by item."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from cmsforge import NOW, Holder, attribute, binding, oid
from cryptography import x509
from timestamping import service, token

from jpki.certificate.checks import Verdict
from jpki.iso7816 import encode
from jpki.signing.cms import SignatureReason, judge_time_stamp

DATA = b"a signature"


def _judge(made: bytes, *, anchors: tuple[bytes, ...] = (), now: datetime = NOW, data: bytes = DATA) -> Any:
    return judge_time_stamp(made, lambda digest: digest.of(data), anchors, now=now)


def _twin() -> Holder:
    return service(begins=timedelta(days=-399))[0]


def _through(between: int, **how: Any) -> tuple[Holder, tuple[bytes, ...]]:
    return service(through=between, **how)


def _usage(*, key_cert_sign: bool) -> tuple[tuple[Any, bool], ...]:
    """What each CA's key is for: certificates, or signatures alone."""
    others = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only"),
        False,
    )
    usage = x509.KeyUsage(
        digital_signature=not key_cert_sign, key_cert_sign=key_cert_sign, decipher_only=False, **others
    )
    return ((usage, True),)


def _unknown() -> tuple[tuple[Any, bool], ...]:
    return ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)


def _by(by: tuple[Holder, tuple[bytes, ...]]) -> tuple[bytes, bytes]:
    return token(DATA, by=by), by[1][-1]


GOOD: dict[str, Any] = {
    "by a service of the CA": lambda: token(DATA),
    "through a CA between": lambda: token(DATA, by=service(through=1)),
    "through three CAs between": lambda: token(DATA, by=service(through=3)),
    "with a fraction of a second": lambda: token(DATA, time=NOW.strftime("%Y%m%d%H%M%S.25Z").encode()),
    "with all that may stand behind the time": lambda: token(
        DATA, rest=encode(0x30, b"\x02\x01\x01") + b"\x01\x01\xff\x02\x01\x05" + encode(0xA0, b"\x05\x00")
    ),
    "for a number of 64 bytes": lambda: token(DATA, rest=encode(0x02, b"\x01" + bytes(63))),
    "through as many CAs as may be between": lambda: token(DATA, by=_through(1, path_length=1)),
    "by a CA for certificates": lambda: token(DATA, by=_through(1, more=_usage(key_cert_sign=True))),
    "SHA-512": lambda: token(DATA, digest="sha512"),
    "by a clock five minutes fast": lambda: token(DATA, at=NOW + timedelta(minutes=5)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_stamp_passes_by_its_ca_alone(name: str) -> None:
    """Without it, the same stamp is told as not checked; by another CA, too."""
    made = GOOD[name]()
    by = {
        "through a CA between": service(through=1),
        "through three CAs between": service(through=3),
        "through as many CAs as may be between": _through(1, path_length=1),
        "by a CA for certificates": _through(1, more=_usage(key_cert_sign=True)),
    }.get(name, service())
    anchor = by[1][-1]
    result, stamp = _judge(made, anchors=(service(through=2)[1][-1], anchor))
    assert (result.verdict, result.reason, stamp.is_confirmed) == (Verdict.PASS, SignatureReason.OK, True)

    for anchors in ((), (service(through=2)[1][-1],)):
        result, stamp = _judge(made, anchors=anchors)
        assert (result.verdict, result.reason.value) == (Verdict.NOT_CHECKED, "time_stamp_service_unknown")
        assert not stamp.is_confirmed


def test_the_service_itself_can_be_named() -> None:
    """Its own certificate, in the place of its CA's."""
    result, _ = _judge(token(DATA), anchors=(service()[0].certificate,))
    assert result.verdict is Verdict.PASS


UNKNOWN: dict[str, Any] = {
    "the CA between is not enclosed": lambda: (
        token(DATA, by=service(through=1), encloses=(service(through=1)[0].certificate,)),
        service(through=1)[1][-1],
    ),
    "the CA is none": lambda: (token(DATA, by=service(is_ca=False)), service(is_ca=False)[1][-1]),
    "more CAs than may be between": lambda: _by(_through(1, path_length=0)),
    "the CA is not for certificates": lambda: _by(service(more=_usage(key_cert_sign=False))),
    "the CA has a critical extension that is not known": lambda: _by(service(more=_unknown())),
    "the CAs are too many": lambda: (token(DATA, by=service(through=7)), service(through=7)[1][-1]),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_service_that_no_known_ca_leads_to_is_unknown(name: str) -> None:
    """The stamp is good, and whose it is cannot be told."""
    made, anchor = UNKNOWN[name]()
    result, _ = _judge(made, anchors=(anchor,))
    assert (result.verdict, result.reason.value) == (Verdict.NOT_CHECKED, "time_stamp_service_unknown")


def _another_type(made: dict[str, bytes]) -> dict[str, bytes]:
    return {**made, "content_type": attribute("content_type", oid("data"))}


def _without(name: str) -> Any:
    return lambda made: {k: v for k, v in _typed(made).items() if k != name}


def _typed(made: dict[str, bytes]) -> dict[str, bytes]:
    return {**made, "content_type": attribute("content_type", oid("tst_info"))}


def _flipped(signature: bytes) -> bytes:
    return signature[:-1] + bytes((signature[-1] ^ 1,))


BAD: dict[str, tuple[Any, str]] = {
    "of something else": (lambda: token(b"another signature"), "time_stamp_of_other"),
    "of a hash that is not accepted": (lambda: token(DATA, digest="sha1"), "algorithm_not_accepted"),
    "signed with SHA-1": (
        lambda: token(DATA, signer={"digest": "sha1", "scheme": "pkcs1", "holder": _rsa()}),
        "algorithm_not_accepted",
    ),
    "a bit of its signature": (lambda: token(DATA, signer={"mangle_signature": _flipped}), "bad_signature"),
    "by another key": (
        lambda: token(DATA, signer={"holder": Holder(_twin().key, service()[0].certificate)}),
        "bad_signature",
    ),
    "by a key of another kind": (
        lambda: token(DATA, signer={"scheme": "pkcs1", "holder": Holder(_rsa().key, service()[0].certificate)}),
        "key_not_accepted",
    ),
    "its hash not signed": (lambda: token(DATA, signer={"content_digest": bytes(32)}), "bad_signature"),
    "signed as another type": (lambda: token(DATA, signer={"attributes": _another_type}), "bad_signature"),
    "no signed attributes": (lambda: token(DATA, signer={"has_attributes": False}), "bad_signature"),
    "bound to no certificate": (lambda: token(DATA, signer={"attributes": _without("binding")}), "other_certificate"),
    "bound to another certificate": (
        lambda: token(DATA, signer={"binding": binding(_twin().certificate)}),
        "other_certificate",
    ),
    "certificate not enclosed": (lambda: token(DATA, encloses=()), "no_certificate"),
    "certificate without the purpose": (
        lambda: token(DATA, by=service(purpose="none")),
        "no_time_stamp_certificate",
    ),
    "certificate with more purposes": (lambda: token(DATA, by=service(purpose="more")), "no_time_stamp_certificate"),
    "certificate whose purpose may be passed over": (
        lambda: token(DATA, by=service(is_critical=False)),
        "no_time_stamp_certificate",
    ),
    "in the future": (lambda: token(DATA, at=NOW + timedelta(minutes=11)), "time_in_future"),
    "after the certificate": (lambda: token(DATA, by=service(ends=timedelta(days=-1))), "expired"),
    "before the certificate": (lambda: token(DATA, by=service(), at=NOW - timedelta(days=401)), "not_yet_valid"),
    "no token": (lambda: encode(0x30, b""), "time_stamp_unreadable"),
    "empty": (lambda: b"", "time_stamp_unreadable"),
    "another version": (lambda: token(DATA, version=b"\x02\x01\x02"), "time_stamp_unreadable"),
    "no time": (lambda: token(DATA, time=b"20260230000000Z"), "time_stamp_unreadable"),
    "a time without a zone": (lambda: token(DATA, time=b"20260101000000"), "time_stamp_unreadable"),
    "a time with half a fraction": (lambda: token(DATA, time=b"20260101000000.Z"), "time_stamp_unreadable"),
    "more in the imprint": (lambda: token(DATA, imprint=encode(0x30, b"\x05\x00")), "time_stamp_unreadable"),
}


def _rsa() -> Holder:
    from cmsforge import holder

    return holder()


@pytest.mark.parametrize("name", BAD)
def test_a_stamp_that_does_not_hold_fails_for_its_own_reason(name: str) -> None:
    """Also where its CA is believed; what it says is not told."""
    make, reason = BAD[name]
    by = [service(purpose="none"), service(purpose="more"), service(is_critical=False), service()]
    anchors = tuple(chain[-1] for _, chain in [*by, service(ends=timedelta(days=-1))])
    result, stamp = _judge(make(), anchors=anchors)

    assert (result.verdict, result.reason.value) == (Verdict.FAIL, reason)
    assert stamp is None
