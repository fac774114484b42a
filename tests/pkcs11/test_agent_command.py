"""``jpki agent`` and ``jpki pkcs11`` as programs: the fixture for other people's tests, the relay, the end."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programrun import JPKI, SECONDS, environment, run, running_agent
from rpcclient import SIGN, RpcClient, body, given, uint32, ulong

from jpki.agent.pkcs11.frames import FrameReader, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.pytest_plugin import AgentUnderTest


class Stream:
    """A client's end of a connection: frames in and out."""

    def __init__(self, write: Callable[[bytes], object], read: Callable[[], bytes]) -> None:
        """Say the version."""
        self._write, self._read = write, read
        self._reader = FrameReader()
        self._write(b"\0")

    def tell(self, body: bytes) -> None:
        """Send a body."""
        self._write(write_frame(7, body))

    def ask(self, body: bytes) -> bytes:
        """Send a body and wait for the answer."""
        self.tell(body)
        while True:
            received = self._read()
            assert received, "the connection was closed"
            for frame in self._reader.feed(received):
                assert (frame.call_id, frame.body is None) == (7, False)
                return bytes(frame.body or b"")


@contextmanager
def connected(path: Path) -> Iterator[Stream]:
    """A client of a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(path))
        yield Stream(connection.sendall, lambda: connection.recv(65536))


def test_the_fixture_gives_a_program_the_card(jpki_agent: AgentUnderTest) -> None:
    """A signature by way of the socket; the question was asked once."""
    with connected(jpki_agent.socket) as stream:
        client = RpcClient(stream.ask)
        assert len(client.sign(client.open())) == 256
    assert jpki_agent.asked == 1
    assert jpki_agent.environment["P11_KIT_SERVER_ADDRESS"] == f"unix:path={jpki_agent.socket}"


def test_the_agent_outlives_its_clients(jpki_agent: AgentUnderTest) -> None:
    """Clients that hang up amid a frame, send noise, or speak eight at a time: the next one is served."""
    for noise in (b"", b"\0", b"\0\0\0\0\1", b"\0" + b"\xff" * 64, b"\2GET / HTTP/1.0\r\n\r\n"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(jpki_agent.socket))
            connection.sendall(noise)
    with ExitStack() as stack:
        clients = [RpcClient(stack.enter_context(connected(jpki_agent.socket)).ask) for _ in range(8)]
        sessions = [[client.open() for _ in range(100)] for client in clients]
        assert {len(found) for found in sessions} == {100}
    with connected(jpki_agent.socket) as stream:
        assert RpcClient(stream.ask).slots() == [1]


def test_no_dialog_stays_on_the_screen_when_the_agent_ends(tmp_path: Path) -> None:
    """Ended while a program's question is open: whatever was typed then would go nowhere."""
    held, program = tmp_path / "held", tmp_path / "dialog"
    os.mkfifo(held)
    program.write_text(f"#!/bin/sh\nexec sleep 600 >'{held}'\n", encoding="utf-8")
    program.chmod(0o700)
    options = ["--socket", str(tmp_path / "socket"), "--dialog", "askpass", "--dialog-program", str(program)]
    argv = [*JPKI, "--sim", "adult", "agent", *options]
    with subprocess.Popen(argv, env=environment(tmp_path), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with connected(tmp_path / "socket") as stream:
            client = RpcClient(stream.ask)
            client.sign_init(client.open())
            stream.tell(body(SIGN, ulong(1), given(b"data"), uint32(256)))
            with held.open("rb") as end:  # waits until the dialog has it
                process.send_signal(signal.SIGTERM)
                try:
                    code = process.wait(SECONDS)
                finally:
                    process.kill()  # else one that hangs is waited for, for ever
                assert code == 143
                ready = select.poll()
                ready.register(end, select.POLLHUP)
                assert ready.poll(0)


@pytest.mark.parametrize("name", ["./answer", "tools/../answer"])
def test_the_program_that_asks_may_be_named_from_here(tmp_path: Path, name: str) -> None:
    """From the folder in which the agent is started, as docs/pkcs11.md has it for tests of other programs."""
    (tmp_path / "tools").mkdir()
    answer = tmp_path / "answer"
    answer.write_text("#!/bin/sh\necho 2846\n", encoding="ascii")
    answer.chmod(0o700)
    options = ["--socket", "./card.sock", "--dialog", "askpass", "--dialog-program", name]
    argv = [*JPKI, "--sim", "adult", "agent", *options]
    with subprocess.Popen(argv, env=environment(tmp_path), cwd=tmp_path, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            with connected(tmp_path / "card.sock") as stream:
                client = RpcClient(stream.ask)
                assert len(client.sign(client.open())) == 256
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 143


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An agent in its usual places, in folders of the test's own."""
    (tmp_path / "run").mkdir(mode=0o700)
    env = environment(tmp_path)
    with running_agent(env) as places:
        yield env | places
    assert [path for path in (tmp_path / "run").rglob("*") if path.is_socket()] == []


def test_the_agent_is_where_p11_kit_looks_and_refuses_a_second_one(running: dict[str, str], tmp_path: Path) -> None:
    """Its sockets are gone at the end; they are the owner's alone."""
    assert running["p11_kit"] == str(tmp_path / "run" / "p11-kit" / "pkcs11")
    assert Path(running["p11_kit"]).stat().st_mode & 0o777 == 0o600
    with connected(Path(running["p11_kit"])) as stream:
        assert RpcClient(stream.ask).slots() == [1]
    second = run("--sim", "adult", "agent", "--json", env=environment(tmp_path))
    assert (second.returncode, json.loads(second.stdout)["code"]) == (2, "agent_runs")


@pytest.mark.parametrize(
    ("is_used", "why"), [(True, "Another program uses {place}"), (False, "The socket {place} cannot be made: ")]
)
def test_without_its_place_at_p11_kit_it_says_how_it_is_found(tmp_path: Path, *, is_used: bool, why: str) -> None:
    """Whether another program listens there, or the system does not let it be made; the agent runs all the same."""
    place = tmp_path / "run" / "p11-kit" / "pkcs11"
    (tmp_path / "run").mkdir(mode=0o700)
    with ExitStack() as stack:
        if is_used:
            place.parent.mkdir(mode=0o700)
            other = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            other.bind(str(place))
            other.listen()
        else:
            place.parent.write_text("", encoding="ascii")
        argv = [*JPKI, "--sim", "adult", "agent", "--dialog", "askpass"]
        agent = subprocess.Popen(
            argv, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        with agent as process:
            assert process.stdout is not None
            opened = process.stdout.readline() + process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            told = process.communicate(timeout=SECONDS)[1].replace("\n", " ")
    assert str(place) not in opened
    assert why.format(place=place) in told
    assert f"run jpki pkcs11 install, or set P11_KIT_SERVER_ADDRESS=unix:path={tmp_path}/run/jpki/pkcs11." in told


@pytest.mark.parametrize("command", [["agent"], ["ssh", "agent"], ["pkcs11", "relay"]])
def test_a_socket_where_others_can_write_is_not_used(tmp_path: Path, command: list[str]) -> None:
    """By the two that listen and the one that connects: exit 2, which folder it is, and how to make another."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    socket_option = ["--socket", str(shared / "card.sock")]
    done = run("--sim", "adult", *command, *socket_option, env=environment(tmp_path))
    assert done.returncode == 2
    said = done.stderr.replace("\n", " ")
    assert f"Other users can write to {shared}" in said
    assert "mkdir -m 700" in said
    assert list(shared.iterdir()) == []


def test_the_relay_carries_a_client_to_the_agent(running: dict[str, str], tmp_path: Path) -> None:
    """Through pipes, as p11-kit runs it; end of file ends it."""
    argv = [*JPKI, "pkcs11", "relay", "--socket", running["relay"]]
    with subprocess.Popen(
        argv, env=environment(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        output = process.stdout
        stream = Stream(process.stdin.write, lambda: output.read(65536))
        assert RpcClient(stream.ask).slots() == [1]
        process.stdin.close()
        assert process.wait(SECONDS) == 0


def test_the_signature_certificate_is_remembered_and_forgotten(tmp_path: Path) -> None:
    """The file is the owner's alone; it is told first what the certificate holds."""
    env = environment(tmp_path)
    done = run("--sim", "adult", "pkcs11", "remember", "--pin-stdin", "--json", env=env, text="SIMCARD1\n")
    assert done.returncode == 0, done.stdout + done.stderr
    path = Path(json.loads(done.stdout)["path"])
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "name, address, birth date and sex" in " ".join(done.stderr.split())
    assert json.loads(run("pkcs11", "forget", "--json", env=env).stdout)["removed"] == 1
    assert not path.exists()


def test_what_remember_has_begun_to_write_is_forgotten_too(tmp_path: Path) -> None:
    """A full disk leaves nothing of the certificate, and forget removes what one that was killed has left."""
    env = environment(tmp_path)
    options = ["--sim", "adult", "pkcs11", "remember", "--pin-stdin", "--json"]
    argv = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *JPKI, *options]
    full = subprocess.run(argv, env=env, input="SIMCARD1\n", capture_output=True, text=True, check=False)
    assert full.returncode == 2
    folder = tmp_path / ".local" / "share" / "jpki" / "signature-certificates"
    assert list(folder.iterdir()) == []
    path = Path(json.loads(run(*options, env=env, text="SIMCARD1\n").stdout)["path"])
    path.with_suffix(".new").write_text("half of it", encoding="ascii")
    assert json.loads(run("pkcs11", "forget", "--json", env=env).stdout)["removed"] == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("agent", ["agent", "ssh agent"])
def test_an_agent_runs_where_its_output_is_closed(tmp_path: Path, agent: str) -> None:
    """Nobody wants to know where it listens."""
    place = tmp_path / "agent.sock"
    command = f'exec "$@" {agent} --socket {place} >&-'
    with subprocess.Popen(["sh", "-c", command, "sh", *JPKI, "--sim", "adult"], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"is running" in process.stderr.readline()
        process.terminate()
        assert process.wait(SECONDS) == 143
