"""Programs that end amid a call, fork, come back under an old process number, and a desk with several cards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rpcprogram
from agentdesk import PIN, READER, Desk, ListedPerson, PlainLabels, PlainWords
from rpcclient import RpcClient, RvError

from jpki.agent import Agent, CardAccess, Client, Faces, describe
from jpki.agent.peers import Peer
from jpki.agent.pkcs11.module import Module
from jpki_sim.card import SimulatedConnection
from jpki_sim.serve import SimulatedReaders

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60.0
CANCELED = 0x50


@pytest.fixture
def place(desk: Desk, tmp_path: Path) -> Path:
    """Where the agent listens."""
    found = tmp_path / "agent.sock"
    desk.agent.open_pkcs11(found)
    return found


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An adult's card, and nothing kept."""
    with Desk() as found:
        yield found


def start(place: Path, *what: str) -> subprocess.Popen[str]:
    """Start a program that asks for signatures."""
    support = str(Path(rpcprogram.__file__).parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([support, *filter(None, sys.path)])}
    argv = [sys.executable, rpcprogram.__file__, str(place), *what]
    return subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True)


def said(program: subprocess.Popen[str]) -> list[str]:
    """What it printed, and its children."""
    return program.communicate(timeout=SECONDS)[0].split()


def test_a_client_that_is_killed_while_it_is_asked_for_costs_nothing(desk: Desk, place: Path) -> None:
    """What is typed is not sent, and the next program is served."""
    programs: list[subprocess.Popen[str]] = []
    is_killed = threading.Event()

    def kill() -> None:
        programs[0].kill()
        programs[0].wait(SECONDS)
        is_killed.set()

    desk.person.secrets, desk.person.on_ask = [PIN, PIN], kill
    desk.card.command_log = []
    programs.append(start(place, "sign"))
    assert is_killed.wait(SECONDS)
    said(programs[0])
    desk.person.on_ask = lambda: None
    assert said(start(place, "sign")) == ["256"]
    assert desk.presented() == 1
    assert not desk.is_open()


