"""The socket of the SSH agent: who is served, and what ends a connection; the PIN that is kept, and who is asked."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jpki.agent.ssh import AgentSession, SignRequest
from jpki.agent.ssh.protocol import Identity
from jpki.pin import Secret
from jpki_cli.failures import CliError
from jpki_cli.ssh import AgentServer, PinCache, agent_socket
from jpki_cli.ssh.askpass import AskpassError, ask_program, askpass_program
from jpki_cli.ssh.server import is_own_process, is_there

#: What the card is known again by.
CARD = bytes(range(32))

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clitest import RunCli

IDENTITIES = bytes.fromhex("000000010b")
IDENTITY = Identity(b"key", "comment")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the socket is to be."""
    return tmp_path / "agent.sock"


@pytest.fixture
def server(place: Path) -> Iterator[AgentServer]:
    """A server that signs nothing."""

    def refuse(_request: SignRequest) -> bytes | None:
        return None

    with (
        agent_socket(str(place), {}) as (listener, _),
        closing(AgentServer(listener, lambda _there: AgentSession(IDENTITY, refuse))) as made,
    ):
        yield made


def connect(place: Path, server: AgentServer) -> socket.socket:
    """A client that the server has accepted or turned away."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(30)
    client.connect(str(place))
    server.serve_once(30)
    return client


def test_clients_are_answered_each_by_itself(place: Path, server: AgentServer) -> None:
    """Half a message of one does not keep the other waiting."""
    with connect(place, server) as first, connect(place, server) as second:
        first.sendall(IDENTITIES[:3])
        server.serve_once(30)
        second.sendall(IDENTITIES)
        server.serve_once(30)
        assert second.recv(4096)[4] == 12
        first.sendall(IDENTITIES[3:])
        server.serve_once(30)
        assert first.recv(4096)[4] == 12


def test_nonsense_ends_that_connection_only(place: Path, server: AgentServer) -> None:
    """An impossible length closes the connection of whoever sent it."""
    with connect(place, server) as bad, connect(place, server) as good:
        bad.sendall(b"\xff" * 8)
        server.serve_once(30)
        good.sendall(IDENTITIES)
        server.serve_once(30)
        assert good.recv(4096)
        assert bad.recv(4096) == b""


def test_a_client_that_does_not_read_is_dropped(place: Path, server: AgentServer) -> None:
    """The server never waits for a client to take its answers."""
    with connect(place, server) as lazy:
        lazy.settimeout(0)
        for _ in range(2000):
            try:
                lazy.send(IDENTITIES * 1000)
            except BlockingIOError:
                pass
            except OSError:
                break
            server.serve_once(0)
        else:
            pytest.fail("the client is still served")


def test_the_socket_is_private_and_removed(tmp_path: Path) -> None:
    """0600 in a folder of its own of 0700; both are gone afterwards."""
    with agent_socket(None, {"XDG_RUNTIME_DIR": str(tmp_path)}) as (_, made):
        assert made.parent.parent == tmp_path
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["missing/agent.sock", "x" * 200])
def test_a_place_that_cannot_be_had_is_a_usage_error(tmp_path: Path, name: str) -> None:
    """Exit 2, with the system's reason."""
    with pytest.raises(CliError) as caught, agent_socket(str(tmp_path / name), {}):
        pass
    assert caught.value.failure.exit_code == 2


