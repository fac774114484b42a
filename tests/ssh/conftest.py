"""The SSH agent with a simulated card, and a real OpenSSH client and server around it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sshserver import SECONDS, SshServer, running_server

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JPKI = [sys.executable, "-m", "jpki_cli"]
PIN = "2846"


class AgentRunner:
    """Runs commands under ``jpki ssh agent`` with a card file and a program that answers for the person."""

    def __init__(self, folder: Path) -> None:
        """Make the card and the program."""
        self.folder = folder
        self.card = folder / "card.json"
        self.trace = folder / "trace.txt"
        self.asked = folder / "asked.txt"
        self.make_card("adult")
        self.answer_with(PIN)

    def make_card(self, persona: str) -> None:
        """Make another card."""
        save(new_card(find_persona(persona), today=japan_today(), generate_keys=False), self.card)

    def answer_with(self, pin: str) -> None:
        """Have the program of SSH_ASKPASS note what it was asked, and answer; where a yes is wanted it says no."""
        self.askpass = self.folder / "askpass"
        confirms = '[ "$SSH_ASKPASS_PROMPT" = confirm ] && exit 1\n'
        script = f'#!/bin/sh\nprintf "QUESTION %s\\n" "$1" >>"{self.asked}"\n{confirms}printf "%s\\n" "{pin}"\n'
        self.askpass.write_text(script, encoding="utf-8")
        self.askpass.chmod(0o700)

    @property
    def environment(self) -> dict[str, str]:
        """The caller's environment, with no other agent and the program to ask."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("JPKI_", "SSH_", "XDG_RUNTIME"))
        }
        asking = {"SSH_ASKPASS": str(self.askpass), "SSH_ASKPASS_REQUIRE": "force"}
        return {**kept, **asking, "LC_ALL": "C.UTF-8", "TMPDIR": str(self.folder), "HOME": str(self.folder)}

    def command(self, *agent_options: str) -> list[str]:
        """The command line of the agent."""
        return [*JPKI, "--sim", str(self.card), "--trace", str(self.trace), "ssh", "agent", *agent_options]

    def run(self, command: list[str], *agent_options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command under the agent to its end."""
        argv = [*self.command(*agent_options), "--", *command]
        return subprocess.run(
            argv,
            env=self.environment | environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=4 * SECONDS,
            check=False,
            start_new_session=True,  # no terminal to ask on
        )

    @property
    def questions(self) -> int:
        """How often the program was asked."""
        return self.asked.read_text(encoding="utf-8").count("QUESTION") if self.asked.exists() else 0

    def sent(self, name: str) -> int:
        """How many commands of a name reached the card with data."""
        lines = self.trace.read_text(encoding="utf-8").splitlines() if self.trace.exists() else []
        return len([line for line in lines if f"{name} " in line and "[hidden]" in line])

    @property
    def public_key(self) -> str:
        """The card's key as a line of authorized_keys."""
        argv = [*JPKI, "--sim", str(self.card), "cert", "show", "auth", "--format", "ssh"]
        return subprocess.run(
            argv, env=self.environment, capture_output=True, encoding="utf-8", check=True
        ).stdout.strip()


@pytest.fixture
def agent(tmp_path: Path) -> AgentRunner:
    """An agent with an adult's card and a program that knows its PIN."""
    return AgentRunner(tmp_path)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, agent: AgentRunner) -> Iterator[SshServer]:
    """A server that lets the card in."""
    with running_server(tmp_path_factory.mktemp("sshd"), agent.public_key) as running:
        yield running
