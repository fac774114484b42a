"""A small card made by hand, enough for what the engine does, and a reader of vpcd's kind to put it into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fakevpcd import ON, FakeVpcd

from jpki_sim.card import (
    CardImage,
    ChangeCommand,
    DedicatedFile,
    KeyFile,
    ReferenceData,
    RsaPrivateKey,
    SimulatedCard,
    TransparentFile,
    aids,
    any_of,
)
from jpki_sim.serve.vpcd import VpcdSlot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.card import CardPort, ElementaryFile
    from jpki_sim.serve import SlotEvent

CAPITALS_AND_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture(scope="session")
def private_key() -> rsa.RSAPrivateKey:
    """A TEST key, made for this run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def rsa_key(private_key: rsa.RSAPrivateKey) -> RsaPrivateKey:
    """The same key as plain numbers."""
    numbers = private_key.private_numbers()
    public = numbers.public_numbers
    return RsaPrivateKey(public.n, public.e, numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)


@pytest.fixture
def image(rsa_key: RsaPrivateKey) -> CardImage:
    """JPKI and text applications with their PINs, keys and a few files."""
    jpki: list[ElementaryFile] = [
        TransparentFile(0x01, b"\x30\x82\x01\xfc" + bytes(508), any_of(0x1B)),
        TransparentFile(0x08, b"\x8f\x8f\x00"),
        TransparentFile(0x0A, bytes(range(256)) + b"tail"),
        KeyFile(0x17, lambda: rsa_key, any_of(0x18)),
        ReferenceData(0x18, "auth", b"2846", 3, 3, ChangeCommand.ISO, (4, 4)),
        KeyFile(0x1A, lambda: rsa_key, any_of(0x1B)),
        ReferenceData(0x1B, "sign", b"SIMCARD1", 5, 5, ChangeCommand.ISO, (6, 16), CAPITALS_AND_DIGITS),
    ]
    text: list[ElementaryFile] = [
        TransparentFile(0x03, b"integrity", any_of(0x11, 0x14, 0x15)),
        ReferenceData(0x11, "input", b"3957", 3, 3, ChangeCommand.ISO, (4, 4)),
        ReferenceData(0x14, "text-a", b"123456789018", 10, 10, None, (12, 12)),
        ReferenceData(0x15, "text-b", b"55021720352285", 10, 10, None, (14, 14)),
    ]
    return CardImage(
        [
            DedicatedFile(aids.JPKI_AID, "JPKI", {file.ef_id: file for file in jpki}),
            DedicatedFile(aids.TEXT_AID, "text", {file.ef_id: file for file in text}),
        ],
        {0x42: b"issuer"},
    )


@pytest.fixture
def card(image: CardImage) -> SimulatedCard:
    """The card as it is issued."""
    return SimulatedCard(image)


@pytest.fixture
def talk() -> Callable[[Callable[[bytes], bytes], str], str]:
    """Send APDUs separated by semicolons; the last answer in upper-case hex.

    ``JPKI`` and ``TEXT`` select an application, ``EF xxxx`` selects a file, ``PIN xxxx VALUE`` selects and verifies.
    """

    def talk_to(process: Callable[[bytes], bytes], apdus: str) -> str:
        answer = b""
        for apdu in apdus.split(";"):
            for command in _commands(apdu.split()):
                answer = process(command)
        return answer.hex().upper()

    return talk_to


def _commands(words: list[str]) -> list[bytes]:
    if words[0] in ("JPKI", "TEXT"):
        name = aids.JPKI_AID if words[0] == "JPKI" else aids.TEXT_AID
        return [bytes.fromhex("00A4040C") + bytes((len(name),)) + name]
    if words[0] == "EF":
        return [bytes.fromhex("00A4020C02" + words[1])]
    if words[0] == "PIN":
        value = words[2].encode()
        return [*_commands(["EF", words[1]]), bytes.fromhex("00200080") + bytes((len(value),)) + value]
    return [bytes.fromhex("".join(words))]


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