def test_a_client_that_is_killed_amid_the_signature_leaves_the_card_closed(
    desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card does it to its end, the answer goes nowhere, and the agent goes on."""
    original = SimulatedConnection.transmit
    programs: list[subprocess.Popen[str]] = []
    codes: list[int] = []

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        if command[1] == 0x20 and len(command) > 5 and not codes:
            programs[0].kill()
            codes.append(programs[0].wait(SECONDS))
        return original(self, command)

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    desk.person.secrets, desk.person.choices = [PIN, PIN], [0]
    programs.append(start(place, "sign"))
    said(programs[0])
    assert said(start(place, "sign")) == ["256"]
    assert codes == [-signal.SIGKILL]
    assert not desk.is_open()
    assert desk.tries() == 3


@pytest.mark.parametrize("name", ["client", "call"])
def test_no_more_threads_is_an_answer_or_a_closed_connection(
    desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where the system gives out none for a client or a call; the next program is served, and the agent can end."""
    original = threading.Thread.start
    refused: list[str] = []

    def start_thread(thread: threading.Thread) -> None:
        if thread.name == name and not refused:
            refused.append(name)
            raise RuntimeError("can't start new thread")
        original(thread)

    monkeypatch.setattr(threading.Thread, "start", start_thread)
    desk.person.secrets = [PIN]
    said(start(place, "sign"))
    assert refused == [name]
    assert said(start(place, "sign")) == ["256"]
    ending = threading.Thread(target=desk.agent.__exit__, args=(None, None, None), name="ending", daemon=True)
    ending.start()
    ending.join(SECONDS)
    assert not ending.is_alive()


def test_a_child_of_a_program_gets_no_pin_that_was_kept_for_its_parent(desk: Desk, place: Path) -> None:
    """By a connection of its own it is another program: the person is asked, and named the child's number."""
    desk.person.secrets = [PIN]
    program = start(place, "fork", PIN)
    assert said(program) == ["256", "256"]
    assert desk.person.secrets_asked == 1
    assert [question.pid for question in desk.words.questions] != [program.pid]


def test_a_child_that_inherits_a_connection_is_not_asked_for(desk: Desk, place: Path) -> None:
    """The program that had connected is gone, so nobody is asked on behalf of whoever holds its connection now."""
    desk.person.secrets = [PIN]
    assert said(start(place, "inherit")) == [hex(CANCELED)]
    assert desk.person.asked == []


def test_a_program_whose_file_is_replaced_is_the_same_program(tmp_path: Path) -> None:
    """By an update of its package, while it runs; one that runs another file is another program."""
    program, other = tmp_path / "program", tmp_path / "other"
    for path in (program, other):
        shutil.copy(shutil.which("cat") or "/bin/cat", path)
    shell = f"read line; exec '{program}'"
    with subprocess.Popen(["/bin/sh", "-c", shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        before = describe(process.pid, os.geteuid())
        process.stdin.write(b"go on\nhello\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"hello\n"
        assert not before.is_same_process()
        found = describe(process.pid, os.geteuid())
        other.replace(program)
        assert found.is_same_process()
        process.stdin.close()
        process.wait(SECONDS)
    assert not found.is_same_process()


def refused(client: RpcClient) -> int:
    """The CK_RV of a signature that is refused."""
    with pytest.raises(RvError) as caught:
        client.sign(client.open())
    return caught.value.rv


def test_a_process_number_that_is_used_again_gets_nothing_of_the_program_before(desk: Desk) -> None:
    """The time of its start belongs to whom a PIN is kept for, and to whom a person is asked for."""
    own = describe(os.getpid(), os.geteuid())
    earlier = Peer(own.pid, own.uid, own.started - 1, own.program)
    clients = [Client(peer, lambda: True, ("pkcs11", peer.pid, peer.started)) for peer in (earlier, own)]
    before, again = (RpcClient(desk.module(client).answer) for client in clients)
    before.login(before.open(), PIN.encode())
    assert refused(again) == CANCELED
    assert desk.person.secrets_asked == 1

    desk.agent.kept.wipe_all()
    desk.person.asked.clear()
    assert refused(before) == CANCELED  # its process is another one now
    assert desk.person.asked == []


class SeveralCards:
    """Two readers, each with a card or none, and one agent."""

    def __init__(self, readers: SimulatedReaders, reader: str | None) -> None:
        """Put the agent together."""
        self.person = ListedPerson()
        self.agent = Agent(CardAccess(readers, reader=reader), Faces([self.person], PlainWords(), PlainLabels()))

    def client(self) -> RpcClient:
        """A client of the user token."""
        own = Client(describe(os.getpid(), os.geteuid()), lambda: True, "client")
        return RpcClient(Module(self.agent._user_slots, self.agent.cards, self.agent.signer, own).answer)


def test_of_several_cards_the_one_that_was_named_is_used_and_no_other() -> None:
    """Two cards without a name are no card; the second is none either while the first lies there alone again."""
    with SimulatedReaders({"First": "adult", "Second": "youth"}) as readers:
        desk = SeveralCards(readers, None)
        with desk.agent:
            client = desk.client()
            assert client.slots() == []
            readers.remove("Second")
            assert client.slots() == [1]
            desk.person.secrets = [PIN]
            session = client.open()
            assert len(client.sign(session)) == 256
            readers.insert("Second", "youth")
            desk.person.secrets, desk.person.choices = [PIN], [0]
            with pytest.raises(RvError):
                client.sign(session)
            assert desk.person.secrets == [PIN]
    with SimulatedReaders({"First": "adult", "Second": "youth"}) as readers:
        named = SeveralCards(readers, "Second")
        with named.agent:
            view = named.agent.cards.look()
            assert view is not None
            assert view.reader == "Second"
            named.person.secrets = [PIN]
            client = named.client()
            assert len(client.sign(client.open())) == 256


def test_several_cards_are_left_alone_until_one_is_taken_away() -> None:
    """Programs that look again and again have no command sent to them."""
    with SimulatedReaders({"First": "adult", "Second": "youth"}) as readers:
        logs = []
        for loaded in readers._cards.values():
            assert loaded is not None
            loaded.card.command_log = []
            logs.append(loaded.card.command_log)
        desk = SeveralCards(readers, None)
        with desk.agent:
            client = desk.client()
            assert client.slots() == []
            sent = sum(map(len, logs))
            assert [client.slots() for _ in range(5)] == [[]] * 5
            assert sum(map(len, logs)) == sent
            readers.remove("Second")
            assert client.slots() == [1]


def test_the_reader_of_a_phone_is_the_one_that_it_lies_on() -> None:
    """Whatever lies on the reader before it."""
    with SimulatedReaders({"First": "other-card", "Second": "phone"}) as readers:
        desk = SeveralCards(readers, None)
        with desk.agent:
            view = desk.agent.cards.look()
            assert view is not None
            assert (view.reader, view.fingerprint) == ("Second", None)


@pytest.mark.parametrize("persona", ["phone", "iphone", "other-card", "declined", "next-generation"])
def test_what_has_no_login_key_that_can_be_used_is_no_token(persona: str) -> None:
    """Phones, cards of others, cards without a certificate, and keys of another kind: an empty slot, no question."""
    with Desk(persona) as desk:
        client = RpcClient(desk.module().answer)
        assert client.slots() == []
        with pytest.raises(RvError) as caught:
            client.open()
        assert caught.value.rv == 0xE0
        assert desk.presented() == 0
        assert desk.person.asked == []


def test_a_card_beside_a_phone_is_found_when_the_phone_goes(desk: Desk) -> None:
    """The same reader: a phone, then the card."""
    client = RpcClient(desk.module().answer)
    desk.readers.insert(READER, "phone")
    assert client.slots() in ([], [1])  # a quick exchange shows at the next use
    desk.readers.remove(READER)
    assert client.slots() == []
    desk.readers.insert(READER, "phone")
    assert client.slots() == []
    desk.readers.remove(READER)
    assert client.slots() == []
    desk.readers.insert(READER, "adult")
    assert client.slots() == [1]
