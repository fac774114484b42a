"""Signatures as other programs make them, and as somebody makes who cheats, with what has to be found in each.

Each attack is signed again where that belongs to it, so that only the check that is named can find it.
"""

from __future__ import annotations

from base64 import encodebytes
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmsforge import (
    CONTENT,
    NOW,
    NULL,
    File,
    Holder,
    Signer,
    algorithm,
    attribute,
    binding,
    ca_certificate,
    ending,
    holder,
    issuer_serial,
    key_identifier,
    oid,
    pss_parameters,
    revocation_list,
    time,
)
from timestamping import service, token

from jpki.iso7816 import encode

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_END = {"signature": "unreadable_certificate", "signer_certificate": "unreadable_certificate"}
EXTRA = encode(0x04, b"something that nobody signed")


@dataclass(frozen=True)
class Case:
    """A signature, and what has to be found: the exit code, and of what failed item and reason.

    ``content`` is the file beside it, None for a signature that holds it. ``remarks`` are items that are not checked.
    """

    build: Callable[[], bytes]
    code: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    content: bytes | None = CONTENT
    suffix: str = ".p7s"
    options: tuple[str, ...] = ()


def _one(**how: Any) -> Callable[[], bytes]:
    """A file with one signer, in whom something is different."""
    return lambda: File((Signer(**how),)).build()


def _pss(
    *, function: str = "mgf1", in_mask: bytes = b"", in_salt: bytes = b"", behind: bytes = b""
) -> Callable[[], bytes]:
    """A file signed with PSS and SHA-256, whose parameters say something more or something else."""
    mask = encode(0x30, oid(function) + algorithm("sha256") + in_mask)
    salt = encode(0xA2, b"\x02\x01\x20" + in_salt)
    members = encode(0xA0, algorithm("sha256")) + encode(0xA1, mask) + salt + behind
    return _one(scheme="pss", signature_algorithm=algorithm("rsa_pss", encode(0x30, members)))


def _file(**how: Any) -> Callable[[], bytes]:
    """A file in which something is different."""
    return lambda: File(**how).build()


def _ec(kind: str, digest: str) -> Callable[[], bytes]:
    return lambda: File((Signer(holder(kind=kind), digest=digest, scheme="ecdsa"),)).build()


def _pem(*, before: bytes = b"") -> Callable[[], bytes]:
    def build() -> bytes:
        return before + b"-----BEGIN CMS-----\n" + encodebytes(File().build()) + b"-----END CMS-----\n"

    return build


_TYPE = b'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'


def _mail() -> bytes:
    body = encodebytes(File(content=CONTENT, is_attached=True).build())
    return b"MIME-Version: 1.0\nContent-Type: " + _TYPE + b"\nContent-Transfer-Encoding: base64\n\n" + body


def _multipart(
    content: bytes = b"Content-Type: text/plain\r\n\r\nI owe you 100 yen.\r\n", *, crlf: bool = True
) -> bytes:
    signature = encodebytes(File(content=content).build())
    head = (
        b'MIME-Version: 1.0\nContent-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="=_b"\n\n'
    )
    part = b"\n--=_b\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\n" + signature
    mail = head + b"A preamble.\n--=_b\n" + content + part + b"\n--=_b--\n"
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if crlf else mail.replace(b"\r\n", b"\n")


def _time_attribute(value: bytes) -> Callable[[], bytes]:
    return _one(signing_time=value)


def _generalized(text: bytes) -> bytes:
    return encode(0x18, text)


