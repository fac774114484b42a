"""A PC/SC service that runs and does not answer: neither card nor other programs are blamed, nor is there silence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from terminal import TerminalSession

from .conftest import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcscd.conftest import Pcscd, ServedCard

#: A deadline far from the three seconds after which it is said that an answer is waited for.
JPKI = [sys.executable, "-m", "jpki_cli", "--timeout", "9"]
PATIENT = [sys.executable, "-m", "jpki_cli", "--timeout", "60"]
SILENCE = "Waiting: the smart card service or the card has not answered yet"
HANGS = "The smart card service does not respond."


@contextmanager
def hanging(pcscd: Pcscd) -> Iterator[None]:
    """Stop the service where it stands, as a driver that hangs does; another one is started afterwards.

    The driver of the virtual reader does not always see later what came and went meanwhile.
    """
    assert pcscd._daemon is not None
    pcscd._daemon.send_signal(signal.SIGSTOP)
    threads = Path(f"/proc/{pcscd._daemon.pid}/task")
    until(lambda: all(_is_stopped(thread) for thread in threads.iterdir()), "each thread of the service is stopped")
    try:
        yield
    finally:
        pcscd.stop_daemon(signal.SIGKILL)


def _is_stopped(thread: Path) -> bool:
    return (thread / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"


@pytest.mark.parametrize("command", ["status", "readers"])
def test_the_service_is_named_and_not_the_card(pcscd: Pcscd, served_adult: ServedCard, command: str) -> None:
    """Nobody is told to hold the card still; after three seconds it is said that an answer is waited for."""
    del served_adult
    with hanging(pcscd):
        done = pcscd.run([*JPKI, "--json", command])
    value = json.loads(done.stdout)
    assert (done.returncode, value["code"], value["message"]["en"]) == (3, "pcsc_service_hangs", HANGS)
    assert done.stderr.count(SILENCE) == 1


def test_no_other_program_is_blamed_for_a_service_that_hangs_after_the_prompt(
    pcscd: Pcscd, served_adult: ServedCard
) -> None:
    """The transaction does not begin, and nothing was sent."""
    del served_adult
    command = [*JPKI, "pin", "verify", "auth"]
    with (
        TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session,
        hanging_after_prompt(pcscd, session),
    ):
        code = session.end()
    assert code == 3
    assert HANGS in session.shown
    assert "nother program" not in session.shown


@contextmanager
def hanging_after_prompt(pcscd: Pcscd, session: TerminalSession) -> Iterator[None]:
    """Type the PIN when the service does not answer any more."""
    session.expect("tries left")
    session.expect("digits): ")
    with hanging(pcscd):
        session.type("2846\n")
        yield


def test_it_is_said_that_a_slow_card_is_waited_for(pcscd: Pcscd) -> None:
    """On standard error, once, although it answers in time; that standard error takes nothing ends nothing."""
    pcscd.start_card("adult", 0x8C7B, "--fault", "slow:status=4")
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        process = pcscd.popen([*PATIENT, "pin", "status"], stdout=subprocess.PIPE, stderr=full)
        assert process.stdout is not None
        assert "3 of 3 tries left" in process.stdout.read()
        assert process.wait(30) == 0
    finally:
        os.close(full)
    pcscd.clean_up()
    pcscd.start_card("adult", 0x8C7B, "--fault", "slow:status=4")
    done = pcscd.run([*PATIENT, "pin", "status"])
    assert done.returncode == 0
    assert done.stderr.count(SILENCE) == 1
