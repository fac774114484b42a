"""Signatures made by hand with the keys of the TEST issuers: whatever another program, or somebody who cheats, makes.

Each part can be another one, and what is signed is signed again, so that a check that is missing lets it pass.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import asn1crypto.x509
import givenday
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from jpki.iso7816 import encode
from jpki_sim.card import RsaPrivateKey
from jpki_sim.pki import ISSUERS, shipped_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

CONTENT = b"I owe you 100 yen\r\n\x00\xff" * 40
NOW = givenday.now()
NULL = b"\x05\x00"
OIDS = {
    "data": "2a864886f70d010701",
    "signed_data": "2a864886f70d010702",
    "content_type": "2a864886f70d010903",
    "message_digest": "2a864886f70d010904",
    "signing_time": "2a864886f70d010905",
    "signing_certificate": "2a864886f70d010910020c",
    "signing_certificate_v2": "2a864886f70d010910022f",
    "sha1": "2b0e03021a",
    "sha256": "608648016503040201",
    "sha384": "608648016503040202",
    "sha512": "608648016503040203",
    "rsa": "2a864886f70d010101",
    "rsa_pss": "2a864886f70d01010a",
    "mgf1": "2a864886f70d010108",
    "sha1_rsa": "2a864886f70d010105",
    "sha256_rsa": "2a864886f70d01010b",
    "sha384_rsa": "2a864886f70d01010c",
    "tst_info": "2a864886f70d0109100104",
    "enveloped_data": "2a864886f70d010703",
    "time_stamp_token": "2a864886f70d010910020e",
    "ecdsa_sha512": "2a8648ce3d040304",
    "ecdsa_sha256": "2a8648ce3d040302",
    "ecdsa_sha384": "2a8648ce3d040303",
}
HASHES: dict[str, Any] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - what must not pass
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_POLICIES = {"sign": "1.2.392.200149.8.5.1.1.20", "auth": "1.2.392.200149.8.5.1.3.30"}
_PERSONAL_DATA = "1.2.392.200149.8.5.5"


def oid(name: str) -> bytes:
    """An object identifier in DER."""
    return encode(0x06, bytes.fromhex(OIDS[name]))


def algorithm(name: str, parameters: bytes = b"") -> bytes:
    """An AlgorithmIdentifier in DER."""
    return encode(0x30, oid(name) + parameters)


def pyca(key: RsaPrivateKey) -> rsa.RSAPrivateKey:
    """A simulated card's key as the library cryptography knows it."""
    public = rsa.RSAPublicNumbers(key.e, key.n)
    return rsa.RSAPrivateNumbers(key.p, key.q, key.d, key.dp, key.dq, key.qinv, public).private_key()


@cache
def card_key(name: str = "sign-1") -> rsa.RSAPrivateKey:
    """A TEST key of a simulated card."""
    return pyca(shipped_key(name))


@cache
def other_key(kind: str) -> Any:
    """A key that no card of today has: ``P-256``, ``P-384`` or RSA of so many bits."""
    curves: dict[str, ec.EllipticCurve] = {
        "P-256": ec.SECP256R1(),
        "P-384": ec.SECP384R1(),
        "P-521": ec.SECP521R1(),
    }
    if kind in curves:
        return ec.generate_private_key(curves[kind])
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind))


def ca_certificate(name: str = "sign-2023") -> bytes:
    """The certificate of a TEST issuer."""
    return ISSUERS[name].certificate


@dataclass(frozen=True)
class Holder:
    """A signer: private key and certificate."""

    key: Any
    certificate: bytes


