"""OpenVPN at a server that demands the card's certificate, in TLS 1.2 only and in TLS 1.3 only."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from ssl import DER_cert_to_PEM_cert
from typing import TYPE_CHECKING

import pytest
from pkcs11bench import SECONDS, Bench, missing
from tlsserver import make_server_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Debian has it where only root's PATH goes.
OPENVPN = shutil.which("openvpn", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"]))
#: Both ends: one tunnel without a network device, on loopback.
BOTH = "--dev null --verb 4 --tls-version-min {version} --tls-version-max {version} --auth-nocache"


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def vpn(bench: Bench, log: Path, line: str) -> Iterator[None]:
    """OpenVPN for the length of the block; what it says goes into a file."""
    argv = [OPENVPN or missing("openvpn"), *line.split(), "--log", str(log)]
    with subprocess.Popen(argv, env=bench.environment(), cwd=bench.folder, stdin=subprocess.DEVNULL) as started:
        try:
            yield
        finally:
            started.terminate()


def wait_for(log: Path, text: str) -> None:
    """Wait until OpenVPN has said this."""
    end, found = time.monotonic() + SECONDS, ""
    while text not in found:
        assert time.monotonic() < end, found
        time.sleep(0.05)
        found = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_openvpn_logs_in(bench: Bench, version: str) -> None:
    """The tunnel comes up, the server saw the card's certificate, and the login PIN was asked for once."""
    ca, server = make_server_certificate(bench.folder)
    issuer = bench.folder / "issuer.pem"
    issuer.write_text(DER_cert_to_PEM_cert(bench.issuer), encoding="ascii")
    listed = bench.run(f"{OPENVPN or missing('openvpn')} --show-pkcs11-ids {bench.module}").stdout
    [identity] = re.findall(r"Serialized id:\s+(\S+)", listed)
    port, both = free_port(), BOTH.format(version=version)
    accepting = f"{both} --proto tcp-server --local 127.0.0.1 --lport {port} --tls-server --dh none"
    calling = f"{both} --proto tcp-client --remote 127.0.0.1 {port} --nobind --tls-client --ca {ca}"
    seen, said = bench.folder / "server.log", bench.folder / "client.log"
    with vpn(bench, seen, f"{accepting} --ca {issuer} --cert {server} --key {server}"):
        wait_for(seen, "Listening for incoming TCP connection")
        with vpn(bench, said, f"{calling} --pkcs11-providers {bench.module} --pkcs11-id {identity}"):
            wait_for(said, "Initialization Sequence Completed")
            wait_for(seen, "Initialization Sequence Completed")
    told = seen.read_text(encoding="utf-8")
    assert f"Control Channel: TLSv{version}" in told
    assert re.search(r"VERIFY OK: depth=0, .*CN=TEST", told)
    assert bench.desk.person.secrets_asked == 1
