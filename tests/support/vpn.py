"""OpenVPN: both ends of one tunnel without a network device, on loopback, and what they say."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
from ssl import DER_cert_to_PEM_cert
from typing import TYPE_CHECKING

from pkcs11bench import SECONDS, missing
from tlsserver import make_server_certificate

if TYPE_CHECKING:
    from pathlib import Path

UP = "Initialization Sequence Completed"


def openvpn() -> str:
    """Path of the program, which Debian has where only root's PATH goes."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return shutil.which("openvpn", path=path) or missing("openvpn")


class Vpn:
    """The command lines of a server and a client in one version of TLS, and the files of what they say."""

    def __init__(self, folder: Path, issuer: bytes, version: str) -> None:
        """Take a port; the server demands a certificate of this issuer (DER)."""
        self.ca, self.certificate = make_server_certificate(folder)
        self._issuer = folder / "issuer.pem"
        self._issuer.write_text(DER_cert_to_PEM_cert(issuer), encoding="ascii")
        self._both = f"--dev null --verb 4 --tls-version-min {version} --tls-version-max {version} --auth-nocache"
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self._port = int(found.getsockname()[1])
        self.server_log, self.client_log = folder / "server.log", folder / "client.log"

    def server(self) -> list[str]:
        """The end that waits."""
        own = f"--ca {self._issuer} --cert {self.certificate} --key {self.certificate} --log {self.server_log}"
        line = f"{self._both} --proto tcp-server --local 127.0.0.1 --lport {self._port} --tls-server --dh none {own}"
        return [openvpn(), *line.split()]

    def client(self, module: str, listed: str) -> list[str]:
        """The end that calls, with the first key of what ``--show-pkcs11-ids`` listed."""
        identity = re.findall(r"Serialized id:\s+(\S+)", listed)[0]
        own = f"--ca {self.ca} --pkcs11-providers {module} --pkcs11-id {identity} --log {self.client_log}"
        line = f"{self._both} --proto tcp-client --remote 127.0.0.1 {self._port} --nobind --tls-client {own}"
        return [openvpn(), *line.split()]


def wait_for(log: Path, text: str) -> str:
    """Wait until OpenVPN has said this, and return all that it said."""
    end, found = time.monotonic() + SECONDS, ""
    while text not in found:
        assert time.monotonic() < end, found
        time.sleep(0.05)
        found = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return found
