"""The bridge into vpcd, against a peer that is kind, slow, hostile or gone."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from jpki_sim import aids
from jpki_sim.atr import CONTACT_ATR, CONTACTLESS_ATR
from jpki_sim.card import SimulatedCard
from jpki_sim.faultplan import parse_faults
from jpki_sim.faults import FaultyCard
from jpki_sim.filesystem import CardImage, DedicatedFile, TransparentFile
from jpki_sim.vpcd import SlotEvent, VpcdServer, VpcdSlot, serve
from jpki_sim.vpcdframes import FRAME_MAX, FrameLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.port import CardPort

SECONDS = 20.0
OFF, ON, RESET, ATR = b"\0", b"\1", b"\2", b"\4"
SELECT_JPKI = bytes.fromhex("00A4040C0A") + aids.JPKI_AID
VERIFY_SIGN = bytes.fromhex("0020009B08") + b"SIMCARD1"
READ_SIGN = bytes.fromhex("00B0810001")


class FakeVpcd:
    """The reader's side: listens, accepts a card, sends messages."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.settimeout(SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self.link: socket.socket | None = None

    def accept(self) -> None:
        """Wait for a card."""
        if self.link is not None:
            self.link.close()
        self.link, _ = self._listener.accept()
        self.link.settimeout(SECONDS)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def raw(self, data: bytes) -> None:
        """Send bytes as one segment."""
        assert self.link is not None
        self.link.sendall(data)

    def send(self, message: bytes) -> None:
        """Send one message."""
        self.raw(len(message).to_bytes(2) + message)

    def receive(self) -> bytes:
        """Receive one message; empty when the card has gone."""
        assert self.link is not None
        head = self._exactly(2)
        return self._exactly(int.from_bytes(head)) if head else b""

    def _exactly(self, size: int) -> bytes:
        assert self.link is not None
        data = b""
        while len(data) < size:
            try:
                received = self.link.recv(size - len(data))
            except ConnectionResetError:
                return b""
            if not received:
                return b""
            data += received
        return data

    def ask(self, message: bytes) -> bytes:
        """Send a message and receive its answer."""
        self.send(message)
        return self.receive()

    def close(self) -> None:
        """Go away."""
        if self.link is not None:
            self.link.close()
        self._listener.close()


@pytest.fixture
def vpcd() -> Iterator[FakeVpcd]:
    """A reader."""
    fake = FakeVpcd()
    yield fake
    fake.close()


@pytest.fixture
def start(vpcd: FakeVpcd) -> Iterator[Callable[..., VpcdSlot]]:
    """Start a slot that connects to the reader."""
    slots: list[VpcdSlot] = []

    def start_slot(card: CardPort | None, on_event: Callable[[int, SlotEvent], None] | None = None) -> VpcdSlot:
        slot = VpcdSlot(card, port=vpcd.port, on_event=on_event)
        slots.append(slot)
        slot.start()
        return slot

    yield start_slot
    for slot in slots:
        slot.stop()