@cache
def holder(
    use: str = "sign",
    *,
    kind: str = "card",
    issuer: str = "",
    begins: timedelta = timedelta(days=-400),
    ends: timedelta = timedelta(days=400),
    name: str = "テスト　花子",
    serial: int = 0x07000001,
    ca: bytes = b"",
) -> Holder:
    """A holder whose certificate a TEST issuer has really signed; ``ca`` is another one that it names falsely."""
    key = card_key("sign-1" if use == "sign" else "auth-1") if kind == "card" else other_key(kind)
    by = issuer or f"{use}-2023"
    issuer_key = ISSUERS[by].key
    assert isinstance(issuer_key, RsaPrivateKey)
    builder = _certificate(use, key, ca or ca_certificate(by), (NOW + begins, NOW + ends), serial)
    if use == "sign":
        builder = builder.add_extension(_alternative_name(name), critical=False)
    return Holder(key, builder.sign(pyca(issuer_key), hashes.SHA256()).public_bytes(Encoding.DER))


def ending(not_after: bytes) -> Holder:
    """A holder whose certificate really is signed with this DER object as its end."""
    usual = holder()
    made = x509.load_der_x509_certificate(usual.certificate)
    validity = encode(0x30, time(made.not_valid_before_utc) + time(made.not_valid_after_utc))
    changed = encode(0x30, time(made.not_valid_before_utc) + not_after)
    members = made.tbs_certificate_bytes[4:]  # behind tag 30 and a length of two bytes (82 xx xx)
    assert members.count(validity) == 1
    tbs = encode(0x30, members.replace(validity, changed))
    issuer_key = ISSUERS["sign-2023"].key
    assert isinstance(issuer_key, RsaPrivateKey)
    signature = pyca(issuer_key).sign(tbs, padding.PKCS1v15(), hashes.SHA256())
    function = algorithm("sha256_rsa", NULL)
    return Holder(usual.key, encode(0x30, tbs + function + encode(0x03, b"\0" + signature)))


def _certificate(
    use: str, key: Any, ca_certificate: bytes, period: tuple[datetime, datetime], serial: int
) -> x509.CertificateBuilder:
    ca = x509.load_der_x509_certificate(ca_certificate)
    ca_key_id = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    policy = x509.PolicyInformation(ObjectIdentifier(_POLICIES[use]), None)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), _common_name()]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(period[0])
        .not_valid_after(period[1])
        .add_extension(_key_usage(use), critical=True)
        .add_extension(x509.CertificatePolicies([policy]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier(ca_key_id.digest, [x509.DirectoryName(ca.subject)], ca.serial_number),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _common_name() -> x509.NameAttribute[str]:
    return x509.NameAttribute(NameOID.COMMON_NAME, "20240401093000TEST00001")


def _key_usage(use: str) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=use == "sign",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative_name(name: str) -> x509.SubjectAlternativeName:
    values = {1: name, 4: "319800217", 3: "2", 5: "東京都架空市試験町１丁目２番３号", 2: "0" * len(name), 6: "0" * 16}
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(ObjectIdentifier(f"{_PERSONAL_DATA}.{arc}"), encode(0x0C, value.encode()))
            for arc, value in values.items()
        ]
    )


def time(at: datetime) -> bytes:
    """UTCTime in DER."""
    return encode(0x17, at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())


def attribute(name: str, *values: bytes) -> bytes:
    """An Attribute in DER."""
    return encode(0x30, oid(name) + encode(0x31, b"".join(values)))


def issuer_and_serial(certificate: bytes, *, serial: int | None = None) -> bytes:
    """How a SignerInfo names a certificate, whose times may be none."""
    loaded = asn1crypto.x509.Certificate.load(certificate)
    number = loaded.serial_number if serial is None else serial
    return encode(0x30, loaded.issuer.dump() + _integer(number))


