"""Thunderbird at a mail server that demands the card's certificate; run with JPKI_LONG=1, since it takes its time."""

from __future__ import annotations

import os
import threading
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

import pytest
from clientprograms import write_firefox_preferences
from nssprograms import VERSIONS, add_module, only_login_pins, running
from tlsserver import common_name, demanding, make_server_certificate, serving

if TYPE_CHECKING:
    import ssl

    from pkcs11bench import Bench

pytestmark = pytest.mark.skipif(os.environ.get("JPKI_LONG") != "1", reason="takes long; JPKI_LONG=1 runs it")
#: An account whose mail is fetched at the start, over TLS, with a certificate in the place of a password (method 7).
ACCOUNT: dict[str, str | int] = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server2",
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.account.account2.server": "server2",
    "mail.identity.id1.fullName": "TEST",
    "mail.identity.id1.useremail": "test@mail.example",
    "mail.identity.id1.valid": True,
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "localhost",
    "mail.server.server1.name": "TEST",
    "mail.server.server1.userName": "test",
    "mail.server.server1.socketType": 3,
    "mail.server.server1.authMethod": 7,
    "mail.server.server1.login_at_startup": True,
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.name": "Local Folders",
    "mail.server.server2.userName": "nobody",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
}


class MailServer(ThreadingTCPServer):
    """As much of IMAP (RFC 9051) as a login takes."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        """Listen on loopback."""
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context = context
        self.seen: list[tuple[str, str]] = []
        self.was_logged_in = threading.Event()


class Conversation(BaseRequestHandler):
    """One client."""

    server: MailServer

    def handle(self) -> None:
        """Greet, and say yes to everything."""
        self.request.settimeout(60)
        with self.server.context.wrap_socket(self.request, server_side=True) as connection:
            self.server.seen.append((connection.version() or "", common_name(connection)))
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1 AUTH=EXTERNAL] TEST\r\n")
            while line := connection.recv(4096):
                tag, command, *_ = line.split()
                if command.lower() == b"authenticate":
                    self.server.was_logged_in.set()
                connection.sendall(tag + b" OK\r\n")


@pytest.mark.parametrize("version", VERSIONS)
def test_thunderbird_logs_in(bench: Bench, version: str) -> None:
    """The mail server takes the certificate for a password; only the login PIN is asked for."""
    bench.learn_signature_certificate()
    bench.answer(6)
    ca, server_certificate = make_server_certificate(bench.folder)
    profile = bench.folder / "profile"
    add_module(bench, profile, ca)
    server = MailServer(demanding(server_certificate, bench.issuer, version))
    with serving(server):
        write_firefox_preferences(profile, ACCOUNT | {"mail.server.server1.port": server.server_address[1]})
        with running(bench, f"thunderbird --headless --no-remote --profile {profile}"):
            assert server.was_logged_in.wait(90), bench.desk.words.questions
        assert server.seen[0][0] == VERSIONS[version]
        assert server.seen[0][1].startswith("TEST")
    assert only_login_pins(bench)
    assert len(bench.desk.words.questions) == len(server.seen)
