"""Whatever bytes come, the card answers, and nothing that matters changes unless a valid command said so."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from jpki_sim.card import SimulatedCard, aids

if TYPE_CHECKING:
    from jpki_sim.card import CardImage

SELECT_JPKI = bytes.fromhex("00A4040C0A") + aids.JPKI_AID
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
KNOWN = "00A4 00B0 00B2 0020 0024 0084 0088 00C0 00CA 802A 8032 80AE".split()  # noqa: SIM905 # easier to read
HEADERS = st.sampled_from([bytes.fromhex(header) for header in KNOWN])
PARAMETERS = st.sampled_from([b"\0\x80", b"\2\x0c", b"\4\0", b"\1\x80", b"\0\x98"])
# Beginnings of real commands followed by anything, and anything at all.
COMMANDS = st.one_of(
    st.binary(max_size=300),
    st.tuples(HEADERS, st.binary(max_size=40)).map(b"".join),
    st.tuples(HEADERS, PARAMETERS, st.binary(max_size=20)).map(b"".join),
)
CHANGES_A_COUNTER = {b"\x00\x20"}
CHANGES_A_VALUE = {b"\x00\x24", b"\x80\x32"}


def pins(card: SimulatedCard) -> list[tuple[bytes, int]]:
    """Values and counters of all PINs."""
    return [(pin.value, pin.retries_remaining) for pin in card.image.reference_data().values()]


@SHARED
@given(commands=st.lists(COMMANDS, max_size=8))
def test_every_command_gets_a_response(image: CardImage, commands: list[bytes]) -> None:
    """Every sequence of bytes is answered with at least a status word whose first byte is 61 to 6F or 90."""
    card = SimulatedCard(copy.deepcopy(image))
    for command in [SELECT_JPKI, *commands]:
        answer = card.process(command)
        assert len(answer) >= 2
        assert answer[-2] == 0x90 or 0x61 <= answer[-2] <= 0x6F
        assert len(answer) == 2 or answer[-2:] in (b"\x90\x00", b"\x62\x82")


@SHARED
@given(commands=st.lists(COMMANDS, max_size=8))
def test_pins_change_by_valid_commands_only(image: CardImage, commands: list[bytes]) -> None:
    """A counter changes by a VERIFY that was compared, a value by a CHANGE that was answered 9000."""
    card = SimulatedCard(copy.deepcopy(image))
    for command in [SELECT_JPKI, *commands]:
        before = pins(card)
        answer = card.process(command)
        after = pins(card)
        if [value for value, _ in before] != [value for value, _ in after]:
            assert (command[:2] in CHANGES_A_VALUE, answer) == (True, b"\x90\x00")
        if [tries for _, tries in before] != [tries for _, tries in after]:
            assert command[:2] in CHANGES_A_COUNTER
            assert answer == b"\x90\x00" or answer[0] == 0x63


@SHARED
@given(command=COMMANDS)
def test_refused_commands_change_no_selection(image: CardImage, command: bytes) -> None:
    """After a command that was refused, the same file is current and gives the same bytes."""
    card = SimulatedCard(copy.deepcopy(image))
    card.process(SELECT_JPKI)
    card.process(bytes.fromhex("00A4020C02000A"))
    first = card.process(bytes.fromhex("00B0000010"))
    answer = card.process(command)
    if answer[-2] not in (0x90, 0x62, 0x63) and answer != b"\x69\x84":
        assert card.process(bytes.fromhex("00B0000010")) == first


@SHARED
@given(command=COMMANDS)
def test_refused_commands_change_no_security_status(image: CardImage, command: bytes) -> None:
    """After a command that was refused, what was open is open, what was closed is closed, and the counters stand."""
    card = SimulatedCard(copy.deepcopy(image))
    card.process(SELECT_JPKI)
    assert card.process(bytes.fromhex("0020009B08") + b"SIMCARD1") == b"\x90\x00"
    before = pins(card)
    answer = card.process(command)
    if answer[-2] not in (0x90, 0x62, 0x63):
        assert card.process(bytes.fromhex("00B0810001"))[-2:] == b"\x90\x00"
        assert card.process(bytes.fromhex("802A0097017800")) == b"\x69\x82"
        assert pins(card) == before


@SHARED
@given(commands=st.lists(COMMANDS, max_size=10))
def test_secrets_are_needed(image: CardImage, commands: list[bytes]) -> None:
    """Without a right PIN no sequence of commands opens the sign certificate or a key."""
    card = SimulatedCard(copy.deepcopy(image))
    for command in commands:
        card.process(command)
    verified = [command for command in commands if b"SIMCARD1" in command or b"2846" in command]
    if not verified:
        card.process(SELECT_JPKI)
        assert card.process(bytes.fromhex("00B0810001")) == b"\x69\x82"
        assert card.process(bytes.fromhex("802A0097017800")) == b"\x69\x82"


@pytest.mark.parametrize("header", ["00A4040C", "00B00000", "00B20104", "00200080", "00240180", "802A0080", "00CA0042"])
def test_commands_of_every_length(image: CardImage, header: str) -> None:
    """Commands cut at, or filled up to, any length are answered."""
    card = SimulatedCard(image)
    for fill in (b"\0", b"\1", b"\xff"):
        for size in [*range(300), 65535, 65536, 65544, 70000]:
            assert len(card.process((bytes.fromhex(header) + fill * size)[: max(size, 1)])) >= 2
