"""Tools with OpenSC's module in the place of ours: the column "OpenSC" of docs/pkcs11.md; JPKI_LONG=1 runs it.

Each is given the PIN in the way that it takes one.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from clientprograms import JAVA, engine_configuration
from openscdesk import OpenscDesk
from pkcs11bench import missing
from sshserver import running_server
from vpn import UP, Vpn, openvpn, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

PIN, PASSWORD = "2846", "SIMCARD1"
USER = "pkcs11:token=JPKI%20%28User%20Authentication%20PIN%29"
SIGNATURE = "pkcs11:token=JPKI%20%28Digital%20Signature%20PIN%29"
VERSIONS = ["1.2", "1.3"]
NO_CERTIFICATE = "PEER_DID_NOT_RETURN_A_CERTIFICATE"
#: OpenSSL signs with PSS in TLS 1.2 too, unless it is told otherwise.
ONLY_PKCS1 = "ssl_conf = ssl\n[ssl]\nsystem_default = only\n[only]\nClientSignatureAlgorithms = RSA+SHA256\n"


@pytest.fixture
def desk(pcscd: Pcscd, tmp_path: Path) -> OpenscDesk:
    """An adult's card over PC/SC and OpenSC's module."""
    return OpenscDesk(pcscd, tmp_path)


def tool(desk: OpenscDesk, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pkcs11-tool."""
    return desk.run(["pkcs11-tool", "--module", desk.module, *words])


@pytest.mark.parametrize("version", VERSIONS)
def test_gnutls_cli_with_opensc(desk: OpenscDesk, version: str) -> None:
    """TLS 1.2 logs in; with 1.3 no certificate is sent."""
    with desk.tls(version) as server:
        argv = ["gnutls-cli", "--no-ca-verification", "--provider", desk.module, "-p", str(server.port), "localhost"]
        objects = ["--x509certfile", f"{USER};id=%01;type=cert", "--x509keyfile", f"{USER};id=%01;type=private"]
        done = desk.run([*argv, *objects], "GET / HTTP/1.0\r\n\r\n", GNUTLS_PIN=PIN)
        assert bool(server.served) == (version == "1.2"), done.stdout + done.stderr
        assert server.failed == ([] if version == "1.2" else [NO_CERTIFICATE])


def engine(desk: OpenscDesk, more: str = "") -> str:
    """A configuration of OpenSSL with its engine for PKCS #11."""
    path = desk.folder / "openssl.cnf"
    path.write_text(engine_configuration(desk.module, more), encoding="ascii")
    return str(path)


@pytest.mark.parametrize(("version", "setting"), [("1.2", ""), ("1.3", ""), ("1.2", ONLY_PKCS1)])
def test_curl_with_opensc(desk: OpenscDesk, version: str, setting: str) -> None:
    """OpenSSL chooses PSS, which OpenSC has not; TLS 1.2 works where OpenSSL is told to use nothing else."""
    with desk.tls(version) as server:
        argv = ["curl", "-sS", "--cacert", str(server.certificate), "--engine", "pkcs11", server.url]
        key = f"{USER};id=%01;type=private;pin-value={PIN}"
        keys = ["--cert-type", "ENG", "--cert", f"{USER};id=%01;type=cert", "--key-type", "ENG", "--key", key]
        done = desk.run([*argv, *keys], OPENSSL_CONF=engine(desk, setting))
        if setting:
            assert done.stdout.startswith("hello TEST"), done.stderr
        else:
            assert "Mechanism invalid" in done.stderr
            assert server.served == []