@pytest.fixture
def slot(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> VpcdSlot:
    """A connected slot whose card has power."""
    slot = start(card)
    vpcd.accept()
    vpcd.send(ON)
    return slot


def is_there(vpcd: FakeVpcd) -> bool:
    """Whether the card answers the presence poll."""
    return vpcd.ask(ATR) == CONTACTLESS_ATR


def test_atr_and_commands(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """The ATR is answered with and without power, commands with it."""
    vpcd.send(OFF)
    assert vpcd.ask(ATR) == CONTACTLESS_ATR
    vpcd.send(ON)
    assert vpcd.ask(ATR) == CONTACTLESS_ATR
    assert vpcd.ask(SELECT_JPKI).hex() == "9000"
    assert slot.is_connected


def test_card_is_unpowered_at_first(vpcd: FakeVpcd, card: SimulatedCard, start: Callable[..., VpcdSlot]) -> None:
    """A card that was just put in has no power until the reader gives it."""
    start(card)
    vpcd.accept()
    assert (vpcd.ask(ATR), card.is_powered) == (CONTACTLESS_ATR, False)


def test_power_and_reset(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """Power off clears the security status, a contactless reset only the selection."""
    assert [vpcd.ask(command).hex() for command in (SELECT_JPKI, VERIFY_SIGN, READ_SIGN)] == ["9000", "9000", "309000"]
    vpcd.send(RESET)
    assert [vpcd.ask(command).hex() for command in (READ_SIGN, SELECT_JPKI, READ_SIGN)] == ["6a82", "9000", "309000"]
    vpcd.send(OFF)
    vpcd.send(ON)
    assert [vpcd.ask(command).hex() for command in (SELECT_JPKI, READ_SIGN)] == ["9000", "6982"]


def test_reset_supplies_power(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """A reset of a card without power is a power-up."""
    vpcd.send(OFF)
    vpcd.send(RESET)
    assert vpcd.ask(SELECT_JPKI).hex() == "9000"


@pytest.mark.parametrize("message", [b"", b"\3", b"\x7f", b"\xff"])
def test_other_messages_are_ignored(vpcd: FakeVpcd, slot: VpcdSlot, message: bytes) -> None:
    """Unknown control codes and empty messages get no answer and do no harm."""
    vpcd.send(message)
    assert is_there(vpcd)


def test_messages_in_single_bytes(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """A message that arrives byte by byte is one message."""
    for byte in len(SELECT_JPKI).to_bytes(2) + SELECT_JPKI:
        vpcd.raw(bytes((byte,)))
    assert vpcd.receive().hex() == "9000"


def test_messages_in_one_segment(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """Messages that arrive together are answered one after another."""
    vpcd.raw(b"".join(len(message).to_bytes(2) + message for message in (ATR, SELECT_JPKI, RESET, ATR, READ_SIGN)))
    assert [vpcd.receive().hex() for _ in range(4)] == [CONTACTLESS_ATR.hex(), "9000", CONTACTLESS_ATR.hex(), "6a82"]


def test_largest_message(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """A command of 65535 bytes is read whole."""
    command = bytes.fromhex("00A4040C") + b"\0" + (FRAME_MAX - 7).to_bytes(2) + bytes(FRAME_MAX - 7)
    assert vpcd.ask(command).hex() == "6700"
    assert is_there(vpcd)


def test_answer_that_does_not_fit(vpcd: FakeVpcd, start: Callable[..., VpcdSlot]) -> None:
    """An answer of more bytes than a message can have becomes 6700."""
    big = CardImage([DedicatedFile.of(aids.JPKI_AID.hex(), "JPKI", [TransparentFile(0x0A, bytes(70000))])])
    start(SimulatedCard(big))
    vpcd.accept()
    vpcd.send(ON)
    vpcd.ask(SELECT_JPKI)
    assert vpcd.ask(bytes.fromhex("00A4020C02000A")).hex() == "9000"
    assert vpcd.ask(bytes.fromhex("00B00000000000")).hex() == "6700"
    assert len(vpcd.ask(bytes.fromhex("00B0000000FFFD"))) == FRAME_MAX


@pytest.mark.parametrize("cut", [b"", b"\0", b"\0\x0f", b"\0\x0f\x00\xa4", b"\xff\xff\x00"])
def test_cut_connection(vpcd: FakeVpcd, slot: VpcdSlot, cut: bytes) -> None:
    """A peer that goes, between or inside messages, is connected again when it is back."""
    vpcd.raw(cut)
    vpcd.accept()
    assert is_there(vpcd)


def test_hostile_peers_one_after_another(vpcd: FakeVpcd, slot: VpcdSlot) -> None:
    """Peers that send nonsense and go away at once do not end the slot."""
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 1000, b"\xff" * 70000, bytes(range(256)) * 4):
        vpcd.accept()
        vpcd.raw(nonsense)
    vpcd.accept()
    assert is_there(vpcd)


def test_stalled_message_ends_the_connection(vpcd: FakeVpcd, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that is not completed in time breaks the connection; silence between messages does not."""
    monkeypatch.setattr("jpki_sim.vpcdframes.FRAME_TIMEOUT", 0.05)
    with socket.create_connection(("127.0.0.1", vpcd.port)) as link:
        vpcd.accept()
        frames = FrameLink(link)
        waiter = threading.Timer(0.2, vpcd.send, (ATR,))
        waiter.start()
        assert frames.receive() == ATR
        waiter.join()
        vpcd.raw(b"\0")
        with pytest.raises(TimeoutError):
            frames.receive()


def test_vpcd_restarts(card: SimulatedCard, start: Callable[..., VpcdSlot], vpcd: FakeVpcd) -> None:
    """When vpcd goes and comes back on its port, the card connects again; losing it is told once."""
    events: list[str] = []
    is_lost = threading.Event()

    def on_event(port: int, event: SlotEvent) -> None:
        assert port == vpcd.port
        events.append(event)
        if event == "unreachable":
            is_lost.set()

    start(card, on_event)
    vpcd.accept()
    assert is_there(vpcd)
    vpcd.close()
    assert is_lost.wait(SECONDS)
    again = FakeVpcd(vpcd.port)
    again.accept()
    assert is_there(again)
    assert events == ["connected", "disconnected", "unreachable", "connected"]
    again.close()


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
        link.settimeout(timeout)
        link.bind((address[0], 0))
        link.connect(link.getsockname())
        made.append(link)
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

    monkeypatch.setattr("jpki_sim.vpcd._wait_for_ever", interrupt)
    serve([card], port=vpcd.port)
    assert vpcd.receive() == b""