def test_somebody_elses_process_is_turned_away(
    place: Path, server: AgentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel names the user at the other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert is_own_process(ours)
        monkeypatch.setattr(os, "geteuid", lambda: 4242)
        assert not is_own_process(ours)
    with connect(place, server) as client:
        assert client.recv(1) == b""


def test_who_hung_up_is_noticed() -> None:
    """Before anybody is asked for a PIN."""
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(0)
        assert is_there(ours)
        theirs.close()
        assert not is_there(ours)


def test_a_kept_pin_is_for_one_card() -> None:
    """No other card gets it, and one that shows no fingerprint neither gets one nor leaves one behind."""
    cache = PinCache(10)
    secret, other = Secret(b"2846"), Secret(b"2846")
    cache.keep(secret, CARD)
    assert cache.get(CARD) is secret
    assert (cache.get(bytes(32)), cache.get(None)) == (None, None)
    cache.keep(other, None)
    assert (cache.get(CARD), cache.get(None)) == (None, None)
    with pytest.raises(ValueError, match="wiped"):
        other.reveal()


def test_a_kept_pin_is_wiped_when_its_time_is_over() -> None:
    """And not a moment later than it is looked at."""
    now = [100.0]
    cache = PinCache(10, lambda: now[0])
    secret = Secret(b"2846")
    cache.keep(secret, CARD)
    now[0] = 109.0
    assert (cache.get(CARD), cache.seconds_left()) == (secret, 1.0)
    cache.keep(secret, CARD)
    now[0] = 110.0
    assert (cache.seconds_left(), cache.get(CARD)) == (None, None)
    with pytest.raises(ValueError, match="wiped"):
        secret.reveal()


def test_without_a_time_no_pin_is_kept() -> None:
    """It is overwritten at once; so is one that another takes the place of."""
    first, second, third = Secret(b"2846"), Secret(b"2846"), Secret(b"2846")
    PinCache(0).keep(first, CARD)
    cache = PinCache(10)
    cache.keep(second, CARD)
    cache.keep(third, CARD)
    for wiped in (first, second):
        with pytest.raises(ValueError, match="wiped"):
            wiped.reveal()
    assert cache.get(CARD) is third
    cache.wipe()
    assert cache.get(CARD) is None


@pytest.mark.parametrize(
    ("environment", "has_terminal", "is_asked"),
    [
        ({"SSH_ASKPASS_REQUIRE": "force"}, True, True),
        ({"SSH_ASKPASS_REQUIRE": "FORCE"}, False, True),
        ({"SSH_ASKPASS_REQUIRE": "prefer"}, True, False),
        ({"SSH_ASKPASS_REQUIRE": "prefer", "DISPLAY": ":0"}, True, True),
        ({"SSH_ASKPASS_REQUIRE": "prefer", "WAYLAND_DISPLAY": "wayland-0"}, True, True),
        ({"SSH_ASKPASS_REQUIRE": "never", "DISPLAY": ":0"}, False, False),
        ({"DISPLAY": ":0"}, True, False),
        ({"DISPLAY": ":0"}, False, True),
        ({}, False, False),
    ],
)
def test_who_is_asked_follows_ssh(environment: dict[str, str], *, has_terminal: bool, is_asked: bool) -> None:
    """SSH_ASKPASS_REQUIRE, display and terminal decide as ssh(1) says."""
    found = askpass_program({"SSH_ASKPASS": "/bin/ask", **environment}, has_terminal=has_terminal)
    assert found == ("/bin/ask" if is_asked else None)


def _program(folder: Path, script: str) -> str:
    path = folder / "ask"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o700)
    return str(path)


@pytest.mark.parametrize("script", ["printf 2846", "printf '2846\\n'", "printf '2846\\r\\nmore'", 'echo "$1"'])
def test_the_first_line_is_the_answer(tmp_path: Path, script: str) -> None:
    """Whatever ends it; the question is the argument."""
    assert bytes(ask_program(_program(tmp_path, script), "2846").reveal()) == b"2846"


@pytest.mark.parametrize("script", ["exit 1", "echo 2846; exit 3", "head -c 9999 /dev/zero"])
def test_no_answer_is_an_error(tmp_path: Path, script: str) -> None:
    """Cancelled, or too long; and a program that is not there."""
    with pytest.raises(AskpassError):
        ask_program(_program(tmp_path, script), "PIN?")
    with pytest.raises(AskpassError):
        ask_program(str(tmp_path / "missing"), "PIN?")


def test_windows_is_told_so(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, apdus: list[bytes]) -> None:
    """Exit 2 before the card is touched."""
    monkeypatch.setattr("sys.platform", "win32")
    result = run_cli("--sim", "adult", "ssh", "agent")

    assert (result.code, apdus) == (2, [])
    assert "Windows" in result.stderr


@pytest.mark.parametrize(("persona", "code"), [("declined", 6), ("other-card", 6), ("truncated-der", 6)])
def test_a_card_without_a_usable_certificate_has_no_agent(run_cli: RunCli, persona: str, code: int) -> None:
    """Its own exit code, and no command is run."""
    result = run_cli("--sim", persona, "ssh", "agent", "--", "sh", "-c", "exit 99")

    assert result.code == code


def test_a_command_that_cannot_be_run_is_told(run_cli: RunCli) -> None:
    """Exit 2."""
    result = run_cli("--sim", "adult", "ssh", "agent", "--", "/no/such/program")

    assert result.code == 2
