"""What goes over the link to vpcd, with a peer that is kind, slow, hostile or gone."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from fakevpcd import ATR, OFF, ON, READ_SIGN, RESET, SECONDS, SELECT_JPKI, VERIFY_SIGN, FakeVpcd, is_there

from jpki_sim.card import CONTACTLESS_ATR, CardImage, DedicatedFile, SimulatedCard, TransparentFile, aids
from jpki_sim.serve.frames import FRAME_MAX, FrameLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.serve import SlotEvent
    from jpki_sim.serve.vpcd import VpcdSlot


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
    monkeypatch.setattr("jpki_sim.serve.frames.FRAME_TIMEOUT", 0.05)
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
