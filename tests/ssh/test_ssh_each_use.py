"""A yes to each use of a PIN that is kept, and an agent that is forwarded: OpenSSH around the agent."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import agentclient
import pytest
from sshserver import SshServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssh.conftest import AgentRunner

CONFIRMING = ("-c", "--cache", "600")
#: Notes whether a secret or a yes is wanted, and the question; says no while there is the file ``no``.
ASKPASS = """#!/bin/sh
cd {folder}
printf '%s %s\\n' "${{SSH_ASKPASS_PROMPT:-secret}}" "$(printf %s "$1" | tr '\\n' ' ')" >>questions
[ "$SSH_ASKPASS_PROMPT" = confirm ] && {{ [ ! -e no ]; exit; }}
echo 2846
"""
#: Asks the forwarded agent for a signature by a key that it was not shown.
REQUEST = """
import base64, os, sys
sys.path.insert(0, {folder!r})
from agentclient import AgentClient
client = AgentClient(os.environ["SSH_AUTH_SOCK"])
print("answer", client.sign(base64.b64decode(sys.argv[1]), 1))
"""


@pytest.fixture
def asking(agent: AgentRunner) -> AgentRunner:
    """The agent with a program that says yes where a yes is wanted, until it is told otherwise."""
    agent.askpass.write_text(ASKPASS.format(folder=shlex.quote(str(agent.folder))), encoding="utf-8")
    return agent


def asked(agent: AgentRunner) -> list[tuple[str, str]]:
    """The kind of each question, and its words."""
    lines = (agent.folder / "questions").read_text(encoding="utf-8").splitlines()
    return [(kind, words) for kind, _, words in (line.partition(" ") for line in lines)]


def kinds(agent: AgentRunner) -> list[str]:
    """The kinds of the questions, in order."""
    return [kind for kind, _ in asked(agent)]


def test_each_use_of_a_kept_pin_takes_a_yes(asking: AgentRunner, server: SshServer) -> None:
    """Two logins: the PIN once, then a yes to a question that names the server and says what it is for."""
    login = shlex.join([*server.client("-oBatchMode=yes"), "echo", "hello"])
    done = asking.run(["sh", "-c", f"{login}; {login}"], *CONFIRMING)
    assert done.stdout == "hello\nhello\n", done.stderr + server.log
    assert kinds(asking) == ["secret", "confirm"]
    question = asked(asking)[1][1]
    assert server.host_key in question
    assert "/ssh" in question
    assert (asking.sent("VERIFY"), asking.sent("COMPUTE DIGITAL SIGNATURE")) == (2, 2)


def test_a_no_refuses_that_login_and_sends_nothing(asking: AgentRunner, server: SshServer) -> None:
    """The second login fails without a command that presents the PIN; after a yes again the third one works."""
    login = shlex.join([*server.client("-oBatchMode=yes"), "echo", "hello"])
    script = f"{login}; touch no; {login}; echo ended $?; rm no; {login}"
    done = asking.run(["sh", "-c", script], *CONFIRMING)
    assert done.stdout == "hello\nended 255\nhello\n", done.stderr + server.log
    assert kinds(asking) == ["secret", "confirm", "confirm"]
    assert (asking.sent("VERIFY"), asking.sent("COMPUTE DIGITAL SIGNATURE")) == (2, 2)
    assert "Not signed" in done.stderr


@pytest.fixture
def beyond(tmp_path_factory: pytest.TempPathFactory, agent: AgentRunner) -> Iterator[SshServer]:
    """A second server, which is reached from the first."""
    with running_server(tmp_path_factory.mktemp("beyond"), agent.public_key) as running:
        yield running


def test_a_second_hop_is_refused_unless_allowed(agent: AgentRunner, server: SshServer, beyond: SshServer) -> None:
    """``ssh -A`` to one server and ``ssh`` from there to another: refused, nobody is asked for the second login."""
    hop = shlex.join([*beyond.client("-oBatchMode=yes"), "echo", "beyond"])
    command = [*server.client("-oBatchMode=yes", "-A"), f"echo first; {hop}; echo ended $?"]
    refused = agent.run(command)
    assert refused.stdout == "first\nended 255\n", refused.stderr + server.log
    assert "Permission denied" in refused.stderr
    assert "Accepted" not in beyond.log
    assert (agent.questions, agent.sent("VERIFY")) == (1, 1)

    allowed = agent.run(command, "--allow-forwarded")
    assert allowed.stdout == "first\nbeyond\nended 0\n", allowed.stderr + server.log + beyond.log
    assert f"Accepted publickey for {beyond.user}" in beyond.log
    assert (agent.questions, agent.sent("VERIFY")) == (3, 3)
    last = agent.asked.read_text(encoding="utf-8").split("QUESTION ")[-1].replace("\n", " ")
    assert beyond.host_key in last
    assert "another computer" in last


@pytest.mark.parametrize("options", [(), ("--allow-forwarded",)])
def test_a_signature_over_a_forwarded_agent(agent: AgentRunner, server: SshServer, options: tuple[str, ...]) -> None:
    """A program on the server that knows the key asks for a signature by itself: refused, and said so at the agent."""
    script = agent.folder / "request.py"
    script.write_text(REQUEST.format(folder=str(Path(agentclient.__file__).parent)), encoding="utf-8")
    key = agent.public_key.split()[1]
    command = shlex.join([sys.executable, str(script), key])
    done = agent.run([*server.client("-oBatchMode=yes", "-A"), command], *options)
    said = "forwarded connection" in " ".join(done.stderr.split())
    if options:
        assert (done.stdout, agent.questions, said) == (f"answer {agentclient.SIGN_RESPONSE}\n", 2, False), done.stderr
    else:
        assert (done.stdout, agent.questions, said) == (f"answer {agentclient.FAILURE}\n", 1, True), done.stderr
    assert agent.sent("COMPUTE DIGITAL SIGNATURE") == agent.questions
