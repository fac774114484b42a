"""Logging in with the card's auth key: a real OpenSSH client and server, and the agent between client and card."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sshserver import SECONDS, SshServer, running_server

from jpki_sim.files import open_card
from terminal import TerminalSession

if TYPE_CHECKING:
    from pathlib import Path

    from ssh.conftest import AgentRunner

HELLO = ["echo", "hello", "from", "the", "card"]


def tries_left(card: Path) -> int:
    """The counter of the auth PIN in a card file."""
    with open_card(str(card)) as loaded:
        return loaded.card_file.pins["auth"].retries_remaining


@pytest.mark.parametrize("algorithm", ["rsa-sha2-256", "rsa-sha2-512"])
def test_the_card_logs_in(agent: AgentRunner, tmp_path_factory: pytest.TempPathFactory, algorithm: str) -> None:
    """One question, one VERIFY, one signature, with either hash; the server says whose key it was."""
    only = f"PubkeyAcceptedAlgorithms {algorithm}"
    with running_server(tmp_path_factory.mktemp("sshd"), agent.public_key, only) as server:
        done = agent.run([*server.client("-oBatchMode=yes", f"-o{only.replace(' ', '=')}"), *HELLO])

        assert (done.returncode, done.stdout) == (0, "hello from the card\n"), done.stderr + server.log
        assert f"Accepted publickey for {server.user}" in server.log
        assert server.host_key in done.stderr.replace("\n", "")
    assert f"as “{server.user}”" in done.stderr.replace("\n", " ")
    assert (agent.questions, agent.sent("VERIFY"), agent.sent("COMPUTE DIGITAL SIGNATURE")) == (1, 1, 1)
    assert "2846" not in done.stderr


def test_the_exit_code_is_the_commands(agent: AgentRunner, server: SshServer) -> None:
    """The agent passes on what its command ended with, and leaves no socket behind."""
    done = agent.run([*server.client("-oBatchMode=yes"), "exit", "37"])

    assert done.returncode == 37
    assert list(agent.folder.glob("jpki-ssh-*")) == []


def test_sha1_is_not_signed(agent: AgentRunner, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A server that takes ssh-rsa alone does not get a signature, and nobody is asked for the PIN."""
    with running_server(
        tmp_path_factory.mktemp("sshd"), agent.public_key, "PubkeyAcceptedAlgorithms ssh-rsa"
    ) as server:
        done = agent.run([*server.client("-oBatchMode=yes", "-oPubkeyAcceptedAlgorithms=ssh-rsa"), *HELLO])

    assert done.returncode == 255
    assert (agent.questions, agent.sent("VERIFY")) == (0, 0)


@pytest.mark.parametrize(("answer", "sent", "left"), [("2845", 1, 2), ("284", 0, 3), ("", 0, 3)])
def test_a_wrong_pin_is_one_attempt(
    agent: AgentRunner, server: SshServer, *, answer: str, sent: int, left: int
) -> None:
    """The login fails after one attempt; what cannot be the PIN is not sent at all, and asked for three times."""
    agent.answer_with(answer)
    done = agent.run([*server.client("-oBatchMode=yes"), *HELLO])

    assert done.returncode == 255
    assert "Not signed" in done.stderr
    assert (agent.questions, agent.sent("VERIFY"), agent.sent("COMPUTE DIGITAL SIGNATURE")) == (
        1 if sent else 3,
        sent,
        0,
    )
    assert tries_left(agent.card) == left


@pytest.mark.parametrize(
    ("persona", "words", "questions"), [("last-try", "no PIN was entered", 1), ("locked-auth", "is locked", 0)]
)
def test_a_card_that_must_not_be_tried_is_left_alone(
    agent: AgentRunner, server: SshServer, persona: str, words: str, questions: int
) -> None:
    """The last try takes a yes of its own, for want of which nothing is sent; of a locked PIN nobody is asked."""
    agent.make_card(persona)
    done = agent.run([*server.client("-oBatchMode=yes"), *HELLO])

    assert done.returncode == 255
    assert words in done.stderr.replace("\n", " ")
    assert (agent.questions, agent.sent("VERIFY")) == (questions, 0)


