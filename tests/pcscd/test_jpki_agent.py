"""``jpki agent`` over the real PC/SC service: a program logs in, others can use the card, it is taken away."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from rpcclient import RpcClient, RvError

from jpki.agent.pkcs11.frames import FrameReader, write_frame

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
SECONDS = 30


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


def test_a_program_signs_with_the_card_in_the_reader(pcscd: Pcscd, tmp_path: Path) -> None:
    """A signature through PC/SC; between signatures the card is free; without it there is an answer all the same."""
    served = pcscd.start_card("adult")
    answer = tmp_path / "answer"
    answer.write_text("#!/bin/sh\necho 2846\n", encoding="ascii")
    answer.chmod(0o700)
    place = tmp_path / "agent.sock"
    options = ["--socket", str(place), "--dialog", "askpass", "--dialog-program", str(answer)]
    agent = pcscd.popen([*JPKI, "agent", *options], stdout=subprocess.PIPE)
    assert agent.stdout is not None
    assert str(place) in agent.stdout.readline()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(place))
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
    agent.terminate()
    assert agent.wait(SECONDS) == 143
    assert not place.exists()
