"""The slots of the bridge into vpcd: cards that come and go, faults, several at once, and where they may connect."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from fakevpcd import ATR, OFF, ON, READ_SIGN, SECONDS, SELECT_JPKI, VERIFY_SIGN, FakeVpcd, is_there

from jpki_sim.card import CONTACT_ATR, CONTACTLESS_ATR, SimulatedCard
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.serve import VpcdServer
from jpki_sim.serve.vpcd import VpcdSlot, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import CardImage


def test_remove_and_insert(vpcd: FakeVpcd, slot: VpcdSlot, card: SimulatedCard) -> None:
    """Removing the card closes the connection and cuts its power; inserting it connects again."""
    slot.remove()
    slot.remove()
    assert (vpcd.receive(), slot.is_inserted) == (b"", False)
    slot.insert()
    vpcd.accept()
    assert (is_there(vpcd), slot.is_inserted, card.is_powered) == (True, True, False)


def test_insert_into_an_empty_slot(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> None:
    """An empty slot connects nothing until a card is inserted."""
    slot = start(None)
    assert (slot.is_inserted, slot.is_connected, slot.card) == (False, False, None)
    with pytest.raises(ValueError, match="never was a card"):
        slot.insert()
    slot.insert(card)
    vpcd.accept()
    assert is_there(vpcd)
    with pytest.raises(ValueError, match="already"):
        slot.insert(card)


def test_swap(vpcd: FakeVpcd, slot: VpcdSlot, image: CardImage) -> None:
    """Another card takes the place of the first, over a new connection."""
    slot.swap(SimulatedCard(image, atr=CONTACT_ATR), gap=0.01)
    assert vpcd.receive() == b""
    vpcd.accept()
    assert vpcd.ask(ATR) == CONTACT_ATR


def test_swap_into_an_empty_slot(vpcd: FakeVpcd, image: CardImage, start: Callable[..., VpcdSlot]) -> None:
    """Swapping works where no card is, too."""
    start(None).swap(SimulatedCard(image, atr=CONTACT_ATR), gap=0.0)
    vpcd.accept()
    assert vpcd.ask(ATR) == CONTACT_ATR


@pytest.mark.parametrize(
    ("plan", "left"),
    [
        ("remove:verify=0.1", 3),
        ("remove-after:verify=0.1", 2),
        ("mute:verify", 3),
        ("mute-after:verify", 2),
        ("reader-gone:verify=0.1", 3),
    ],
)
def test_faults_close_the_connection(
    vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot], plan: str, left: int
) -> None:
    """A card that goes, or does not answer, closes the connection and is connected again as after power-up."""
    start(FaultyCard(card, parse_faults(plan)))
    vpcd.accept()
    vpcd.send(ON)
    vpcd.ask(SELECT_JPKI)
    assert vpcd.ask(bytes.fromhex("002000980430303030")) == b""
    vpcd.accept()
    vpcd.send(ON)
    assert vpcd.ask(SELECT_JPKI).hex() == "9000"
    assert vpcd.ask(bytes.fromhex("00200098")).hex() == f"63c{left}"


def test_card_that_stays_away_is_put_back(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> None:
    """A card that a fault took away for good comes back when it is inserted."""
    slot = start(FaultyCard(card, parse_faults("remove:1")))
    vpcd.accept()
    vpcd.send(ON)
    assert vpcd.ask(SELECT_JPKI) == b""
    assert not slot.is_inserted
    slot.insert()
    vpcd.accept()
    assert is_there(vpcd)


def test_reset_by_another_program(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> None:
    """vpcd hears nothing of a staged reset: the command meets a card that was reset."""
    start(FaultyCard(card, parse_faults("reset:3")))
    vpcd.accept()
    vpcd.send(ON)
    assert vpcd.ask(SELECT_JPKI).hex() == "9000"
    assert vpcd.ask(VERIFY_SIGN).hex() == "9000"
    assert vpcd.ask(READ_SIGN).hex() == "6a82"


def test_short_answers(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> None:
    """An answer of one byte goes out as it is; one of none closes the connection, since vpcd would wait for ever."""
    start(FaultyCard(card, parse_faults("truncate:1=1,empty:2")))
    vpcd.accept()
    vpcd.send(ON)
    assert vpcd.ask(SELECT_JPKI) == b"\x90"
    vpcd.send(SELECT_JPKI)
    assert vpcd.link is not None
    assert vpcd.link.recv(100) == b""
    vpcd.accept()
    assert is_there(vpcd)


def test_command_without_power(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """A command to a card without power gets no answer: the connection closes."""
    vpcd.send(OFF)
    assert vpcd.ask(SELECT_JPKI) == b""
    vpcd.accept()
    assert is_there(vpcd)


def test_several_slots(image: CardImage) -> None:
    """Several cards are served at once, on one port after another; stopping ends them all."""
    first = FakeVpcd()
    try:
        second = FakeVpcd(first.port + 1)
    except OSError:
        pytest.skip("the next port is in use")
    cards = [SimulatedCard(image), SimulatedCard(image, atr=CONTACT_ATR)]
    with VpcdServer(cards, port=first.port) as server:
        first.accept()
        second.accept()
        assert (first.ask(ATR), second.ask(ATR)) == (CONTACTLESS_ATR, CONTACT_ATR)
        assert [slot.port for slot in server.slots] == [first.port, first.port + 1]
    assert (first.receive(), second.receive()) == (b"", b"")
    server.stop()
    first.close()
    second.close()


def test_stopping_while_nobody_listens(card: SimulatedCard) -> None:
    """A slot that finds no vpcd can be stopped, and one that was never started too."""
    is_unreachable = threading.Event()
    fake = FakeVpcd()
    fake.close()
    slot = VpcdSlot(card, port=fake.port, on_event=lambda _port, _event: is_unreachable.set())
    slot.start()
    assert is_unreachable.wait(SECONDS)
    slot.stop()
    slot.stop()
    VpcdSlot(card, port=fake.port).stop()


def test_connection_with_itself_is_given_up(card: SimulatedCard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that the system has made from the port to itself is closed, so that vpcd can listen there."""
    made: list[socket.socket] = []
    is_unreachable = threading.Event()

    def connect_to_itself(address: tuple[str, int], timeout: float) -> socket.socket:
        link = socket.socket()
        made.append(link)
        try:
            link.settimeout(timeout)
            link.bind((address[0], 0))
            link.connect(link.getsockname())
        except OSError:  # as create_connection does: nothing is left open where no connection was made
            link.close()
            raise
        return link

    monkeypatch.setattr(socket, "create_connection", connect_to_itself)
    slot = VpcdSlot(card, on_event=lambda _port, _event: is_unreachable.set())
    slot.start()
    assert is_unreachable.wait(SECONDS)
    slot.stop()
    assert {link.fileno() for link in made} == {-1}


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_ports_that_are_none(card: SimulatedCard, port: int) -> None:
    """A port that there is not is refused, also for the later slots of a server."""
    with pytest.raises(ValueError, match="no port"):
        VpcdSlot(card, port=port)
    with pytest.raises(ValueError, match="no port 65536"):
        VpcdServer([card, card], port=65535)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.invalid", "::2", ""])
def test_other_machines_need_permission(card: SimulatedCard, host: str) -> None:
    """A slot connects to this machine only, unless it is told otherwise."""
    with pytest.raises(ValueError, match="this machine"):
        VpcdSlot(card, host=host)
    assert VpcdSlot(card, host=host, allow_remote=True).port == 35963


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_permission(card: SimulatedCard, host: str) -> None:
    """Every name of this machine is good."""
    assert VpcdSlot(card, host=host).is_inserted


def test_serving_ends_with_an_interrupt(vpcd: FakeVpcd, card: SimulatedCard, monkeypatch: pytest.MonkeyPatch) -> None:
    """``serve`` runs until it is interrupted, and takes the cards out then."""

    def interrupt() -> None:
        vpcd.accept()
        assert is_there(vpcd)
        raise KeyboardInterrupt

    monkeypatch.setattr("jpki_sim.serve.vpcd.wait_for_ever", interrupt)
    serve([card], port=vpcd.port)
    assert vpcd.receive() == b""
