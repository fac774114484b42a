"""The card as a whole: power, memory that fails, what it counts, and headers it does not know."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import (
    CardImage,
    DedicatedFile,
    ElementaryFile,
    OpaqueKeyFile,
    RecordFile,
    ReferenceData,
    SimulatedCard,
    TransparentFile,
    aids,
    any_of,
)
from jpki_sim.card.commands import parse
from jpki_sim.card.commands.answering import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    Talk = Callable[[Callable[[bytes], bytes], str], str]


class Memory:
    """A memory that notes what it is told to keep, and can break."""

    def __init__(self, image: CardImage) -> None:
        self.pin = image.reference_data()["auth"]
        self.saved: list[tuple[bytes, int]] = []
        self.is_broken = False

    def save(self) -> None:
        """Keep the auth PIN, or fail."""
        if self.is_broken:
            raise OSError("no space left on device")
        self.saved.append((self.pin.value, self.pin.retries_remaining))


def test_changes_are_saved_before_the_answer(image: CardImage, talk: Talk) -> None:
    """A counter or PIN value is saved once per change, and not when nothing changed."""
    memory = Memory(image)
    card = SimulatedCard(image, on_change=memory.save)
    talk(card.process, "JPKI; PIN 0018 2846; 00200080")
    assert memory.saved == []
    talk(card.process, "PIN 0018 0000; PIN 0018 1111; PIN 0018 2846; 002401800431333537")
    assert memory.saved == [(b"2846", 2), (b"2846", 1), (b"2846", 3), (b"1357", 3)]


def test_unlimited_key_changes_nothing(image: CardImage, talk: Talk) -> None:
    """A key without limit has no counter to save."""
    memory = Memory(image)
    memory.pin.retry_limit = None
    card = SimulatedCard(image, on_change=memory.save)
    assert talk(card.process, "JPKI; PIN 0018 0000") == "6300"
    assert talk(card.process, "00200080") == "6300"
    assert talk(card.process, "PIN 0018 2846") == "9000"
    assert memory.saved == []


@pytest.mark.parametrize("value", ["0000", "2846"])
def test_broken_memory_takes_no_pin(image: CardImage, talk: Talk, value: str, caplog: pytest.LogCaptureFixture) -> None:
    """When the counter cannot be written, VERIFY answers 6581 whatever the value, and nothing has changed."""
    memory = Memory(image)
    card = SimulatedCard(image, on_change=memory.save)
    talk(card.process, "JPKI; PIN 0018 1111")
    memory.is_broken = True
    with caplog.at_level(logging.CRITICAL + 1):
        assert talk(card.process, f"PIN 0018 {value}") == "6581"
    assert talk(card.process, "00200080") == "63C2"
    assert talk(card.process, "802A0097017800") == "6982"


def test_broken_memory_ends_a_verified_status(image: CardImage, talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """A wrong value that could not be counted still ends the status of its key."""
    memory = Memory(image)
    card = SimulatedCard(image, on_change=memory.save)
    assert talk(card.process, "JPKI; PIN 0018 2846") == "9000"
    memory.is_broken = True
    with caplog.at_level(logging.CRITICAL + 1):
        assert talk(card.process, "PIN 0018 0000") == "6581"
    assert talk(card.process, "802A0097017800") == "6982"


def test_broken_memory_keeps_the_old_pin(image: CardImage, talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """When a new PIN cannot be written, the change answers 6581 and the old PIN stays."""
    memory = Memory(image)
    card = SimulatedCard(image, on_change=memory.save)
    talk(card.process, "JPKI; PIN 0018 2846")
    memory.is_broken = True
    with caplog.at_level(logging.CRITICAL + 1):
        assert talk(card.process, "002401800431333537") == "6581"
    memory.is_broken = False
    assert talk(card.process, "PIN 0018 2846") == "9000"


def test_changing_to_the_same_value_is_a_change_of_nothing(image: CardImage, talk: Talk) -> None:
    """A new PIN equal to the old one is accepted; there is nothing to save."""
    memory = Memory(image)
    card = SimulatedCard(image, on_change=memory.save)
    assert talk(card.process, "JPKI; PIN 0018 2846; 002401800432383436") == "9000"
    assert memory.saved == []


def test_no_power_no_answer(card: SimulatedCard, talk: Talk) -> None:
    """Without power there is no answer, and nothing is counted."""
    card.power_off()
    assert (card.process(bytes.fromhex("00A40000")), card.apdu_count, card.is_powered) == (b"", 0, False)
    card.power_on()
    assert talk(card.process, "JPKI") == "9000"


def test_power_is_noticed_when_it_changes(card: SimulatedCard, talk: Talk) -> None:
    """Supplying power to a card that has it changes nothing; cutting it is counted once."""
    talk(card.process, "JPKI; PIN 001B SIMCARD1")
    card.power_on()
    card.insert()
    assert (talk(card.process, "00B0810001"), card.epoch) == ("309000", 0)
    card.power_off()
    card.power_off()
    assert card.epoch == 1
    card.power_on()
    assert talk(card.process, "JPKI; 00B0810001") == "6982"


def test_commands_are_counted_and_kept_on_request(card: SimulatedCard, talk: Talk) -> None:
    """Every command is counted; the log begins when it is asked for."""
    talk(card.process, "JPKI; EF 000A")
    card.command_log = []
    talk(card.process, "00B0000000; FF")
    assert (card.apdu_count, card.command_log) == (4, [bytes.fromhex("00B0000000"), b"\xff"])


def test_random_bytes_come_from_the_source_given(image: CardImage, talk: Talk) -> None:
    """Challenges are reproducible when the source of random bytes is."""
    card = SimulatedCard(image, random=lambda size: b"\x5a" * size)
    assert talk(card.process, "0084000004") == "5A5A5A5A9000"


def test_no_pin_or_key_in_texts(image: CardImage) -> None:
    """Neither a PIN nor a private key shows in the text form of what holds it."""
    texts = repr(image) + repr(image.applications[0].files[0x17].key())  # type: ignore[union-attr] # a key file
    assert "2846" not in texts
    assert "SIMCARD1" not in texts
    assert len(texts) < 100_000
    assert " d=" not in texts


@pytest.mark.parametrize(
    ("apdu", "answer"),
    [
        ("00FE0000", "6D00"),
        ("00D60000", "6D00"),
        ("80FE0000", "6D00"),
        ("80B0000000", "6E00"),
        ("002A9E9A", "6E00"),
        ("00320080", "6E00"),
        ("10A4040C", "6E00"),
        ("20B0000000", "6E00"),
        ("90B0000000", "6E00"),
        ("A0A4000002", "6E00"),
        ("FFCA000000", "6E00"),
        ("812A0080", "6881"),
        ("842A0080", "69FC"),
        ("0CA4040C", "6882"),
        ("5FB00000", "6881"),
    ],
)
def test_unknown_headers(card: SimulatedCard, talk: Talk, apdu: str, answer: str) -> None:
    """An unknown CLA answers 6E00, an unknown INS 6D00, whatever the current application."""
    assert talk(card.process, apdu) == answer
    assert talk(card.process, f"JPKI; {apdu}") == answer


@pytest.mark.parametrize("size", range(4))
def test_less_than_a_header(card: SimulatedCard, size: int) -> None:
    """Fewer than four bytes are no command: 6700."""
    assert card.process(bytes(size)).hex() == "6700"


@pytest.mark.parametrize("key", COMMANDS)
def test_length_fields_must_agree(card: SimulatedCard, talk: Talk, key: bytes) -> None:
    """Every command whose Lc and length disagree answers 6700."""
    talk(card.process, "JPKI; EF 0018")
    for body in ("0200", "0200000000", "0000", "00000200", "000002000000", "0000010000000000"):
        assert talk(card.process, f"{key.hex()}0080{body}") == "6700"


@pytest.mark.parametrize(
    ("apdu", "data", "le", "extended"),
    [
        ("00A40000", "", None, False),
        ("00B0000000", "", 256, False),
        ("00B0000007", "", 7, False),
        ("00A4020C02000A", "000A", None, False),
        ("00A4020002000A00", "000A", 256, False),
        ("00A4020002000A09", "000A", 9, False),
        ("00B00000000000", "", 65536, True),
        ("00B00000000100", "", 256, True),
        ("00A4020C000002000A", "000A", None, True),
        ("00A40200000002000A0000", "000A", 65536, True),
        ("00A40200000002000A0010", "000A", 16, True),
    ],
)
def test_cases_of_apdus(apdu: str, data: str, le: int | None, extended: bool) -> None:  # noqa: FBT001 # a column
    """All four cases are read, short and extended."""
    command = parse(bytes.fromhex(apdu))
    assert command is not None
    assert (command.data.hex().upper(), command.le, command.extended) == (data, le, extended)
    assert bytes((command.cla, command.ins, command.p1, command.p2)) == bytes.fromhex(apdu)[:4]


def test_extended_select(card: SimulatedCard, talk: Talk) -> None:
    """Extended commands do what their short forms do."""
    name = aids.JPKI_AID.hex()
    assert talk(card.process, f"00A4040C00000A{name}; 00A4020C000002000A; 00B00000000000").endswith("7461696C9000")


def test_unknown_key_files(talk: Talk) -> None:
    """A key of unknown use answers its status word to an empty VERIFY, 6984 to a value, and has no counter."""
    card = SimulatedCard(CardImage([DedicatedFile.of(aids.JPKI_AID.hex(), "JPKI", [OpaqueKeyFile(0x10)])]))
    assert talk(card.process, "JPKI; EF 0010; 00200080") == "63C0"
    assert talk(card.process, "PIN 0010 0000; 002000800430303030") == "6984"
    assert talk(card.process, "802A0080017800") == "6981"


def test_indicator_of_the_iphone_profile(talk: Talk) -> None:
    """An image that has it answers 80 FC 00 00, in that form alone."""
    card = SimulatedCard(CardImage([], last_command_indicator=b"\x01"))
    assert talk(card.process, "80FC0000") == "019000"
    assert talk(card.process, "80FC000000") == "6700"
    assert talk(card.process, "80FC0100") == "6A86"


def test_card_without_applications(talk: Talk) -> None:
    """Another card has nothing but its top level."""
    card = SimulatedCard(CardImage([]))
    assert talk(card.process, "JPKI") == "6A82"
    assert talk(card.process, "00A4040000").endswith("9000")
    assert talk(card.process, "802A0000017800") == "6A88"


def test_fci_of_the_image_is_answered(talk: Talk) -> None:
    """An application with an FCI of its own answers that one."""
    fci = bytes.fromhex("6F03840199")
    card = SimulatedCard(CardImage([DedicatedFile.of(aids.JPKI_AID.hex(), "JPKI", [], fci)]))
    assert talk(card.process, f"00A404000A{aids.JPKI_AID.hex()}00") == "6F038401999000"
    assert talk(card.process, f"00A404000A{aids.JPKI_AID.hex()}04") == "6700"


@pytest.mark.parametrize(("p2", "answer"), [("00", "6F048302000A9000"), ("04", "6F048302000A9000"), ("02", "6A86")])
def test_information_on_an_ef(card: SimulatedCard, talk: Talk, p2: str, answer: str) -> None:
    """SELECT of an EF answers its identifier where it is asked for."""
    assert talk(card.process, f"JPKI; 00A402{p2}02000A00") == answer
    assert talk(card.process, "JPKI; 00A4020002000A03") == "6700"


def test_contents_are_made_once(talk: Talk) -> None:
    """A file whose bytes are made on demand is made at its first READ, and once."""
    made = []

    def make() -> bytes:
        made.append(1)
        return b"made"

    image = CardImage([DedicatedFile.of(aids.JPKI_AID.hex(), "JPKI", [TransparentFile(0x0A, make)])])
    card = SimulatedCard(image)
    talk(card.process, "JPKI; EF 000A")
    assert made == []
    assert talk(card.process, "00B0000000; 00B0000000") == "6D6164659000"
    assert made == [1]


def test_records_can_be_protected(talk: Talk) -> None:
    """A record file with a condition answers 6982 until it is met."""
    files: list[ElementaryFile] = [
        RecordFile(0x01, (b"one", b"two"), any_of(0x18)),
        ReferenceData(0x18, "auth", b"2846", 3, 3),
    ]
    card = SimulatedCard(CardImage([DedicatedFile.of(aids.JPKI_AID.hex(), "JPKI", files)]))
    assert talk(card.process, "JPKI; EF 0001; 00B2020400") == "6982"
    assert talk(card.process, "PIN 0018 2846; EF 0001; 00B2020402") == "74779000"
