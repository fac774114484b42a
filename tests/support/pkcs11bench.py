"""The agent on sockets, and programs that use PKCS #11 through p11-kit's own client module."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import clientprograms
import pytest
from agentdesk import PASSWORD, PIN, READER, Desk
from asn1crypto.pem import armor
from protectedreading import read_protected_certificate

from jpki.agent.pkcs11 import KeyCertificates
from jpki.card import MyNumberCard
from jpki.identifiers import CertificateKind
from jpki.iso7816 import encode
from jpki.pin import Secret

if TYPE_CHECKING:
    from typing import NoReturn

REQUIRED = os.environ.get("JPKI_REQUIRE_PKCS11") == "1"
MODULES = (
    "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so",
    "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so",
    "/usr/lib64/pkcs11/p11-kit-client.so",
    "/usr/lib/pkcs11/p11-kit-client.so",
    "/opt/homebrew/lib/pkcs11/p11-kit-client.so",
)
SECONDS = 120.0


def missing(what: str) -> NoReturn:
    """Skip the test if a program is missing, or fail it where it must be there."""
    if REQUIRED:
        pytest.fail(f"{what} is missing, and JPKI_REQUIRE_PKCS11=1")
    pytest.skip(f"{what} is not installed")


def find_module() -> str:
    """Path of p11-kit-client.so; JPKI_P11_KIT_CLIENT names that of another release."""
    chosen = os.environ.get("JPKI_P11_KIT_CLIENT")
    found = next((path for path in ([chosen] if chosen else MODULES) if Path(path).exists()), None)
    return found or missing("p11-kit-client.so")


class Bench:
    """The agent on a socket, and programs that use it."""

    def __init__(self, desk: Desk, folder: Path, module: str) -> None:
        """Open both doors."""
        self.desk = desk
        self.folder = folder
        self.module = module
        self.socket = folder / "agent.sock"
        self.signature_socket = folder / "signature.sock"
        desk.agent.open_pkcs11(self.socket)
        desk.agent.open_pkcs11(self.signature_socket, is_signature=True)
        self.answer(1)

    def answer(self, signatures: int) -> None:
        """Have the person answer so many questions of the login key, each for one signature."""
        self.desk.person.secrets, self.desk.person.choices = [PIN] * signatures, [0] * signatures

    def learn_signature_certificate(self) -> bytes:
        """Have the signature token be there, and the person sign once."""
        connection = self.desk.readers.connect(READER)
        card = MyNumberCard(connection)
        certificate = read_protected_certificate(card, CertificateKind.SIGN, Secret(PASSWORD))
        with card.transaction():
            issuer = card.read_certificate(CertificateKind.SIGN_CA)
        connection.close()
        self.desk.learned.certificates = KeyCertificates(certificate, issuer)
        self.desk.person.secrets, self.desk.person.choices = [PASSWORD], [0]
        return certificate

    @property
    def issuer(self) -> bytes:
        """DER of the CA certificate of the login key."""
        view = self.desk.cards.look()
        assert view is not None
        assert view.auth_ca is not None
        return view.auth_ca

    def environment(self, *, signature: bool = False) -> dict[str, str]:
        """An environment in which p11-kit's client finds the agent, and no terminal is asked."""
        socket = self.signature_socket if signature else self.socket
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("P11_", "SSH_", "XDG_"))}
        return kept | {
            "P11_KIT_SERVER_ADDRESS": f"unix:path={socket}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
        }

    def run(
        self, line: str, *, signature: bool = False, text: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line, whose words have no blanks in them, to its end."""
        argv = line.split()
        if shutil.which(argv[0]) is None:
            missing(argv[0])
        return subprocess.run(
            argv,
            env=self.environment(signature=signature) | environment,
            cwd=self.folder,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            start_new_session=True,
        )


def engine_configuration(bench: Bench) -> Path:
    """A configuration of OpenSSL with its engine for PKCS #11."""
    path = bench.folder / "openssl.cnf"
    path.write_text(clientprograms.engine_configuration(bench.module), encoding="ascii")
    if "pkcs11" not in bench.run("openssl engine pkcs11", OPENSSL_CONF=str(path)).stdout:
        missing("OpenSSL's engine pkcs11")
    return path


def provider_configuration(bench: Bench) -> Path:
    """A configuration of OpenSSL 3 with its provider for PKCS #11, of which no package is in Debian 12."""
    provider = os.environ.get("JPKI_PKCS11_PROVIDER")
    if provider is None:
        pytest.skip("JPKI_PKCS11_PROVIDER does not name the pkcs11.so of pkcs11-provider")
    path = bench.folder / "openssl.cnf"
    path.write_text(
        "openssl_conf = start\n[start]\nproviders = all\n[all]\ndefault = own\npkcs11 = card\n[own]\nactivate = 1\n"
        f"[card]\nmodule = {provider}\npkcs11-module-path = {bench.module}\nactivate = 1\n",
        encoding="ascii",
    )
    return path


def key_file(bench: Bench, uri: str) -> Path:
    """A file that stands for a key in a token, as pkcs11-provider's uri2pem writes it for programs that take files."""
    text, name = b"PKCS#11 Provider URI v1.0", uri.encode("ascii")
    found = encode(0x30, encode(0x1A, text) + encode(0x0C, name))  # a VisibleString and a UTF8String (X.680)
    path = bench.folder / "key.pem"
    path.write_bytes(armor("PKCS#11 PROVIDER URI", found))
    return path