@pytest.mark.parametrize("version", VERSIONS)
def test_java_with_opensc(desk: OpenscDesk, version: str) -> None:
    """Lists, signs, and logs in by TLS 1.2; by 1.3 it has no algorithm to prove the certificate with."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        pytest.skip("a JDK is not installed")
    source = JAVA.replace("ks.load(null, null)", f'ks.load(null, "{PIN}".toCharArray())')
    (desk.folder / "Login.java").write_text(source, encoding="ascii")
    configuration = f"name = opensc\nlibrary = {desk.module}\nslotListIndex = 0\n"
    (desk.folder / "p11.cfg").write_text(configuration, encoding="ascii")
    with desk.tls(version) as server:
        done = desk.run(["java", "Login.java", "p11.cfg", str(server.certificate), server.url])
        assert "signed 256" in done.stdout, done.stdout + done.stderr
        if version == "1.2":
            assert "hello TEST" in done.stdout, done.stderr
        else:
            assert "No supported CertificateVerify signature algorithm" in done.stderr
            assert server.served == []


def test_ssh_with_opensc(desk: OpenscDesk) -> None:
    """It logs in; the keys of two CAs are listed beside the card's, and an error for the fourth."""
    listed = desk.run(["ssh-keygen", "-D", desk.module])
    assert len({line.split()[1] for line in listed.stdout.splitlines()}) == 3
    assert "failed to fetch key" in listed.stderr
    askpass = desk.folder / "askpass"
    askpass.write_text(f"#!/bin/sh\necho >>{desk.folder}/asked\necho {PIN}\n", encoding="ascii")
    askpass.chmod(0o700)
    environment = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force", **desk.service_from_outside}
    key = desk.must([sys.executable, "-m", "jpki_cli", "cert", "show", "auth", "--format", "ssh"]).strip()
    with running_server(desk.folder, key) as server:
        done = subprocess.run(
            [*server.client("-I", desk.module), "echo", "hello"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout == "hello\n", done.stderr + server.log
    assert (desk.folder / "asked").read_text(encoding="ascii") == "\n"


def test_pkcs11_tool_with_opensc(desk: OpenscDesk) -> None:
    """It lists with 71 commands, signs by PKCS#1 v1.5, not by PSS, and passes its own test, SHA-1 and MD5 included."""
    desk.begin()
    assert tool(desk, "-O").returncode == 0
    assert len(desk.commands) == 71
    (desk.folder / "data").write_bytes(b"data")
    (desk.folder / "hash").write_bytes(hashlib.sha256(b"data").digest())
    signing = ["--login", "--pin", PIN, "--sign", "--id", "01", "-o", "data.sig"]
    assert tool(desk, *signing, "-m", "SHA256-RSA-PKCS", "-i", "data").returncode == 0
    refused = tool(desk, *signing, "-m", "RSA-PKCS-PSS", "--hash-algorithm", "SHA256", "-i", "hash")
    assert "CKR_MECHANISM_INVALID" in refused.stderr
    tested = tool(desk, "--login", "--pin", PIN, "--test").stdout
    assert "No errors" in tested
    assert {"SHA1-RSA-PKCS: OK", "MD5-RSA-PKCS: OK"} <= {line.strip() for line in tested.splitlines()}


def test_p11tool_with_opensc(desk: OpenscDesk) -> None:
    """Six objects of a token that is named, and the private key after a login."""
    argv = ["p11tool", "--provider", desk.module]
    assert desk.run([*argv, "--list-all", USER]).stdout.count("URL: pkcs11:") == 6
    listed = desk.run([*argv, "--login", "--list-privkeys", USER], GNUTLS_PIN=PIN)
    assert listed.stdout.count("type=private") == 1, listed.stderr


def test_nss_tools_with_opensc(desk: OpenscDesk) -> None:
    """certutil lists what needs no PIN; the signature certificate only after both PINs."""
    folder = desk.folder / "nss"
    desk.nss_database(folder)
    passwords = desk.folder / "passwords"
    argv = ["certutil", "-L", "-d", f"sql:{folder}", "-h", "all", "-f", str(passwords)]
    found = []
    for text in (":", f"JPKI (User Authentication PIN):{PIN}\nJPKI (Digital Signature PIN):{PASSWORD}\n"):
        passwords.write_text(text, encoding="ascii")
        desk.begin()
        listed = desk.run(argv).stdout
        names = ("(User Authentication PIN):User", "(Digital Signature PIN):Digital")
        found.append(([name in listed for name in names], desk.presented))
    assert found == [([True, False], 0), ([True, True], 2)]


def test_openssl_cms_with_opensc_asks_for_the_password_again(desk: OpenscDesk) -> None:
    """``pin-value`` logs in; for the signature the password is asked for once more, which fails without a terminal."""
    show = [sys.executable, "-m", "jpki_cli", "cert", "show", "sign", "--format", "pem", "-o", "sign.pem"]
    assert desk.run([*show, "--pin-stdin"], f"{PASSWORD}\n").returncode == 0
    (desk.folder / "letter.txt").write_text("letter\n", encoding="ascii")
    argv = ["setsid", "openssl", "cms", "-sign", "-binary", "-md", "sha256", "-in", "letter.txt", "-outform", "DER"]
    key = f"{SIGNATURE};id=%02;type=private;pin-value={PASSWORD}"
    keys = ["-signer", "sign.pem", "-keyform", "engine", "-engine", "pkcs11", "-inkey", key, "-out", "letter.p7s"]
    done = desk.run([*argv, *keys], OPENSSL_CONF=engine(desk))
    assert done.returncode != 0
    assert "Enter PKCS#11 key PIN for Digital Signature Key" in done.stderr


LIBRARIES = {
    "pkcs11": """
import sys, pkcs11
token = pkcs11.lib(sys.argv[1]).get_token(token_label="JPKI (User Authentication PIN)")
with token.open(user_pin="2846") as session:
    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY)
    print(len(key.sign(b"data", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)))
    try:
        key.sign(b"data", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS_PSS)
    except pkcs11.exceptions.MechanismInvalid:
        print("no PSS")
""",
    "PyKCS11": """
import sys, PyKCS11
lib = PyKCS11.PyKCS11Lib()
lib.load(sys.argv[1])
session = lib.openSession(lib.getSlotList(tokenPresent=True)[0])
session.login("2846")
key = session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_PRIVATE_KEY)])[0]
print(len(session.sign(key, b"data", PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS))))
try:
    session.sign(key, b"data", PyKCS11.RSA_PSS_Mechanism(
        PyKCS11.CKM_SHA256_RSA_PKCS_PSS, PyKCS11.CKM_SHA256, PyKCS11.CKG_MGF1_SHA256, 32))
except PyKCS11.PyKCS11Error as error:
    print("no PSS" if error.value == PyKCS11.CKR_MECHANISM_INVALID else error)
session.closeSession()
""",
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_python_libraries_with_opensc(desk: OpenscDesk, library: str) -> None:
    """They sign by PKCS#1 v1.5 after a login, and not by PSS."""
    probe = subprocess.run([sys.executable, "-c", f"import {library}"], capture_output=True, check=False, cwd="/")
    if probe.returncode:
        missing(library)
    (desk.folder / "client.py").write_text(LIBRARIES[library], encoding="ascii")
    done = desk.run([sys.executable, "client.py", desk.module])
    assert done.stdout.split("\n")[:2] == ["256", "no PSS"], done.stderr


def give_pins(management: Path) -> None:
    """Answer OpenVPN's questions for a PIN by its management interface, until it ends."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(management))
        with connection.makefile("rw", encoding="utf-8", newline="") as lines:
            for line in lines:
                if asked := re.search(r"Need '([^']*)' password", line):
                    lines.write(f'password "{asked[1]}" {PIN}\n')
                    lines.flush()


@pytest.mark.parametrize("version", VERSIONS)
def test_openvpn_with_opensc(desk: OpenscDesk, version: str) -> None:
    """Neither version: OpenSSL chooses PSS, with 1.2 too; the PIN is asked for at each attempt."""
    vpn = Vpn(desk.folder, desk.issuer.read_bytes(), version)
    listed = desk.must([openvpn(), "--show-pkcs11-ids", desk.module])
    management = desk.folder / "management"
    asking = ["--management", str(management), "unix", "--management-query-passwords"]
    with desk.running(vpn.server()):
        wait_for(vpn.server_log, "Listening for incoming TCP connection")
        with desk.running([*vpn.client(desk.module, listed), *asking]):
            desk.pcscd.until(management.exists, "OpenVPN's management interface is there")
            answering = threading.Thread(target=give_pins, args=[management])
            answering.start()
            said = wait_for(vpn.client_log, "TLS handshake failed")
        answering.join()
    assert "Sent fatal SSL alert: internal error" in said
    assert UP not in said
    assert desk.presented >= 1
