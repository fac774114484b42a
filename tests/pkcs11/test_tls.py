"""Logins by TLS at a server that demands the card's certificate, in TLS 1.2 only and in TLS 1.3 only."""

from __future__ import annotations

import shutil

import pytest
from clientprograms import JAVA
from pkcs11bench import Bench, engine_configuration, key_file, provider_configuration
from sshserver import running_server
from tlsserver import tls_server

VERSIONS = {"1.2": "TLSv1.2", "1.3": "TLSv1.3"}
OBJECT = "pkcs11:token=JPKI%20user%20certificate;id=%01"


@pytest.mark.parametrize("version", VERSIONS)
def test_gnutls_cli_logs_in(bench: Bench, version: str) -> None:
    """GnuTLS, one question of the login PIN."""
    with tls_server(bench.folder, bench.issuer, version) as server:
        done = bench.run(
            f"gnutls-cli --no-ca-verification --provider {bench.module} --x509certfile {OBJECT};type=cert "
            f"--x509keyfile {OBJECT};type=private -p {server.port} localhost",
            text="GET / HTTP/1.0\r\n\r\n",
        )
        assert [seen[0] for seen in server.seen] == [VERSIONS[version]], done.stdout + done.stderr
        assert server.seen[0][1].startswith("TEST")
    assert bench.desk.person.secrets_asked >= 1
    assert {question.pin.value for question in bench.desk.words.questions} == {"auth"}


@pytest.mark.parametrize("version", VERSIONS)
def test_curl_logs_in_with_the_engine(bench: Bench, version: str) -> None:
    """curl and OpenSSL's engine."""
    configuration = engine_configuration(bench)
    with tls_server(bench.folder, bench.issuer, version) as server:
        done = bench.run(
            f"curl -sS --cacert {server.certificate} --engine pkcs11 --cert-type ENG --cert {OBJECT};type=cert "
            f"--key-type ENG --key {OBJECT};type=private {server.url}",
            OPENSSL_CONF=str(configuration),
        )
        assert done.stdout.startswith("hello TEST"), done.stderr
        assert [seen[0] for seen in server.seen] == [VERSIONS[version]]
    assert bench.desk.person.secrets_asked == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_curl_logs_in_with_the_provider(bench: Bench, version: str) -> None:
    """curl with a file in the place of the key, and OpenSSL's provider."""
    configuration = provider_configuration(bench)
    certificate = bench.folder / "auth.pem"
    certificate.write_text(bench.run(f"p11tool --provider {bench.module} --export {OBJECT};type=cert").stdout)
    key = key_file(bench, f"{OBJECT};type=private")
    with tls_server(bench.folder, bench.issuer, version) as server:
        done = bench.run(
            f"curl -sS --cacert {server.certificate} --cert {certificate} --key {key} {server.url}",
            OPENSSL_CONF=str(configuration),
        )
        assert done.stdout.startswith("hello TEST"), done.stderr
        assert [seen[0] for seen in server.seen] == [VERSIONS[version]]
    assert bench.desk.person.secrets_asked == 1


def test_ssh_logs_in_with_the_module(bench: Bench) -> None:
    """``ssh -I`` in batch mode, and sshd lets it in."""
    key = bench.run(f"ssh-keygen -D {bench.module}").stdout.splitlines()[0]
    bench.desk.person.asked.clear()
    with running_server(bench.folder, key) as server:
        done = bench.run(" ".join([*server.client("-I", bench.module, "-oBatchMode=yes"), "echo", "hello"]))
        assert done.stdout == "hello\n", done.stderr + server.log
    assert bench.desk.person.secrets_asked == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_java_lists_signs_and_logs_in(bench: Bench, version: str) -> None:
    """SunPKCS11: the key store without a PIN, a signature, a chain of two, and a page."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        pytest.skip("a JDK is not installed")
    (bench.folder / "Login.java").write_text(JAVA, encoding="ascii")
    (bench.folder / "p11.cfg").write_text(f"name = jpki\nlibrary = {bench.module}\nslot = 1\n", encoding="ascii")
    bench.answer(5)
    with tls_server(bench.folder, bench.issuer, version) as server:
        done = bench.run(f"java Login.java p11.cfg {server.certificate} {server.url}")
        assert "signed 256 chain 2" in done.stdout, done.stdout + done.stderr
        assert "hello TEST" in done.stdout, done.stdout + done.stderr
        assert [seen[0] for seen in server.seen] == [VERSIONS[version]]
