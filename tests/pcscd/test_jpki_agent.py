"""``jpki agent`` over the real PC/SC service: a program logs in, others can use the card, it is taken away."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from memoryscan import can_scan, is_in_memory
from rpcclient import CKR_PIN_INCORRECT, RpcClient, RvError, ulong

from jpki.agent.pkcs11.frames import FrameReader, write_frame
from jpki_sim.serve import send_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
SECONDS = 120
CKA_VALUE = 0x11
#: A signature password that is not the card's.
PASSED = b"QXZWVK77"


def client_of(connection: socket.socket) -> RpcClient:
    """A client on a connection."""
    reader = FrameReader()
    connection.sendall(b"\0")

    def ask(body: bytes) -> bytes:
        connection.sendall(write_frame(1, body))
        while True:
            for frame in reader.feed(connection.recv(65536)):
                return bytes(frame.body or b"")

    return RpcClient(ask)


@contextmanager
def running_agent(pcscd: Pcscd, folder: Path, *options: str) -> Iterator[tuple[socket.socket, Path]]:
    """A connection to an agent with options, and the file with a line for each time that the PIN was asked for."""
    asked, answer, place = folder / "asked", folder / "answer", folder / "agent.sock"
    asked.touch()
    answer.write_text(f"#!/bin/sh\necho >>{asked}\necho 2846\n", encoding="ascii")
    answer.chmod(0o700)
    dialog = ["--socket", str(place), "--dialog", "askpass", "--dialog-program", str(answer)]
    agent = pcscd.popen([*JPKI, "agent", *dialog, *options], stdout=subprocess.PIPE)
    assert agent.stdout is not None
    assert str(place) in agent.stdout.readline()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(place))
        yield connection, asked
    agent.terminate()
    assert agent.wait(SECONDS) == 143
    assert not place.exists()


def test_a_program_signs_with_the_card_in_the_reader(pcscd: Pcscd, tmp_path: Path) -> None:
    """A signature through PC/SC; between signatures the card is free; without it there is an answer all the same."""
    served = pcscd.start_card("adult")
    with running_agent(pcscd, tmp_path) as (connection, _):
        client = client_of(connection)
        assert client.slots() == [1]
        session = client.open()
        assert len(client.sign(session)) == 256
        status = pcscd.run([*JPKI, "pin", "status", "auth", "--json"])
        assert json.loads(status.stdout)["pins"][0]["retries_remaining"] == 3
        served.stop()
        assert client.slots() == []
        with pytest.raises(RvError) as caught:
            client.private_key(session)
        assert caught.value.rv == 0x32


@pytest.mark.parametrize(("second", "questions"), [("", 1), ("adult", 2), ("youth", 2)])
def test_a_kept_pin_is_for_the_card_that_took_it(pcscd: Pcscd, tmp_path: Path, second: str, questions: int) -> None:
    """Reset by another program it gets the PIN without a question; whatever was put there meanwhile is asked about."""
    control = tmp_path / "control.sock"
    pcscd.start_card("adult", 35963, "--control", str(control))
    with running_agent(pcscd, tmp_path, "--cache", "600") as (connection, asked):
        client = client_of(connection)
        session = client.open()
        assert [len(client.sign(session)) for _ in range(2)] == [256, 256]
        assert asked.read_text() == "\n"
        if second:
            send_command(control, "remove")
            pcscd.await_empty()
            send_command(control, "insert", card=second)
            pcscd.await_card()
        pcscd.reset_card()
        client.slots()
        assert len(client.sign(client.open())) == 256
        assert asked.read_text() == "\n" * questions


def test_a_card_that_was_exchanged_while_the_service_was_away_is_read(pcscd: Pcscd, tmp_path: Path) -> None:
    """The service that was started anew counts its cards as the one before did, and programs see the new one."""
    pcscd.stop_daemon()
    pcscd.start_daemon()
    first = pcscd.start_card("adult")
    with running_agent(pcscd, tmp_path) as (connection, _):
        client = client_of(connection)
        before = certificate_of(client)
        first.stop()
        pcscd.stop_daemon()
        pcscd.start_daemon()
        pcscd.start_card("youth")
        assert certificate_of(client) != before
        assert len(client.sign(client.open())) == 256


@pytest.mark.skipif(not can_scan(), reason="only root reads the memory of other processes")
def test_a_password_that_a_program_passed_stays_nowhere_in_the_agent(pcscd: Pcscd, tmp_path: Path) -> None:
    """Neither where it was received nor where it was sent from, once it was used up."""
    pcscd.start_card("adult")
    remembered = pcscd.run([*JPKI, "pkcs11", "remember", "--pin-stdin"], "SIMCARD1\n")
    assert remembered.returncode == 0
    with (
        running_agent(pcscd, tmp_path, "--with-signature") as (connection, _),
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other,
    ):
        other.settimeout(SECONDS)
        other.connect(f"{connection.getpeername()}-signature")
        client = client_of(other)
        pid = pid_at(other)
        session = client.open(2)
        client.login(session, PASSED)
        assert is_in_memory(pid, PASSED)
        assert client.rv_of_sign(session) == CKR_PIN_INCORRECT
        assert not is_in_memory(pid, PASSED)
    assert pcscd.run([*JPKI, "pkcs11", "forget"]).returncode == 0


def pid_at(connection: socket.socket) -> int:
    """The process at the other end."""
    return int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4), sys.byteorder)


def certificate_of(client: RpcClient) -> bytes:
    """The certificate that programs see."""
    session = client.open()
    certificate = client.find(session, cls=ulong(1))[0]
    return client.bytes_attribute(session, certificate, CKA_VALUE)
