"""``jpki agent`` and ``jpki pkcs11`` as programs: the fixture for other people's tests, install, relay, the end."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pkcs11bench import find_module
from rpcclient import RpcClient

from jpki.agent.pkcs11.frames import FrameReader, write_frame
from jpki_cli.agent.installing import module_files
from jpki_cli.agent.locations import learned_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jpki_sim.pytest_plugin import AgentUnderTest

JPKI = [sys.executable, "-m", "jpki_cli"]
SECONDS = 30


class Stream:
    """A client's end of a connection: frames in and out."""

    def __init__(self, write: object, read: object) -> None:
        """Say the version."""
        self._write, self._read = write, read
        self._reader = FrameReader()
        self._write(b"\0")  # type: ignore[operator]

    def ask(self, body: bytes) -> bytes:
        """Send a body and wait for the answer."""
        self._write(write_frame(7, body))  # type: ignore[operator]
        while True:
            received = self._read()  # type: ignore[operator]
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


def run(*options: str, env: Mapping[str, str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run jpki."""
    return subprocess.run(
        [*JPKI, *options], env=env, input=text, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
    )


def environment(folder: Path) -> dict[str, str]:
    """An environment whose folders are the test's own."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": ":".join(path for path in sys.path if path),
    }


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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An agent in its usual places, in folders of the test's own."""
    (tmp_path / "run").mkdir(mode=0o700)
    env = environment(tmp_path)
    argv = [*JPKI, "--sim", "adult", "agent", "--dialog", "askpass"]
    with subprocess.Popen(
        argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().strip().split(": ") for _ in range(3)]
            yield env | dict(lines)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 143
    assert [path for path in (tmp_path / "run").rglob("*") if path.is_socket()] == []


def test_the_agent_is_where_p11_kit_looks_and_refuses_a_second_one(running: dict[str, str], tmp_path: Path) -> None:
    """Its sockets are gone at the end; they are the owner's alone."""
    assert running["p11_kit"] == str(tmp_path / "run" / "p11-kit" / "pkcs11")
    assert Path(running["p11_kit"]).stat().st_mode & 0o777 == 0o600
    with connected(Path(running["p11_kit"])) as stream:
        assert RpcClient(stream.ask).slots() == [1]
    second = run("--sim", "adult", "agent", "--json", env=environment(tmp_path))
    assert (second.returncode, json.loads(second.stdout)["code"]) == (2, "agent_runs")


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


def test_install_writes_what_uninstall_removes(tmp_path: Path) -> None:
    """Module file, unit, link and Java's file; what is not ours is left alone."""
    find_module()
    env = environment(tmp_path)
    done = run("pkcs11", "install", "--java", "--with-signature", "--json", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    written = json.loads(done.stdout)["written"]
    assert len(written) == 5
    module = Path(written[0]).read_text(encoding="utf-8")
    assert f"remote: unix:path={tmp_path}/run/jpki/pkcs11\n" in module
    removed = json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["removed"]
    assert sorted(removed) == sorted(written)
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []

    Path(written[0]).write_text("remote: unix:path=/somewhere/else\n", encoding="utf-8")
    refused = run("pkcs11", "install", "--json", env=env)
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (2, "not_ours")
    assert json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["removed"] == []


@pytest.mark.skipif(shutil.which("modutil") is None, reason="NSS's tools are not installed")
def test_what_was_added_to_browsers_is_added_once_and_taken_out(tmp_path: Path) -> None:
    """Twice is as good as once; uninstall knows where it was added, and a second one finds nothing."""
    find_module()
    env = environment(tmp_path) | {"HOME": str(tmp_path / "home")}
    profile = tmp_path / "profile"
    profile.mkdir()
    subprocess.run(["certutil", "-N", "-d", f"sql:{profile}", "--empty-password"], check=True)
    lists = [profile / "pkcs11.txt", tmp_path / "home" / ".pki" / "nssdb" / "pkcs11.txt"]
    for _ in range(2):
        done = run("pkcs11", "install", "--chromium", "--firefox", str(profile), "--json", env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert [path.read_text(encoding="utf-8").count("name=jpki\n") for path in lists] == [1, 1]
    found = [json.loads(run("pkcs11", "uninstall", "--json", env=env).stdout)["databases"] for _ in range(2)]
    assert [sorted(each) for each in found] == [sorted(str(path.parent) for path in lists), []]
    assert [path.read_text(encoding="utf-8").count("name=jpki\n") for path in lists] == [0, 0]


def test_without_home_files_go_to_the_home_of_the_user() -> None:
    """A service or ``env -i`` names none; nothing is written at the root of the file system."""
    own = Path(pwd.getpwuid(os.geteuid()).pw_dir)
    assert module_files({})["user"].parents[3] == own
    assert learned_folder({}).is_relative_to(own)
    assert module_files({"HOME": "relative"})["user"].parents[3] == own


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
