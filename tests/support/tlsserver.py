"""A TLS server on loopback that demands the card's certificate, in one version of TLS only."""

from __future__ import annotations

import contextlib
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from socketserver import BaseServer

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class TlsServer:
    """A server that runs: what its clients presented, and the CA certificate for them to trust."""

    def __init__(self, server: ThreadingHTTPServer, certificate: Path) -> None:
        """Start without clients."""
        self.port = server.server_address[1]
        self.certificate = certificate
        self.seen: list[tuple[str, str]] = []
        self.page_was_served = threading.Event()

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"https://localhost:{self.port}/"


def make_server_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a CA and a certificate for localhost: the file of the CA, and that of the server with its key.

    Browsers take no certificate of a server that is its own issuer.
    """
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, name = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("TEST CA", "localhost"))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    ca = _builder(ca_name, ca_name, ca_key.public_key(), is_ca=True).sign(ca_key, hashes.SHA256())
    leaf = _builder(name, ca_name, key.public_key(), is_ca=False).add_extension(names, critical=False)
    ca_path, path = folder / "server-ca.pem", folder / "server.pem"
    ca_path.write_bytes(ca.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + leaf.sign(ca_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return ca_path, path


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, is_ca: bool
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )


@contextlib.contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Have a server answer, in a thread, for the length of the block, and close it."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def common_name(connection: ssl.SSLSocket) -> str:
    """The name in the certificate that the client presented."""
    names: Any = (connection.getpeercert() or {}).get("subject", ())
    return next((str(value) for ((key, value),) in names if key == "commonName"), "")


def demanding(own: Path, issuer: bytes, version: str) -> ssl.SSLContext:
    """What a server speaks that demands a certificate of one issuer (DER), in one version of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.minimum_version = context.maximum_version = VERSIONS[version]
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(issuer))
    return context


@contextlib.contextmanager
def tls_server(
    folder: Path, issuer: bytes, version: str, *, seconds: float = 30, note: Callable[[str], None] = lambda _: None
) -> Iterator[TlsServer]:
    """Run a server that takes certificates of one issuer (DER), and one version of TLS.

    A client may be silent for ``seconds``. ``note`` is told of each page, and why a handshake failed.
    """
    ca_path, path = make_server_certificate(folder)
    context = demanding(path, issuer, version)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            connection = self.connection
            assert isinstance(connection, ssl.SSLSocket)
            name = common_name(connection)
            if self.path == "/":
                found.seen.append((connection.version() or "", name))
                found.page_was_served.set()
                note(f"served {connection.version()} {name}")
            text = f"hello {name}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            accepted, address = super().get_request()
            accepted.settimeout(seconds)
            return context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *_: Any) -> None:
            error = sys.exc_info()[1]
            note(f"failed {getattr(error, 'reason', None) or type(error).__name__}")

    server = Server(("127.0.0.1", 0), Handler)
    found = TlsServer(server, ca_path)
    with serving(server):
        yield found
