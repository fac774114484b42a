"""Browsers at servers that demand the card's certificate; run with JPKI_LONG=1, since each takes its time.

Chromium takes its choice of a certificate from a policy in /etc only, so its tests write one there and remove it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clientprograms import CHROMIUM, chromium_policy, write_firefox_preferences
from pkcs11bench import missing
from tlsserver import tls_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkcs11bench import Bench

pytestmark = pytest.mark.skipif(os.environ.get("JPKI_LONG") != "1", reason="takes long; JPKI_LONG=1 runs it")
VERSIONS = {"1.2": "TLSv1.2", "1.3": "TLSv1.3"}
POLICY = Path("/etc/chromium/policies/managed/jpki-test.json")


def only_login_pins(bench: Bench) -> bool:
    """Whether everything that was asked for is the login PIN."""
    return {question.pin.value for question in bench.desk.words.questions} == {"auth"}


def add_module(bench: Bench, folder: Path, server_certificate: Path) -> None:
    """Make an NSS database with the module, which trusts the test server."""
    folder.mkdir(parents=True)
    bench.run(f"certutil -N -d sql:{folder} --empty-password")
    bench.run(f"openssl x509 -in {server_certificate} -out trusted.pem")
    bench.run(f"certutil -A -d sql:{folder} -n server -t C,, -i trusted.pem")
    added = bench.run(f"modutil -dbdir sql:{folder} -add jpki -libfile {bench.module} -force")
    assert added.returncode == 0, added.stderr


@contextmanager
def running(bench: Bench, line: str) -> Iterator[None]:
    """Run a program, with whatever it starts, for the length of the block."""
    argv = line.split()
    if shutil.which(argv[0]) is None:
        missing(argv[0])
    with (bench.folder / "output.txt").open("wb") as output:
        started = subprocess.Popen(
            argv,
            env=bench.environment(),
            cwd=bench.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait(30)


@pytest.mark.parametrize("version", VERSIONS)
def test_firefox_logs_in(bench: Bench, version: str) -> None:
    """The page is served; only the login PIN is asked for, although the signature token is there too."""
    bench.learn_signature_certificate()
    bench.answer(6)
    with tls_server(bench.folder, bench.issuer, version) as server:
        profile = bench.folder / "profile"
        add_module(bench, profile, server.certificate)
        write_firefox_preferences(profile)
        with running(bench, f"firefox-esr --headless --no-remote --profile {profile} {server.url}"):
            assert server.page_was_served.wait(90), bench.desk.words.questions
        assert server.seen[0][0] == VERSIONS[version]
        assert server.seen[0][1].startswith("TEST")
    assert only_login_pins(bench)


@pytest.fixture
def policy() -> Iterator[Path]:
    """The file for Chromium's policy, which is removed afterwards."""
    if os.geteuid() != 0 or POLICY.exists():
        pytest.skip("the policy of Chromium cannot be written")
    POLICY.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield POLICY
    finally:
        POLICY.unlink(missing_ok=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_chromium_logs_in(bench: Bench, policy: Path, version: str) -> None:
    """The page is served; only the login PIN is asked for, and Chromium shows no dialog of its own."""
    bench.learn_signature_certificate()
    bench.answer(6)
    with tls_server(bench.folder, bench.issuer, version) as server:
        add_module(bench, bench.folder / ".pki" / "nssdb", server.certificate)
        policy.write_text(chromium_policy(server.port), encoding="ascii")
        done = bench.run(f"{CHROMIUM} --user-data-dir={bench.folder}/chromium --dump-dom {server.url}")
        assert "hello TEST" in done.stdout, done.stderr
        assert [seen[0] for seen in server.seen] == [VERSIONS[version]]
    assert only_login_pins(bench)
