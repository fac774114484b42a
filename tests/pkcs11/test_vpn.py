"""OpenVPN at a server that demands the card's certificate, in TLS 1.2 only and in TLS 1.3 only."""

from __future__ import annotations

import re
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from vpn import UP, Vpn, openvpn, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkcs11bench import Bench


@contextmanager
def running(bench: Bench, argv: list[str]) -> Iterator[None]:
    """OpenVPN for the length of the block."""
    with subprocess.Popen(argv, env=bench.environment(), cwd=bench.folder, stdin=subprocess.DEVNULL) as started:
        try:
            yield
        finally:
            started.terminate()


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_openvpn_logs_in(bench: Bench, version: str) -> None:
    """The tunnel comes up, the server saw the card's certificate, and the login PIN was asked for once."""
    vpn = Vpn(bench.folder, bench.issuer, version)
    listed = bench.run(f"{openvpn()} --show-pkcs11-ids {bench.module}").stdout
    assert bench.desk.person.asked == []
    with running(bench, vpn.server()):
        wait_for(vpn.server_log, "Listening for incoming TCP connection")
        with running(bench, vpn.client(bench.module, listed)):
            wait_for(vpn.client_log, UP)
            told = wait_for(vpn.server_log, UP)
    assert f"Control Channel: TLSv{version}" in told
    assert re.search(r"VERIFY OK: depth=0, .*CN=TEST", told)
    assert bench.desk.person.secrets_asked == 1
