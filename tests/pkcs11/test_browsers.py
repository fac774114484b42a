"""Browsers at servers that demand the card's certificate; run with JPKI_LONG=1, since each takes its time.

Chromium takes its choice of a certificate from a policy in /etc only, so its tests write one there and remove it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clientprograms import CHROMIUM, chromium_policy, write_firefox_preferences
from nssprograms import VERSIONS, add_module, only_login_pins, running
from tlsserver import tls_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkcs11bench import Bench

pytestmark = pytest.mark.skipif(os.environ.get("JPKI_LONG") != "1", reason="takes long; JPKI_LONG=1 runs it")
POLICY = Path("/etc/chromium/policies/managed/jpki-test.json")


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