@cache
def revocation_list() -> bytes:
    """An empty revocation list of a TEST issuer."""
    ca = x509.load_der_x509_certificate(ca_certificate())
    issuer_key = ISSUERS["sign-2023"].key
    assert isinstance(issuer_key, RsaPrivateKey)
    builder = x509.CertificateRevocationListBuilder(issuer_name=ca.subject).last_update(NOW)
    made = builder.next_update(NOW + timedelta(days=1)).sign(pyca(issuer_key), hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def key_identifier() -> bytes:
    """The identifier of the usual holder's key."""
    loaded = x509.load_der_x509_certificate(holder().certificate)
    return loaded.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def issuer_serial(certificate: bytes, *, serial: int | None = None) -> bytes:
    """How an ESSCertID names it: GeneralNames and number (RFC 5035)."""
    loaded = x509.load_der_x509_certificate(certificate)
    number = loaded.serial_number if serial is None else serial
    return encode(0x30, encode(0x30, encode(0xA4, loaded.issuer.public_bytes())) + _integer(number))


def _integer(number: int) -> bytes:
    return encode(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def binding(certificate: bytes, *, function: str = "sha256", more: bytes = b"") -> bytes:
    """Value of signing-certificate-v2, or of signing-certificate where the function is SHA-1."""
    named = b"" if function in ("sha1", "sha256") else algorithm(function)
    digest = encode(0x04, hashlib.new(function, certificate).digest())
    return encode(0x30, encode(0x30, encode(0x30, named + digest + more)))


@dataclass
class Signer:
    """One SignerInfo in the making; what is None is made as it should be."""

    holder: Holder = field(default_factory=holder)
    digest: str = "sha256"
    scheme: str = "pkcs1"  # pkcs1, pss, ecdsa
    signing_time: bytes | None = field(default_factory=lambda: time(NOW - timedelta(minutes=5)))
    binding: bytes | None = None
    attributes: Callable[[dict[str, bytes]], dict[str, bytes]] | None = None
    has_attributes: bool = True
    sid: bytes | None = None
    version: int | None = None
    signature_algorithm: bytes | None = None
    digest_algorithm: bytes | None = None
    content_digest: bytes | None = None
    mangle_signature: Callable[[bytes], bytes] = bytes
    unsigned: bytes = b""
    stamp: Callable[[bytes], bytes] | None = None
    extra: bytes = b""
    salt: int | None = None

    def info(self, content: bytes) -> bytes:
        """The SignerInfo over a content."""
        signed = self._attributes(content) if self.has_attributes else b""
        to_sign = encode(0x31, signed) if self.has_attributes else content
        signature = self.mangle_signature(self._sign(to_sign))
        stamped = b"" if self.stamp is None else encode(0xA1, attribute("time_stamp_token", self.stamp(signature)))
        is_key_id = self.sid is not None and self.sid[:1] == b"\x80"
        parts = [
            _integer((3 if is_key_id else 1) if self.version is None else self.version),
            issuer_and_serial(self.holder.certificate) if self.sid is None else self.sid,
            algorithm(self.digest) if self.digest_algorithm is None else self.digest_algorithm,
            encode(0xA0, signed) if self.has_attributes else b"",
            self._algorithm() if self.signature_algorithm is None else self.signature_algorithm,
            encode(0x04, signature),
            self.unsigned + stamped,
            self.extra,
        ]
        return encode(0x30, b"".join(parts))

    def encoded_attributes(self, content: bytes) -> bytes:
        """What is signed: the attributes as a SET."""
        return encode(0x31, self._attributes(content))

    def _attributes(self, content: bytes) -> bytes:
        digest = hashlib.new(self.digest, content).digest() if self.content_digest is None else self.content_digest
        bound = binding(self.holder.certificate) if self.binding is None else self.binding
        made = {
            "content_type": attribute("content_type", oid("data")),
            "signing_time": b"" if self.signing_time is None else attribute("signing_time", self.signing_time),
            "message_digest": attribute("message_digest", encode(0x04, digest)),
            "binding": attribute("signing_certificate_v2", bound) if bound else b"",
        }
        if self.attributes is not None:
            made = self.attributes(made)
        return b"".join(sorted(value for value in made.values() if value))

    def _algorithm(self) -> bytes:
        if self.scheme == "pss":
            return algorithm("rsa_pss", pss_parameters(self.digest, salt=self._salt()))
        if self.scheme == "ecdsa":
            return algorithm(f"ecdsa_{self.digest}")
        return algorithm("rsa", NULL)

    def _salt(self) -> int:
        return hashlib.new(self.digest).digest_size if self.salt is None else self.salt

    def _sign(self, data: bytes) -> bytes:
        function = HASHES[self.digest]
        prehashed = Prehashed(function)
        digest = hashlib.new(self.digest, data).digest()
        if self.scheme == "ecdsa":
            return bytes(self.holder.key.sign(digest, ec.ECDSA(prehashed)))
        if self.scheme == "pss":
            scheme: Any = padding.PSS(padding.MGF1(function), self._salt())
            return bytes(self.holder.key.sign(digest, scheme, prehashed))
        return bytes(self.holder.key.sign(digest, padding.PKCS1v15(), prehashed))


def pss_parameters(digest: str, *, mgf: str | None = None, salt: int = 32) -> bytes:
    """RSASSA-PSS-params in DER."""
    mask = encode(0x30, oid("mgf1") + algorithm(mgf or digest))
    members = encode(0xA0, algorithm(digest)) + encode(0xA1, mask) + encode(0xA2, _integer(salt))
    return encode(0x30, members)


@dataclass
class File:
    """A SignedData in the making; what is None is made as it should be."""

    signers: Sequence[Signer] = field(default_factory=lambda: (Signer(),))
    content: bytes = CONTENT
    is_attached: bool = False
    certificates: Sequence[bytes] | None = None
    version: int | None = None
    digest_algorithms: Sequence[bytes] | None = None
    content_type: str = "data"
    crls: bytes = b""
    extra: bytes = b""
    extra_in_info: bytes = b""
    extra_in_content: bytes = b""
    behind: bytes = b""

    def build(self) -> bytes:
        """The whole file in DER."""
        return encode(0x30, oid("signed_data") + encode(0xA0, self.signed_data()) + self.extra_in_info) + self.behind

    def build_streaming(self, *, pieces: int = 100) -> bytes:
        """The same in BER: no length given beforehand, the content in pieces of so many bytes."""
        algorithms, certificates, infos, version = self._members()
        cut = [self.content[i : i + pieces] for i in range(0, len(self.content), pieces)]
        octets = (
            _streaming(0xA0, _streaming(0x24, *(encode(0x04, piece) for piece in cut))) if self.is_attached else b""
        )
        signed_data = _streaming(
            0x30,
            version,
            encode(0x31, b"".join(algorithms)),
            _streaming(0x30, oid(self.content_type), octets),
            _streaming(0xA0, *certificates) if certificates else b"",
            self.crls,
            _streaming(0x31, *infos),
            self.extra,
        )
        return _streaming(0x30, oid("signed_data"), _streaming(0xA0, signed_data), self.extra_in_info) + self.behind

    def signed_data(self) -> bytes:
        """The SignedData inside."""
        algorithms, certificates, infos, version = self._members()
        inside = encode(0xA0, encode(0x04, self.content) + self.extra_in_content) if self.is_attached else b""
        parts = [
            version,
            encode(0x31, b"".join(algorithms)),
            encode(0x30, oid(self.content_type) + inside),
            encode(0xA0, b"".join(certificates)) if certificates else b"",
            self.crls,
            encode(0x31, b"".join(infos)),
            self.extra,
        ]
        return encode(0x30, b"".join(parts))

    def _members(self) -> tuple[Sequence[bytes], Sequence[bytes], Sequence[bytes], bytes]:
        """Digest algorithms, certificates, signers and version."""
        certificates = self.certificates
        if certificates is None:
            certificates = (*(signer.holder.certificate for signer in self.signers), ca_certificate())
        algorithms = self.digest_algorithms
        if algorithms is None:
            algorithms = sorted({algorithm(signer.digest) for signer in self.signers})
        infos = [signer.info(self.content) for signer in self.signers]
        has_key_ids = any(signer.sid is not None and signer.sid[:1] == b"\x80" for signer in self.signers)
        version = (3 if has_key_ids or self.content_type != "data" else 1) if self.version is None else self.version
        return algorithms, sorted(set(certificates)), sorted(infos), _integer(version)


def _streaming(tag: int, *members: bytes) -> bytes:
    """A data object with no length given."""
    return bytes((tag, 0x80)) + b"".join(members) + b"\0\0"
