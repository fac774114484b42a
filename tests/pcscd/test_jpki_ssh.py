"""The auth key over the real PC/SC service: the login test, and an SSH login through the agent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sshserver import SECONDS, running_server

from jpki_sim.dates import japan_today
from jpki_sim.files import load, save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """An adult's card that keeps its state in a file."""
    path = tmp_path / "card.json"
    save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), path)
    return path


def test_the_login_half_of_the_card_works(pcscd: Pcscd) -> None:
    """``jpki auth test`` on the card in the reader."""
    pcscd.start_card("adult")
    done = pcscd.run([*JPKI, "auth", "test", "--pin-stdin", "--json"], "2846\n")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "works"


def test_attributes_come_from_the_card_in_the_reader(pcscd: Pcscd) -> None:
    """``jpki attributes``, every check a match."""
    pcscd.start_card("permanent-resident")
    done = pcscd.run([*JPKI, "attributes", "--integrity", "--pin-stdin", "--json"], "3957\n")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["integrity"]["signature"]["verdict"] == "match"


def test_the_card_in_the_reader_logs_in_by_ssh(pcscd: Pcscd, card_file: Path, tmp_path: Path) -> None:
    """The agent is beside the PC/SC service, client and server outside; between logins others can use the card."""
    served = pcscd.start_card(card_file)
    askpass = tmp_path / "askpass"
    askpass.write_text("#!/bin/sh\necho 2846\n", encoding="ascii")
    askpass.chmod(0o700)
    environment = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
    place = tmp_path / "agent.sock"
    agent = pcscd.popen(
        [*JPKI, "--wait", "10", "ssh", "agent", "--socket", place], env=environment, stdout=subprocess.PIPE
    )
    assert agent.stdout is not None
    assert str(place) in agent.stdout.readline()
    key = pcscd.run([*JPKI, "cert", "show", "auth", "--format", "ssh"]).stdout.strip()

    with running_server(tmp_path, key) as server:
        for _ in range(2):
            login = subprocess.run(
                [*server.client("-oBatchMode=yes"), "echo", "hello"],
                env={**os.environ, "SSH_AUTH_SOCK": str(place)},
                capture_output=True,
                text=True,
                timeout=2 * SECONDS,
                check=False,
            )
            assert (login.returncode, login.stdout) == (0, "hello\n"), login.stderr + server.log
            status = pcscd.run([*JPKI, "pin", "status", "auth", "--json"])
            assert json.loads(status.stdout)["pins"][0]["retries_remaining"] == 3
    agent.terminate()
    assert agent.wait(SECONDS) == 143
    served.stop()

    assert not place.exists()
    assert load(card_file).pins["auth"].retries_remaining == 3
