"""A TEST time stamp service: its certificates, stamps made by hand, and ``openssl ts`` on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import ssl
import subprocess
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from asn1crypto import tsp
from cmsforge import NOW, File, Holder, Signer, algorithm, attribute, oid, other_key
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jpki.iso7816 import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIGURATION = """
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/service.pem
certs = {folder}/ca.pem
signer_key = {folder}/service.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = sha256
"""
_ANSWER = "application/timestamp-reply"


@cache
def service(
    *,
    purpose: str = "time_stamping",
    is_critical: bool = True,
    begins: timedelta = timedelta(days=-400),
    ends: timedelta = timedelta(days=400),
    is_ca: bool = True,
    through: int = 0,
    key: str = "P-256",
    path_length: int | None = None,
    more: tuple[tuple[Any, bool], ...] = (),
) -> tuple[Holder, tuple[bytes, ...]]:
    """A service, and the certificates above it from its own issuer to the CA, with so many between.

    ``path_length`` is how many the CA allows below it, ``more`` are extensions of each CA.
    """
    purposes = {
        "time_stamping": [ExtendedKeyUsageOID.TIME_STAMPING],
        "more": [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING],
        "none": [],
    }[purpose]
    issuer, chain = None, list[bytes]()
    for level in range(through + 1):
        name = "TEST time stamp CA" if level == 0 else f"TEST time stamp CA {level}"
        constraints = x509.BasicConstraints(is_ca, path_length if level == 0 else None)
        issuer = _made(name, issuer, (begins, ends), [(constraints, True), *more])
        chain.insert(0, issuer.certificate)
    extensions: list[tuple[Any, bool]] = [(x509.ExtendedKeyUsage(purposes), is_critical)] if purposes else []
    return _made("TEST time stamps", issuer, (begins, ends), extensions, key), tuple(chain)


def _made(
    name: str,
    issuer: Holder | None,
    period: tuple[timedelta, timedelta],
    extensions: list[tuple[Any, bool]],
    kind: str = "P-256",
) -> Holder:
    key = other_key(kind) if kind != "P-256" else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = subject if issuer is None else x509.load_der_x509_certificate(issuer.certificate).subject
    builder = (
        x509.CertificateBuilder(by, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW + period[0])
        .not_valid_after(NOW + period[1])
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    made = builder.sign(key if issuer is None else issuer.key, hashes.SHA256())
    return Holder(key, made.public_bytes(Encoding.DER))


def imprint_of(stamped: bytes, digest: str = "sha256") -> bytes:
    """A MessageImprint in DER."""
    return encode(0x30, algorithm(digest) + encode(0x04, hashlib.new(digest, stamped).digest()))


def statement(
    stamped: bytes, *, at: datetime | None = None, digest: str = "sha256", time: bytes = b"", **parts: bytes
) -> bytes:
    """A TSTInfo in DER; ``parts`` stand in the place of what would be there."""
    made = {
        "version": b"\x02\x01\x01",
        "policy": encode(0x06, bytes.fromhex("2a030401")),
        "imprint": imprint_of(stamped, digest),
        "serial": b"\x02\x01\x07",
        "time": encode(0x18, time or (at or NOW).strftime("%Y%m%d%H%M%SZ").encode()),
        "rest": b"",
        **parts,
    }
    return encode(0x30, b"".join(made.values()))


def token(
    stamped: bytes,
    *,
    by: tuple[Holder, tuple[bytes, ...]] | None = None,
    encloses: tuple[bytes, ...] | None = None,
    signer: dict[str, Any] | None = None,
    **how: Any,
) -> bytes:
    """A time stamp of some bytes; ``signer`` changes how it is signed, ``how`` what it states."""
    holder, chain = by or service()
    content = statement(stamped, **how)

    def typed(made: dict[str, bytes]) -> dict[str, bytes]:
        return {**made, "content_type": attribute("content_type", oid("tst_info"))}

    settings = {"holder": holder, "scheme": "ecdsa", "attributes": typed, **(signer or {})}
    certificates = (holder.certificate, *chain[:-1]) if encloses is None else encloses
    return File(
        (Signer(**settings),), content=content, content_type="tst_info", is_attached=True, certificates=certificates
    ).build()


def answer_by_hand(request: bytes, by: tuple[Holder, tuple[bytes, ...]], **parts: Any) -> bytes:
    """An answer to just this request, by whom and with what is to be wrong with it."""
    asked = tsp.TimeStampReq.load(request)
    stated = {"imprint": asked["message_imprint"].dump(), "rest": asked["nonce"].dump(), **parts}
    return encode(0x30, encode(0x30, b"\x02\x01\x00") + token(b"", by=by, **stated))


@dataclass(frozen=True, slots=True)
class Server:
    """The certificate of an HTTPS server: for which address, and how long before and after now."""

    address: str = "127.0.0.1"
    begins: timedelta = timedelta(days=-2)
    ends: timedelta = timedelta(days=2)

    def context(self, folder: Path) -> ssl.SSLContext:
        """Have a CA of its own issue it; the CA's certificate is ``server-ca.pem``."""
        now, (ca_key, key) = datetime.now(UTC), (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        names = [
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"TEST {word}")]) for word in ("server CA", "server")
        ]
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
        unused = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        usage = x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **unused)
        made = []
        for own, name, period, extensions in (
            (
                ca_key,
                names[0],
                (timedelta(days=-9), timedelta(days=9)),
                [(x509.BasicConstraints(ca=True, path_length=None), True), (usage, True)],
            ),
            (key, names[1], (self.begins, self.ends), [(self._alternative_name(), False), (above, False)]),
        ):
            builder = x509.CertificateBuilder(
                names[0], name, own.public_key(), x509.random_serial_number(), now + period[0], now + period[1]
            ).add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
            for extension, is_critical in extensions:
                builder = builder.add_extension(extension, critical=is_critical)
            made.append(builder.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM))
        (folder / "server-ca.pem").write_bytes(made[0])
        (folder / "server.pem").write_bytes(
            made[1] + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        return context

    def _alternative_name(self) -> x509.SubjectAlternativeName:
        return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(self.address))])