def _dropped(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda made: {key: value for key, value in made.items() if key != name}


def _replaced(name: str, value: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda made: {**made, name: value}


def _bound(function: str, *, certificate: bytes | None = None, more: bytes = b"") -> Callable[[], bytes]:
    """A file whose signer named a certificate in this way, and signed that."""
    certificate = holder().certificate if certificate is None else certificate
    if function == "v1":
        value = attribute("signing_certificate", binding(certificate, function="sha1", more=more))
    else:
        named = algorithm("sha1") if function == "sha1" else b""
        value = attribute("signing_certificate_v2", _with_algorithm(certificate, function, named, more))
    return _one(attributes=_replaced("binding", value))


def _with_algorithm(certificate: bytes, function: str, named: bytes, more: bytes) -> bytes:
    plain = binding(certificate, function=function, more=more)
    if not named:
        return plain
    import hashlib

    digest = encode(0x04, hashlib.new(function, certificate).digest())
    return encode(0x30, encode(0x30, encode(0x30, named + digest + more)))


def _another() -> Holder:
    """Somebody else with a certificate of the same issuer."""
    return holder(kind="2048", serial=0x07000009)


def _twin() -> Holder:
    """A certificate of the same issuer and number, for another key."""
    return holder(kind="2048")


def _attributes_as_content() -> tuple[bytes, bytes]:
    """What somebody really signed, its attributes, as the content of a signature without attributes."""
    attributes = Signer().encoded_attributes(CONTENT)
    return File((Signer(has_attributes=False),), content=attributes).build(), attributes


def _login(*, has_attributes: bool) -> Callable[[], bytes]:
    signer = holder("auth")
    certificates = (signer.certificate, ca_certificate("auth-2023"))
    return _file(signers=(Signer(signer, has_attributes=has_attributes),), certificates=certificates)


def _outside(name: str) -> Callable[[], bytes]:
    return _file(**{name: EXTRA})


_NO_STAMP = encode(0xA1, attribute("time_stamp_token", encode(0x30, b"")))
_LOGIN = {"key_usage": "usage_missing", "policy": "login_policy"}
_BROKEN_ALGORITHM = {"content": "algorithm_not_accepted", "signature": "algorithm_not_accepted"}
_OTHER_CERTIFICATE = {"certificate_binding": "other_certificate"}
_TWO_TIMES = attribute("signing_time", time(NOW), time(NOW))

#: What scripts/make-other-signatures had them sign.
OTHERS = {
    "gpgsm": ("detached", "attached"),
    "BouncyCastle": ("detached", "attached", "streamed", "pss", "ecdsa"),
}


def _has_content(how: str) -> bool:
    return how in ("attached", "streamed")


def _kept(name: str) -> Callable[[], bytes]:
    (path,) = (Path(__file__).parent / "othersigned").glob(f"{name}.p7?")
    return path.read_bytes


SOUND: dict[str, Case] = {
    "as this program makes it": Case(_file()),
    "only the signer enclosed (myna)": Case(_file(certificates=(holder().certificate,))),
    "attached": Case(_file(is_attached=True), content=None, suffix=".p7m"),
    "BER, lengths not given, beside": Case(lambda: File().build_streaming()),
    "BER, lengths not given, content in pieces": Case(
        lambda: File(is_attached=True).build_streaming(), content=None, suffix=".p7m"
    ),
    "BER, content in one piece": Case(
        lambda: File(is_attached=True).build_streaming(pieces=100000), content=None, suffix=".p7m"
    ),
    "BER, empty content": Case(
        lambda: File(is_attached=True, content=b"").build_streaming(), content=None, suffix=".p7m"
    ),
    "PSS, SHA-256": Case(_one(scheme="pss")),
    "PSS, SHA-384": Case(_one(scheme="pss", digest="sha384")),
    "PSS, SHA-512": Case(_one(scheme="pss", digest="sha512")),
    "PSS, salt of 20": Case(_one(scheme="pss", salt=20)),
    "ECDSA P-256": Case(_ec("P-256", "sha256")),
    "ECDSA P-384": Case(_ec("P-384", "sha384")),
    "RSA of 4096 bits": Case(_one(holder=holder(kind="4096"))),
    "sha256WithRSA named as algorithm": Case(_one(signature_algorithm=algorithm("sha256_rsa", NULL))),
    "no digest algorithm listed": Case(_file(digest_algorithms=())),
    "digest algorithms with NULL": Case(
        _file(
            digest_algorithms=(algorithm("sha256", NULL),),
            signers=(Signer(digest_algorithm=algorithm("sha256", NULL)),),
        )
    ),
    "more digest algorithms than signers": Case(
        _file(digest_algorithms=(algorithm("sha1"), algorithm("sha256"), algorithm("sha512")))
    ),
    "an attribute certificate in the set": Case(
        _file(certificates=(holder().certificate, encode(0xA2, encode(0x30, b""))), version=4)
    ),
    "an attribute certificate of version 1 in the set": Case(
        _file(certificates=(holder().certificate, encode(0xA1, encode(0x30, b""))), version=3)
    ),
    "a certificate of another form in the set": Case(
        _file(certificates=(holder().certificate, encode(0xA3, encode(0x30, b""))), version=5)
    ),
    "a revocation list enclosed": Case(lambda: File(crls=encode(0xA1, revocation_list())).build()),
    "signer named by its key": Case(lambda: File((Signer(sid=encode(0x80, key_identifier())),)).build()),
    "64 signers": Case(_file(signers=tuple(Signer(digest="sha256") for _ in range(64)))),
    "two people": Case(_file(signers=(Signer(), Signer(_another())))),
    "PEM with text before it": Case(_pem(before=b"subject=/CN=somebody\n\n")),
    "S/MIME, content inside": Case(_mail, content=None, suffix=".eml"),
    "S/MIME, content beside": Case(_multipart, content=None, suffix=".eml"),
    "S/MIME saved with other line ends": Case(lambda: _multipart(crlf=False), content=None, suffix=".eml"),
    "no signed attributes": Case(
        _one(has_attributes=False),
        remarks={"certificate_binding": "not_bound", "signing_time": "no_signing_time"},
    ),
    "no signing time": Case(_one(signing_time=None), remarks={"signing_time": "no_signing_time"}),
    "certificate not bound": Case(_one(binding=b""), remarks={"certificate_binding": "not_bound"}),
    "bound by SHA-1 alone": Case(_bound("v1"), remarks={"certificate_binding": "weakly_bound"}),
    "bound with issuer and number": Case(_bound("sha256", more=issuer_serial(holder().certificate))),
    "a time stamp beside the signature": Case(_one(stamp=token), remarks={"time_stamp": "time_stamp_service_unknown"}),
    "something else beside the signature": Case(
        _one(unsigned=encode(0xA1, attribute("enveloped_data", NULL))),
        remarks={"unsigned_attributes": "not_signed"},
    ),
    **{
        f"by {program}, {how}": Case(
            _kept(f"{program.lower()}-{how}"),
            content=None if _has_content(how) else CONTENT,
            suffix=".p7m" if _has_content(how) else ".p7s",
            remarks={"certificate_binding": "not_bound"},
        )
        for program, ways in OTHERS.items()
        for how in ways
    },
    "a clock five minutes fast": Case(_time_attribute(time(NOW + timedelta(minutes=5)))),
}
UNSOUND: dict[str, Case] = {
    "content: another hash, signed": Case(_one(content_digest=bytes(32)), 7, {"content": "content_changed"}),
    "content: its hash not signed": Case(
        _one(attributes=_dropped("message_digest")), 7, {"content": "no_content_hash"}
    ),
    "content: its type not signed": Case(_one(attributes=_dropped("content_type")), 7, {"content": "no_content_hash"}),
    "content: of another type, signed so": Case(
        _one(attributes=_replaced("content_type", attribute("content_type", oid("tst_info")))),
        7,
        {"content": "other_content_type"},
    ),
    "content: of another type inside": Case(
        _file(
            content_type="tst_info",
            signers=(Signer(attributes=_replaced("content_type", attribute("content_type", oid("tst_info")))),),
        ),
        7,
        {"content": "other_content_type"},
    ),
    "signature: a bit of it": Case(
        _one(mangle_signature=lambda made: made[:-1] + bytes((made[-1] ^ 1,))), 7, {"signature": "bad_signature"}
    ),
    "signature: by another key": Case(
        lambda: File((Signer(Holder(_another().key, holder().certificate)),)).build(), 7, {"signature": "bad_signature"}
    ),
    "signature: SHA-1": Case(_one(digest="sha1"), 7, _BROKEN_ALGORITHM),
    "signature: sha1WithRSA over SHA-256": Case(
        _one(signature_algorithm=algorithm("sha1_rsa", NULL)), 7, _BROKEN_ALGORITHM
    ),
    "signature: two hash functions named": Case(
        _one(signature_algorithm=algorithm("sha384_rsa", NULL)), 7, _BROKEN_ALGORITHM
    ),
    "signature: PSS without parameters": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa_pss")), 7, _BROKEN_ALGORITHM
    ),
    "signature: PSS with SHA-1 in MGF1": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa_pss", pss_parameters("sha256", mgf="sha1"))),
        7,
        _BROKEN_ALGORITHM,
    ),
    "signature: PSS with another salt": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa_pss", pss_parameters("sha256", salt=31))),
        7,
        {"signature": "bad_signature"},
    ),
    "signature: PSS called PKCS #1": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa", NULL)), 7, {"signature": "bad_signature"}
    ),
    "key: RSA of 1024 bits": Case(_one(holder=holder(kind="1024")), 7, {"signature": "key_not_accepted"}),
    "key: RSA of 2047 bits": Case(_one(holder=holder(kind="2047")), 7, {"signature": "key_not_accepted"}),
    "key: P-521": Case(_ec("P-521", "sha512"), 7, {"signature": "key_not_accepted"}),
    "key: RSA called ECDSA": Case(
        _one(signature_algorithm=algorithm("ecdsa_sha256")), 7, {"signature": "key_not_accepted"}
    ),
    "signature: PSS with another hash function": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa_pss", pss_parameters("sha384", mgf="sha256"))),
        7,
        _BROKEN_ALGORITHM,
    ),
    "signature: PSS with something behind its parameters": Case(
        _one(scheme="pss", signature_algorithm=algorithm("rsa_pss", pss_parameters("sha256") + NULL)),
        7,
        _BROKEN_ALGORITHM,
    ),
    "signature: PSS with something behind its salt": Case(_pss(behind=NULL), 7, _BROKEN_ALGORITHM),
    "signature: PSS with something behind its MGF1": Case(_pss(in_mask=NULL), 7, _BROKEN_ALGORITHM),
    "signature: PSS with two salts": Case(_pss(in_salt=b"\x02\x01\x20"), 7, _BROKEN_ALGORITHM),
    "signature: PSS with another trailer": Case(_pss(behind=encode(0xA3, b"\x02\x01\x02")), 7, _BROKEN_ALGORITHM),
    "signature: PSS with another function for its mask": Case(_pss(function="sha256"), 7, _BROKEN_ALGORITHM),
    "key: of another kind than the signature": Case(
        _one(holder=holder(kind="P-256"), scheme="ecdsa", signature_algorithm=algorithm("rsa", NULL)),
        7,
        {"signature": "key_not_accepted"},
    ),
    "certificate: not enclosed": Case(
        _file(certificates=(ca_certificate(),)),
        7,
        {"signature": "no_certificate", "signer_certificate": "no_certificate"},
    ),
    "certificate: one of the same number put in": Case(
        lambda: File(certificates=(_twin().certificate, ca_certificate())).build(),
        7,
        {"signature": "bad_signature", **_OTHER_CERTIFICATE},
    ),
    "binding: another certificate (v2)": Case(
        _bound("sha256", certificate=_another().certificate), 7, _OTHER_CERTIFICATE
    ),
    "binding: another certificate (v1)": Case(_bound("v1", certificate=_another().certificate), 7, _OTHER_CERTIFICATE),
    "binding: another certificate (v2 with SHA-1)": Case(
        _bound("sha1", certificate=_another().certificate), 7, _OTHER_CERTIFICATE
    ),
    "binding: another number": Case(
        _bound("sha256", more=issuer_serial(holder().certificate, serial=1)), 7, _OTHER_CERTIFICATE
    ),
    "binding: another issuer": Case(
        _bound("sha256", more=issuer_serial(holder("auth").certificate, serial=0x07000001)), 7, _OTHER_CERTIFICATE
    ),
    "time: in the future": Case(_time_attribute(time(NOW + timedelta(days=1))), 7, {"signing_time": "time_in_future"}),
    "time: before the certificate": Case(
        _time_attribute(time(NOW - timedelta(days=500))), 7, {"period": "not_yet_valid"}
    ),
    "time: after the certificate": Case(
        _one(
            holder=holder(begins=timedelta(days=-900), ends=timedelta(days=-500)),
            signing_time=time(NOW - timedelta(days=100)),
        ),
        7,
        {"period": "expired", "period_now": "expired"},
    ),
    "time: the certificate has not begun": Case(
        _one(holder=holder(begins=timedelta(days=1)), signing_time=None),
        7,
        {"period": "not_yet_valid", "period_now": "not_yet_valid"},
    ),
    "time: the year 0": Case(_time_attribute(_generalized(b"00000101000000Z")), 7, {"signing_time": "time_unreadable"}),
    "time: the year 9999": Case(
        _time_attribute(_generalized(b"99991231235959Z")), 7, {"signing_time": "time_unreadable"}
    ),
    "time: without a zone": Case(
        _time_attribute(_generalized(b"20260101000000")), 7, {"signing_time": "time_unreadable"}
    ),
    "time: in another zone": Case(
        _time_attribute(_generalized(b"20260101000000+")), 7, {"signing_time": "time_unreadable"}
    ),
    "time: a 30 February": Case(
        _time_attribute(encode(0x17, b"260230000000Z")), 7, {"signing_time": "time_unreadable"}
    ),
    "time: no time": Case(_time_attribute(encode(0x0C, b"yesterday")), 7, {"signing_time": "time_unreadable"}),
    "certificate: ends in the year 9999": Case(_one(holder=ending(_generalized(b"99991231235959Z"))), 7, _NO_END),
    "certificate: ends in the year 0": Case(_one(holder=ending(_generalized(b"00000101000000Z"))), 7, _NO_END),
    "certificate: ends without a zone": Case(_one(holder=ending(encode(0x17, b"490101000000"))), 7, _NO_END),
    "certificate: ends on a 30 February": Case(_one(holder=ending(encode(0x17, b"490230000000Z"))), 7, _NO_END),
    "time stamp: of another signature": Case(
        _one(stamp=lambda _: token(b"another signature")), 7, {"time_stamp": "time_stamp_of_other"}
    ),
    "time stamp: none in its place": Case(_one(unsigned=_NO_STAMP), 7, {"time_stamp": "time_stamp_unreadable"}),
    "time stamp: one that holds and one that does not": Case(
        _one(stamp=lambda made: token(made) + token(b"another signature")),
        7,
        {"time_stamp": "time_stamp_of_other"},
    ),
    "time stamp: by a certificate that is not for it": Case(
        _one(stamp=lambda made: token(made, by=service(purpose="none"))),
        7,
        {"time_stamp": "no_time_stamp_certificate"},
    ),
    "issuer: unknown": Case(
        lambda: File(
            (Signer(holder(issuer="foreign")),),
            certificates=(holder(issuer="foreign").certificate, ca_certificate("foreign")),
        ).build(),
        7,
        {"issuer_pin": "unknown_issuer"},
    ),
    "issuer: a known root named and enclosed": Case(
        lambda: File((Signer(holder(issuer="foreign", ca=ca_certificate())),)).build(),
        7,
        {"certificate signature": "bad_signature"},
    ),
    "login key": Case(_login(has_attributes=True), 7, _LOGIN),
    "login key, no attributes, even if allowed": Case(
        _login(has_attributes=False), 7, _LOGIN, options=("--allow-auth",)
    ),
    "no attributes: another content": Case(
        _one(has_attributes=False),
        7,
        {"content": "content_or_signature_changed", "signature": "bad_signature"},
        content=CONTENT + b"x",
    ),
    "no attributes: the attributes of a real signature": Case(
        lambda: _attributes_as_content()[0],
        7,
        {"content": "content_is_attributes"},
        content=_attributes_as_content()[1],
    ),
    "outside: behind the file": Case(_outside("behind"), 6),
    "outside: in ContentInfo": Case(_outside("extra_in_info"), 6),
    "outside: in SignedData": Case(_outside("extra"), 6),
    "outside: beside the content": Case(
        _file(is_attached=True, extra_in_content=EXTRA), 6, content=None, suffix=".p7m"
    ),
    "outside: in SignerInfo": Case(_one(extra=EXTRA), 6),
    "outside: in BER, in ContentInfo": Case(lambda: File(extra_in_info=EXTRA).build_streaming(), 6),
    "outside: in BER, in SignedData": Case(lambda: File(extra=EXTRA).build_streaming(), 6),
    "outside: in BER, behind the file": Case(lambda: File(behind=EXTRA).build_streaming(), 6),
    "form: version of SignedData": Case(_file(version=3), 6),
    "form: version of SignerInfo": Case(_one(version=3), 6),
    "form: digest algorithms without the signer's": Case(_file(digest_algorithms=(algorithm("sha512"),)), 6),
    "form: parameters of the hash function": Case(_one(digest_algorithm=algorithm("sha256", encode(0x04, b"x"))), 6),
    "form: an attribute twice": Case(_one(attributes=lambda made: {**made, "again": made["message_digest"]}), 6),
    "form: an attribute with two values": Case(_one(attributes=_replaced("signing_time", _TWO_TIMES)), 6),
    "form: no attributes in their set": Case(_one(attributes=lambda _: {}), 6),
    "form: no signer": Case(_file(signers=()), 6),
    "form: 65 signers": Case(_file(signers=tuple(Signer() for _ in range(65))), 6),
    "form: nested without end": Case(lambda: b"\x30\x80" * 5000, 6),
    "kind: encrypted": Case(lambda: encode(0x30, oid("enveloped_data") + encode(0xA0, encode(0x30, b""))), 6),
}