@pytest.mark.parametrize(("seconds", "questions"), [("0", 2), ("600", 1)])
def test_a_pin_is_kept_as_long_as_was_asked(
    agent: AgentRunner, server: SshServer, seconds: str, questions: int
) -> None:
    """Two logins under one agent: asked for each, or once; the card compares the PIN each time."""
    login = " ".join([*server.client("-oBatchMode=yes"), "true"])
    done = agent.run(["sh", "-c", f"{login} && {login}"], "--cache", seconds)

    assert done.returncode == 0, done.stderr
    assert (agent.questions, agent.sent("VERIFY"), agent.sent("COMPUTE DIGITAL SIGNATURE")) == (questions, 2, 2)


def test_several_logins_at_once_are_asked_for_one_by_one(agent: AgentRunner, server: SshServer) -> None:
    """Three clients that start together: three questions, three attempts, three logins, none mixed up."""
    login = " ".join([*server.client("-oBatchMode=yes"), "echo", "session"])
    script = "".join(f"({login} {n}; echo ended $?) & " for n in (1, 2, 3)) + "wait"
    done = agent.run(["sh", "-c", script])

    assert sorted(done.stdout.splitlines()) == ["ended 0"] * 3 + ["session 1", "session 2", "session 3"], done.stderr
    assert (agent.questions, agent.sent("VERIFY"), agent.sent("COMPUTE DIGITAL SIGNATURE")) == (3, 3, 3)
    assert tries_left(agent.card) == 3


def test_nobody_to_ask_is_a_refusal(agent: AgentRunner, server: SshServer) -> None:
    """Without a terminal and with SSH_ASKPASS_REQUIRE=never nothing is sent, and the log says why."""
    done = agent.run([*server.client("-oBatchMode=yes"), *HELLO], SSH_ASKPASS_REQUIRE="never")

    assert done.returncode == 255
    assert "SSH_ASKPASS" in done.stderr
    assert (agent.questions, agent.sent("VERIFY")) == (0, 0)


def test_a_person_types_the_pin_at_the_agents_terminal(agent: AgentRunner, server: SshServer) -> None:
    """Server, user and tries left are shown before; the PIN is shown as marks."""
    argv = [*agent.command(), "--", *server.client(), *HELLO]
    environment = {k: v for k, v in agent.environment.items() if not k.startswith("SSH_")}

    def start(terminal: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["setsid", "--ctty", *argv], env=environment, stdin=terminal, stdout=terminal, stderr=terminal
        )

    with TerminalSession(start) as session:
        session.expect(server.host_key)
        session.expect("3 of 3 tries left")
        session.answer("PIN (4 digits): ", "2846")
        session.expect("hello from the card")
        code = session.end()

    assert code == 0
    assert "2846" not in session.shown
    assert (agent.questions, agent.sent("VERIFY")) == (0, 1)


def test_ctrl_c_at_the_question_refuses_this_request_only(agent: AgentRunner, server: SshServer) -> None:
    """The client, which gets the Ctrl-C too, ends; nothing was sent, and the agent ends with its command."""
    argv = [*agent.command(), "--", *server.client(), *HELLO]
    environment = {k: v for k, v in agent.environment.items() if not k.startswith("SSH_")}

    def start(terminal: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["setsid", "--ctty", *argv], env=environment, stdin=terminal, stdout=terminal, stderr=terminal
        )

    with TerminalSession(start) as session:
        session.expect("3 of 3 tries left")
        session.expect("PIN (4 digits): ")
        session.type("\x03")
        session.expect("Not signed")
        code = session.end()

    assert code != 0
    assert agent.sent("VERIFY") == 0
    assert tries_left(agent.card) == 3


def test_sshsig_is_signed_and_verifies(agent: AgentRunner) -> None:
    """``ssh-keygen -Y sign`` with the agent, ``-Y verify`` with the key of ``cert show``."""
    folder = agent.folder
    (folder / "key.pub").write_text(agent.public_key + "\n", encoding="ascii")
    (folder / "allowed").write_text(f"me {agent.public_key}\n", encoding="ascii")
    (folder / "data").write_bytes(b"some data\n")
    done = agent.run(["ssh-keygen", "-Y", "sign", "-f", "key.pub", "-n", "file", "data"])
    assert done.returncode == 0, done.stderr

    verify = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "me", "-n", "file", "-s", "data.sig"]
    checked = [
        subprocess.run(verify, cwd=folder, input=data, capture_output=True, check=False).returncode
        for data in (b"some data\n", b"other data\n")
    ]
    assert checked == [0, 255]


