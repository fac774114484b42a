"""Browsers with OpenSC's module in the place of ours: the column "OpenSC" of docs/pkcs11.md; JPKI_LONG=1 runs it.

Both of OpenSC's modules: the usual one, and the one that shows the keys of the first PIN only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from clientprograms import CHROMIUM, chromium_policy, write_firefox_preferences
from openscdesk import COMMANDS, OpenscDesk, Screen, find_opensc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openscdesk import TlsNotes

    from pcscd.conftest import Pcscd

PIN, PASSWORD, CANCEL = "2846", "SIMCARD1", ""
BOTH, ONEPIN = "opensc-pkcs11.so", "onepin-opensc-pkcs11.so"
#: What the server says: Firefox sends no certificate, Chromium ends the handshake.
NO_CERTIFICATE, NO_ALGORITHM = "PEER_DID_NOT_RETURN_A_CERTIFICATE", "SSLV3_ALERT_HANDSHAKE_FAILURE"


class Case(NamedTuple):
    """A module, a version of TLS, what the person answers in turn, how many PINs reach the card, and what fails."""

    module: str
    version: str
    answers: tuple[str, ...]
    presented: int
    failure: str = ""


@pytest.fixture
def desk(pcscd: Pcscd, tmp_path: Path) -> OpenscDesk:
    """An adult's card over PC/SC and OpenSC's module."""
    return OpenscDesk(pcscd, tmp_path)


@pytest.fixture
def screen(desk: OpenscDesk) -> Iterator[Screen]:
    """A screen beside the service."""
    with desk.screen() as found:
        yield found


def is_over(screen: Screen, server: TlsNotes, case: Case) -> bool:
    """Whether the page was served, or refused behind all questions."""
    return bool(server.served) or (bool(server.failed) and screen.asked >= len(case.answers))


def log_in(desk: OpenscDesk, screen: Screen, server: TlsNotes, title: str, argv: Sequence[str], case: Case) -> None:
    """Open the page, and hold what happens against the case; the last answer is the last question."""
    desk.begin()
    with desk.running([*argv, server.url], DISPLAY=screen.display):
        assert screen.answer(title, case.answers, lambda: is_over(screen, server, case)), screen.asked
    assert [line.split()[0] for line in server.served] == ([] if case.failure else ["TLSv1.2"])
    assert {case.failure} >= set(server.failed)
    assert (screen.asked, desk.presented) == (len(case.answers), case.presented)
    assert len(desk.commands) in COMMANDS


@pytest.mark.parametrize(
    "case",
    [
        Case(BOTH, "1.2", (PIN, PASSWORD), 2),
        Case(BOTH, "1.2", (PIN, CANCEL), 1),
        Case(BOTH, "1.3", (PIN, PASSWORD), 2, NO_CERTIFICATE),
        Case(ONEPIN, "1.2", (PIN,), 1),
        Case(ONEPIN, "1.3", (PIN,), 1, NO_CERTIFICATE),
    ],
)
def test_firefox_with_opensc(desk: OpenscDesk, screen: Screen, case: Case) -> None:
    """TLS 1.2 logs in, TLS 1.3 sends no certificate; the signature password is asked for, for a mere login."""
    desk.module = find_opensc(case.module)
    with desk.tls(case.version) as server:
        profile = desk.folder / "profile"
        desk.nss_database(profile, server.certificate)
        write_firefox_preferences(profile)
        argv = ["firefox-esr", "--no-remote", "--profile", str(profile)]
        log_in(desk, screen, server, "^Password Required", argv, case)


@pytest.fixture
def policies(desk: OpenscDesk) -> Iterator[str]:
    """A folder for Chromium's policies, which only the programs beside the service see."""
    desk.must(["mount", "-t", "tmpfs", "tmpfs", "/etc/chromium"])
    desk.must(["mkdir", "-p", "/etc/chromium/policies/managed"])
    yield "/etc/chromium/policies/managed"
    desk.must(["umount", "/etc/chromium"])


@pytest.mark.parametrize(
    "case",
    [
        Case(BOTH, "1.2", (PASSWORD, PIN), 2),
        Case(BOTH, "1.3", (PASSWORD, PIN), 2, NO_ALGORITHM),
        Case(ONEPIN, "1.2", (PIN,), 1),
        Case(ONEPIN, "1.3", (PIN,), 1, NO_ALGORITHM),
    ],
)
def test_chromium_with_opensc(desk: OpenscDesk, screen: Screen, policies: str, case: Case) -> None:
    """The same of Chromium, which asks for the signature password first."""
    desk.module = find_opensc(case.module)
    with desk.tls(case.version) as server:
        policy = desk.folder / "policy.json"
        policy.write_text(chromium_policy(server.port, "TEST JPKI for user authentication"), encoding="ascii")
        desk.must(["cp", str(policy), policies])
        desk.nss_database(desk.folder / ".pki" / "nssdb", server.certificate)
        argv = [word for word in CHROMIUM.split() if word != "--headless=new"]
        argv += ["--password-store=basic", f"--user-data-dir={desk.folder}/chromium"]
        log_in(desk, screen, server, "^Unlock Security Device", argv, case)