class Service:
    """A service that answers at an address; ``asked`` are the requests, and ``answer`` can be another one."""

    def __init__(self, folder: Path) -> None:
        """Make the certificates of a CA and a service, as ``openssl ts`` wants them."""
        holder, (ca,) = service()
        self.folder = folder
        self.ca = ca
        self.ca_file = folder / "ca.pem"
        self.asked: list[bytes] = []
        self.status = 200
        self.kind = _ANSWER
        self.instead: list[bytes] = []
        self.is_cut = False
        self.drips = False
        self.url = ""
        for name, certificate in (("ca.pem", ca), ("service.pem", holder.certificate)):
            loaded = x509.load_der_x509_certificate(certificate)
            (folder / name).write_bytes(loaded.public_bytes(Encoding.PEM))
        (folder / "service.key").write_bytes(
            holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "serial").write_text("01\n", encoding="ascii")
        (folder / "openssl.cnf").write_text(_CONFIGURATION.format(folder=folder), encoding="ascii")

    def answer(self, request: bytes) -> bytes:
        """What ``openssl ts`` answers."""
        self.asked.append(request)
        if self.instead:
            return self.instead.pop(0)
        query, reply = self.folder / "query", self.folder / "reply"
        query.write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "openssl.cnf", "-queryfile", str(query), "-out", str(reply)]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return reply.read_bytes()


@contextlib.contextmanager
def running(folder: Path, https: Server | None = None) -> Iterator[Service]:
    """A service on loopback, until the end of the block."""
    made = Service(folder)
    is_over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            if made.is_cut:
                return
            self.send_response(made.status)
            self.send_header("Content-Type", made.kind)
            self.send_header("Location", made.url + "/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if not made.drips:
                self.wfile.write(data)
            for byte in data[:100] if made.drips else b"":
                self.wfile.write(bytes((byte,)))
                is_over.wait(0.02)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that refuses the certificate or goes away is what some tests are about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if https is not None:
        server.socket = https.context(folder).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    made.url = f"{'http' if https is None else 'https'}://127.0.0.1:{server.server_address[1]}/stamp?kind=test"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