def test_the_agent_offers_its_one_key_and_takes_no_other(agent: AgentRunner) -> None:
    """``ssh-add`` lists it; adding, removing and locking are refused."""
    script = "ssh-add -L; ssh-add -D; echo $?; ssh-keygen -q -t ed25519 -N '' -f other; ssh-add other; echo $?"
    done = agent.run(["sh", "-c", script])

    lines = done.stdout.splitlines()
    assert lines[0] == agent.public_key
    assert [line for line in lines if line.isdigit()] == ["1", "1"]


@pytest.mark.parametrize("options", [(), ("--allow-forwarded",)])
def test_an_agent_that_is_forwarded_shows_its_key_only_where_that_is_allowed(
    agent: AgentRunner, server: SshServer, options: tuple[str, ...]
) -> None:
    """``ssh -A``: OpenSSH's client says that the connection is forwarded before anybody on the server can speak."""
    done = agent.run([*server.client("-oBatchMode=yes", "-A"), "ssh-add -L; true"], *options)

    assert done.returncode == 0, done.stderr + server.log
    assert (agent.public_key.split()[1] in done.stdout) is bool(options)
    assert agent.questions == 1


def test_ssh_add_locks_and_unlocks(agent: AgentRunner) -> None:
    """While it is locked there is no key; the wrong passphrase does not open it."""
    agent.answer_with("word")
    script = "ssh-add -x; ssh-add -L; echo listed $?; ssh-add -X; ssh-add -L"
    done = agent.run(["sh", "-c", script])
    assert "listed 1" in done.stdout
    assert done.stdout.splitlines()[-1] == agent.public_key


def test_a_silent_crowd_keeps_nobody_from_logging_in(agent: AgentRunner, server: SshServer) -> None:
    """A hundred clients that connect and say nothing."""
    crowd = (
        "import os, socket, subprocess, sys\n"
        "held = []\n"
        "for _ in range(100):\n"
        "    held.append(socket.socket(socket.AF_UNIX)); held[-1].connect(os.environ['SSH_AUTH_SOCK'])\n"
        "sys.exit(subprocess.run(sys.argv[1:]).returncode)\n"
    )
    done = agent.run([sys.executable, "-c", crowd, *server.client("-oBatchMode=yes"), *HELLO])
    assert (done.returncode, done.stdout) == (0, "hello from the card\n"), done.stderr


def test_the_variables_are_for_a_shell(agent: AgentRunner) -> None:
    """``eval "$(jpki ssh agent &)"`` works as with ssh-agent, the socket is private, and SIGTERM tidies up."""
    script = (
        'eval "$($0 "$@" &)"; stat -c "%a %n" "$SSH_AUTH_SOCK" "${SSH_AUTH_SOCK%/*}"; ssh-add -L; kill "$SSH_AGENT_PID"'
    )
    done = subprocess.run(
        ["sh", "-c", script, *agent.command()],
        env=agent.environment,
        capture_output=True,
        text=True,
        timeout=4 * SECONDS,
        check=False,
    )

    assert [line.split(" ")[0] for line in done.stdout.splitlines()[:2]] == ["600", "700"]
    assert done.stdout.splitlines()[2] == agent.public_key


def test_a_named_socket_replaces_a_dead_one_only(agent: AgentRunner) -> None:
    """A socket that nobody listens on is replaced; a file, or a socket in use, is not: exit 2, card untouched."""
    place = agent.folder / "agent.sock"
    first = agent.run(["sh", "-c", "kill -KILL $SSH_AGENT_PID"], "--socket", str(place))
    left = stat.S_ISSOCK(place.stat().st_mode)
    again = agent.run(
        ["sh", "-c", f"ssh-add -L; {' '.join(agent.command('--socket', str(place)))}"], "--socket", str(place)
    )
    place.write_text("a file", encoding="ascii")
    agent.trace.unlink()
    refused = agent.run(["true"], "--socket", str(place))

    assert (first.returncode, left) == (-signal.SIGKILL, True)
    assert (again.returncode, again.stdout.strip()) == (2, agent.public_key)
    assert refused.returncode == 2
    assert place.read_text(encoding="ascii") == "a file"
    assert not agent.trace.exists()


def test_a_termination_ends_the_command_too(agent: AgentRunner) -> None:
    """SIGTERM: exit 143, no socket left."""
    done = agent.run(["sh", "-c", f"kill -TERM $SSH_AGENT_PID; exec sleep {int(SECONDS)}"])

    assert done.returncode == 143
    assert list(agent.folder.glob("jpki-ssh-*")) == []
