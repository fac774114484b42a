"""The control socket of a running server."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import CONTACT_ATR, SimulatedCard
from jpki_sim.errors import UnknownPersonaError
from jpki_sim.serve import ControlError, ControlServer, VpcdServer, send_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jpki_sim.card import CardImage
    from jpki_sim.serve import SlotFacts

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the socket is to be."""
    return tmp_path / "control"


@pytest.fixture
def server(card: SimulatedCard) -> VpcdServer:
    """Two slots that are not started, one of them empty."""
    return VpcdServer([card, None], port=40000)


@pytest.fixture
def control(path: Path, server: VpcdServer, image: CardImage) -> Iterator[ControlServer]:
    """A running control server that knows one card by name."""

    def load(name: str) -> SimulatedCard:
        if name != "other":
            raise UnknownPersonaError(name)
        return SimulatedCard(image, atr=CONTACT_ATR)

    with ControlServer(path, server, load) as running:
        yield running


def inserted(slots: list[SlotFacts]) -> list[object]:
    """Which slots hold a card."""
    return [slot["inserted"] for slot in slots]


def test_socket_is_the_owners_alone(control: ControlServer, path: Path) -> None:
    """Nobody but the owner can open the socket, and the process keeps its own mask."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mask = os.umask(0o022)
    os.umask(mask)
    assert mask != 0o177


def test_status(control: ControlServer, path: Path) -> None:
    """The state of every slot is told."""
    assert send_command(path, "status") == [
        {"slot": 0, "port": 40000, "inserted": True, "connected": False},
        {"slot": 1, "port": 40001, "inserted": False, "connected": False},
    ]


def test_remove_and_insert(control: ControlServer, path: Path) -> None:
    """A card can be taken out and put back."""
    assert inserted(send_command(path, "remove")) == [False, False]
    assert inserted(send_command(path, "insert")) == [True, False]


def test_insert_another_card(control: ControlServer, path: Path, server: VpcdServer) -> None:
    """A card is put into an empty slot by its name."""
    assert inserted(send_command(path, "insert", slot=1, card="other")) == [True, True]
    card = server.slots[1].card
    assert card is not None
    assert card.atr == CONTACT_ATR


def test_swap(control: ControlServer, path: Path, server: VpcdServer) -> None:
    """A card is exchanged for another."""
    assert inserted(send_command(path, "swap", card="other")) == [True, False]
    card = server.slots[0].card
    assert card is not None
    assert card.atr == CONTACT_ATR


@pytest.mark.parametrize(
    ("command", "slot", "name", "reason"),
    [
        ("insert", 0, None, "already"),
        ("insert", 1, None, "never was a card"),
        ("insert", 1, "nobody", "nobody"),
        ("insert", 2, None, "from 0 to 1"),
        ("insert", -1, None, "from 0 to 1"),
        ("swap", 0, None, "needs a card"),
        ("eject", 0, None, "must be status"),
    ],
)
def test_refused_commands(
    control: ControlServer, path: Path, command: str, slot: int, name: str | None, reason: str
) -> None:
    """What cannot be done is refused with its reason, and the server goes on."""
    with pytest.raises(ControlError, match=reason):
        send_command(path, command, slot=slot, card=name)
    assert inserted(send_command(path, "status")) == [True, False]


NONSENSE = [
    *(b"\n", b"no json\n", b"[1]\n", b'"status"\n', b"\xff\xfe\n", b"9" * 70000 + b"\n", b"[" * 60000 + b"\n"),
    *(b'{"command": 1}\n', b'{"command": "insert", "card": 5}\n'),
    *(b'{"command": "remove", "slot": true}\n', b'{"command": "remove", "slot": "0"}\n'),
]


@pytest.mark.parametrize("line", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused(control: ControlServer, path: Path, line: bytes) -> None:
    """Whatever a client sends, it gets a refusal, and the server goes on."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(20)
        link.connect(str(path))
        link.sendall(line)
        with link.makefile("rb") as lines:
            assert json.loads(lines.readline())["ok"] is False
    assert inserted(send_command(path, "status")) == [True, False]


def test_several_requests_on_one_connection(control: ControlServer, path: Path) -> None:
    """A client may send one request after another."""
    with socket.socket(socket.AF_UNIX) as link, link.makefile("rwb") as lines:
        link.settimeout(20)
        link.connect(str(path))
        for command in ("remove", "insert"):
            lines.write(json.dumps({"command": command}).encode() + b"\n")
            lines.flush()
            assert json.loads(lines.readline())["ok"] is True


def test_socket_is_taken_away(path: Path, server: VpcdServer) -> None:
    """After the server has ended its socket is gone, and nobody answers."""
    with ControlServer(path, server, lambda _: pytest.fail("no card is asked for")):
        pass
    assert not path.exists()
    with pytest.raises(ControlError, match="no server answers"):
        send_command(path, "status")


def test_left_socket_is_replaced(path: Path, server: VpcdServer) -> None:
    """A socket that a killed server left behind does not keep the next one from starting."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with ControlServer(path, server, lambda _: pytest.fail("no card is asked for")):
        assert len(send_command(path, "status")) == 2


def test_second_server_is_refused(control: ControlServer, path: Path, server: VpcdServer) -> None:
    """Where a server listens, no other can be started, and the first goes on."""
    second = ControlServer(path, server, lambda _: pytest.fail("no card is asked for"))
    with pytest.raises(ControlError, match="already listens"), second:
        pytest.fail("started")
    assert len(send_command(path, "status")) == 2


def test_other_files_are_left_alone(path: Path, server: VpcdServer) -> None:
    """Something else that lies where the socket should be is not touched."""
    path.write_text("precious")
    with pytest.raises(ControlError, match="no socket"), ControlServer(path, server, lambda _: pytest.fail("asked")):
        pytest.fail("started")
    assert path.read_text() == "precious"


def test_folder_that_is_not_there(tmp_path: Path, server: VpcdServer) -> None:
    """Where no socket can be made the reason is told."""
    control = ControlServer(tmp_path / "missing" / "control", server, lambda _: pytest.fail("asked"))
    with pytest.raises(ControlError, match=re.escape(os.strerror(errno.ENOENT))), control:
        pytest.fail("started")


@pytest.mark.parametrize("answer", [b"", b"no json\n", b"[]\n", b'{"ok": false}\n'])
def test_answers_that_are_none(path: Path, answer: bytes) -> None:
    """A server that answers nonsense, or nothing, is an error that says so."""

    def answer_once(listener: socket.socket) -> None:
        link, _ = listener.accept()
        with link:
            link.recv(1000)
            link.sendall(answer)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=answer_once, args=(listener,))
        thread.start()
        with pytest.raises(ControlError):
            send_command(path, "status")
        thread.join(20)
