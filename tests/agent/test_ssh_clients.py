"""The agent's door for SSH: clients that are silent, talk nonsense or go away, and an agent that ends."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from agentclient import SIGN_RESPONSE, AgentClient
from agentdesk import PIN, Desk
from sshdesk import Notes, SshDesk
from sshmessages import login, message, sign_contents

from jpki.agent.ssh import SshService, service
from jpki.agent.ssh.protocol import identity_of
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from pathlib import Path


def test_silent_clients_are_let_go_where_others_come(door: SshDesk) -> None:
    """The one that has been silent longest makes room; a hundred and more of them keep nobody out."""
    silent = [door.connect() for _ in range(2 * service.MAX_SSH_CLIENTS)]
    door.desk.person.secrets = [PIN]
    assert door.sign(1) == [SIGN_RESPONSE]
    with pytest.raises((EOFError, OSError)):
        silent[0].first_key()
    assert silent[-1].first_key()
    for client in silent:
        client.close()


def test_a_client_whose_question_is_open_is_not_the_one_that_goes(door: SshDesk) -> None:
    """Though it has been silent longest."""
    silent: list[AgentClient] = []

    def crowd() -> None:
        silent.extend(door.connect() for _ in range(2 * service.MAX_SSH_CLIENTS))
        assert silent[-1].first_key()  # all of them have been taken

    door.desk.person.secrets, door.desk.person.on_ask = [PIN], crowd
    assert door.sign(1) == [SIGN_RESPONSE]
    for client in silent:
        client.close()


def test_a_silent_client_is_ended_after_a_while(desk: Desk, tmp_path: Path) -> None:
    """With half a message too."""
    made = SshService(desk.cards, desk.agent.signer, Notes(), idle_seconds=0.05)
    place = tmp_path / "agent.sock"
    desk.agent.open_door(place, made.serve)
    for sent in (b"", b"\0\0"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(30)
            client.connect(str(place))
            client.sendall(sent)
            assert client.recv(1) == b""


def test_nonsense_ends_that_connection_only(door: SshDesk) -> None:
    """An impossible length closes the connection of whoever sent it."""
    with closing(door.connect()) as bad, closing(door.connect()) as good:
        with pytest.raises((EOFError, OSError)):
            bad.ask(b"\x0b" * (300 * 1024))
        assert good.first_key()


def test_a_client_that_went_away_is_not_asked_for(door: SshDesk) -> None:
    """It hangs up while another request has the person's attention: its own question never comes."""
    view = door.desk.cards.look()
    assert view is not None
    key = identity_of(view.auth, "").blob
    gone = threading.Event()

    def meanwhile() -> None:
        if not gone.is_set():
            gone.set()
            second = door.connect()
            second._socket.sendall(message(13, sign_contents(login(key=key), key=key)))
            second.close()

    door.desk.person.secrets, door.desk.person.on_ask = [PIN], meanwhile
    assert door.sign(1) == [SIGN_RESPONSE]
    assert door.sign() == []
    assert door.desk.person.secrets_asked == 1


@pytest.mark.parametrize("number", range(1, 12))
def test_an_agent_that_ends_amid_a_signature_leaves_the_card_closed(
    door: SshDesk, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """SIGTERM at whichever command: what the card does is done to its end, and nothing is kept."""
    desk, count, ending = door.desk, [0], threading.Event()
    original = SimulatedConnection.transmit

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        count[0] += 1
        if count[0] == number:
            ending.set()
        return original(self, command)

    with closing(door.connect()) as client:
        key = client.first_key()
        monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
        desk.person.secrets = [PIN]
        asking = threading.Thread(target=lambda: _sign_or_lose(client, key))
        asking.start()
        assert ending.wait(30)
        desk.agent.__exit__(None, None, None)
        asking.join(30)
    assert not asking.is_alive()
    assert not desk.is_open()
    assert desk.tries() == 3
    assert desk.agent.kept.wipe_old() is None


def _sign_or_lose(client: AgentClient, key: bytes) -> None:
    with suppress(EOFError, OSError):
        client.sign(key, 1)
