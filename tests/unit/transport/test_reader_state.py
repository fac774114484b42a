"""Flags of SCardGetStatusChange and names of readers, as facts about a reader."""

from __future__ import annotations

import pytest

from jpki.transport import ReaderState, has_changed
from jpki.transport.reader_state import is_virtual_reader

ATR = bytes.fromhex("3B00")


@pytest.mark.parametrize(
    ("event_state", "facts"),
    [
        (0x00010012, (False, False, False, False)),  # seen on pcscd: empty
        (0x00010022, (True, False, False, False)),  # seen on pcscd: idle card
        (0x000100A2, (True, False, True, True)),  # seen on pcscd: open for exclusive use
        (0x00010122, (True, False, False, True)),  # seen on pcscd: open for shared use
        (0x00010222, (True, True, False, False)),  # a mute card
        (0x00010422, (True, False, False, False)),  # a card without power, which connecting gives it
        (0x0000000E, (False, False, False, False)),  # the reader went away
        (0x0000002A, (False, False, False, False)),  # flags of a card in a reader that is not available
        (-0x7FFFFFDE, (True, False, False, False)),  # a counter above 7FFF, as Windows gives it
        (0, (False, False, False, False)),  # nothing known
    ],
)
def test_flags(event_state: int, facts: tuple[bool, bool, bool, bool]) -> None:
    """Present, mute, exclusive and in use are read from the low word only."""
    state = ReaderState.from_event("r", 3, event_state, ATR)
    assert (state.is_card_present, state.is_mute, state.is_exclusive, state.is_in_use) == facts
    assert (state.name, state.index, state.event_state) == ("r", 3, event_state)


def test_an_empty_reader_has_no_atr() -> None:
    """The ATR of a card that has gone is not shown."""
    assert ReaderState.from_event("r", 0, 0x22, ATR).atr == ATR
    assert ReaderState.from_event("r", 0, 0x12, ATR).atr == b""


@pytest.mark.parametrize(
    ("name", "is_virtual"),
    [
        ("Windows Hello for Business 1", True),
        ("Microsoft Virtual Smart Card 0", True),
        ("Microsoft UICC ISO Reader 6bc7bc2a 0", True),
        ("Yubico YubiKey OTP+FIDO+CCID 00 00", True),
        ("YUBICO YUBIKEY", True),
        ("Virtual PCD 00 00", False),
        ("Sony FeliCa Port/PaSoRi 4.0 0", False),
        ("ACS ACR39U ICC Reader 00 00", False),
    ],
)
def test_readers_that_take_no_card_are_known_by_name(name: str, *, is_virtual: bool) -> None:
    """The system's own and security keys do not count; vsmartcard's virtual reader does."""
    assert is_virtual_reader(name) is is_virtual
    assert ReaderState.from_event(name, 0).is_virtual is is_virtual


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ((), (), False),
        ((0x10022,), (0x10022,), False),
        ((0x10022,), (0x20022,), True),  # taken away and put back
        ((0x10022,), (0x10012,), True),
        ((0x10022,), (0x10122,), True),
        ((0x00022,), (0x10022,), False),  # one side did not count
        ((), (0x10012,), True),
        ((0x10012, 0x10012), (0x10012,), True),
    ],
)
def test_changes(before: tuple[int, ...], after: tuple[int, ...], *, changed: bool) -> None:
    """A card that was exchanged is a change even if everything looks as before."""
    first, second = (
        tuple(ReaderState.from_event("r", i, event_state, ATR) for i, event_state in enumerate(states))
        for states in (before, after)
    )
    assert has_changed(first, second) is changed


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ((1, 0x00022), (1, 0x00022), False),
        ((1, 0x00022), (1, 0x20022), True),  # the first card had lain there since the service was started
        ((1, 0x00022), (2, 0x00022), True),  # the service was started anew, and counts anew
        ((0, 0x00022), (1, 0x10022), False),  # made by hand
    ],
)
def test_what_the_service_has_counted_is_compared(
    before: tuple[int, int], after: tuple[int, int], *, changed: bool
) -> None:
    """From 0 on, and with what the same connection has counted only."""
    first, second = (
        ReaderState.from_event("r", 0, event_state, ATR, service=service) for service, event_state in (before, after)
    )
    assert has_changed((first,), (second,)) is changed


def test_another_reader_is_a_change() -> None:
    """Names count, not only numbers."""
    assert has_changed((ReaderState("a", 0),), (ReaderState("b", 0),))
