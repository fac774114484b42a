"""Readers and cards on macOS, whose PCSC.framework differs from pcsc-lite; all of it from reading, none was run there.

What is played here, and whose word it is:

* return codes are negative numbers: pyscard, ``src/smartcard/scard/pcsctypes.h`` (int32_t) and ``PcscTypemaps.i``;
* names of readers have no numbers of interface and slot, and the second of a kind ends in ``(1)``: OpenSC/OpenSC#833
  and #816;
* there is no ``\\\\?PnP?\\Notification``: cdesiles/node-pcsc#6, OpenSC/OpenSC#1923, LudovicRousseau/pcsc-tools f28be7e;
* event states count no insertions: WICG/web-smart-card#9;
* a card that was just laid down is held by the system for a moment: Yubico/yubikey-manager#16,
  martinpaljak/esteid.js#3, santigimeno/node-pcsclite#71;
* a card that was changed for another is told as a reset, one that lost its power as unpowered:
  https://blog.apdu.fr/posts/2015/12/os-x-el-capitan-bug-scardbegintransacti;
* after hours a context answers SCARD_E_NO_SERVICE until the program makes another one: OpenSC/OpenSC#3395,
  Yubico/yubico-piv-tool#330.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardResetError, NoReaderError, ReaderBusyError, ServiceStoppedError
from jpki.transport import PcscSystem, open_connection, pcsc, pcsc_connection

if TYPE_CHECKING:
    from .conftest import FakeScard

FIRST, SECOND = "Generic Smart Card Reader Interface", "Generic Smart Card Reader Interface(1)"
ATR = bytes.fromhex("3BE000FF8131FE4514")
EMPTY, PRESENT = 0x12, 0x22
SELECT = bytes.fromhex("00A4040C02D392")
HELD, NO_SERVICE, RESET, UNPOWERED = 0x8010000B, 0x8010001D, 0x80100068, 0x80100067


@pytest.fixture
def mac(scard: FakeScard) -> FakeScard:
    """The service of a Mac with two readers of one kind, and a card on the second."""
    scard.is_windows = True  # codes are negative, as on Windows
    scard.readers = {FIRST: (EMPTY, b""), SECOND: (PRESENT, ATR)}
    return scard


def test_two_readers_of_one_kind_are_told_apart(mac: FakeScard, system: PcscSystem) -> None:
    """By whole names, of which one begins with the other; each can be chosen, by its number too."""
    assert [(state.name, state.is_card_present) for state in system.readers()] == [(FIRST, False), (SECOND, True)]
    mac.readers[FIRST] = (PRESENT, ATR)
    for wanted, name in ((FIRST, FIRST), (SECOND, SECOND), ("0", FIRST), ("1", SECOND), ("(1)", SECOND)):
        card = open_connection(system, lambda _: True, reader=wanted)
        assert card.reader == name
        card.close()


def test_a_card_that_the_system_looks_at_is_waited_for(mac: FakeScard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused at once, some times over; opened as soon as it is free, for shared use, and nothing was sent before."""
    monkeypatch.setattr(pcsc_connection, "SLICE", 0.001)
    mac.failures = {"SCardConnect": [HELD] * 5}
    with PcscSystem(timeout=30) as system:
        card = system.connect(SECOND)
        assert card.transmit(SELECT) == b"\x90\x00"
        card.close()

    assert [call[3] for call in mac.named("SCardConnect")] == [2] * 6
    assert mac.sent == [list(SELECT)]


@pytest.mark.usefixtures("leaping")
def test_one_that_is_held_for_good_is_busy(mac: FakeScard, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the timeout, with the code of PC/SC."""
    monkeypatch.setattr(pcsc_connection, "SLICE", 0.001)
    mac.failures = {"SCardConnect": [HELD] * 100_000}
    with PcscSystem(timeout=30) as system, pytest.raises(ReaderBusyError) as caught:
        system.connect(SECOND)

    assert caught.value.pcsc_code == HELD


def test_a_reader_that_is_plugged_in_is_found_without_the_special_name(
    mac: FakeScard, system: PcscSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is asked for again; PC/SC is never asked about a reader that it did not name."""
    monkeypatch.setattr(pcsc, "_WATCH_SLICE", 0.001)
    mac.readers = {FIRST: (EMPTY, b"")}
    known = system.readers()
    asked = len(mac.named("SCardListReaders"))

    def plug_in() -> None:
        if len(mac.named("SCardListReaders")) > asked + 3:
            mac.readers[SECOND] = (EMPTY, b"")

    mac.hooks["SCardListReaders"] = plug_in
    assert [state.name for state in system.wait_for_change(known, 30)] == [FIRST, SECOND]
    names = {name for call in mac.named("SCardGetStatusChange") for name, _ in call[3]}
    assert names == {FIRST, SECOND}


def test_a_mac_without_readers_has_none(mac: FakeScard, system: PcscSystem) -> None:
    """An error of its own, from a negative code."""
    mac.readers = {}
    with pytest.raises(NoReaderError) as caught:
        system.readers()

    assert caught.value.pcsc_code == 0x8010002E


def test_a_card_comes_and_goes_without_being_counted(mac: FakeScard, system: PcscSystem) -> None:
    """The flags alone end the wait; states that are the same but for the missing counter are no change."""
    known = system.readers()
    mac.readers[SECOND] = (EMPTY, b"")
    gone = system.wait_for_change(known, 30)
    assert [state.is_card_present for state in gone] == [False, False]
    mac.readers[SECOND] = (PRESENT, ATR)
    back = system.wait_for_change(gone, 30)
    assert [state.is_card_present for state in back] == [False, True]
    assert system.wait_for_change(back, 0) is back


@pytest.mark.parametrize("code", [RESET, UNPOWERED])
def test_another_card_in_the_place_of_the_first_is_never_silently_used(
    mac: FakeScard, system: PcscSystem, code: int
) -> None:
    """It is told as a reset, so whoever has shown a card hears of it before anything is sent to another one."""
    card = system.connect(SECOND)
    mac.failures = {"SCardBeginTransaction": [code]}
    with pytest.raises(CardResetError), card.transaction():
        card.transmit(SELECT)

    assert mac.sent == []
    assert card.transmit(SELECT) == b"\x90\x00"


def test_a_context_that_went_stale_is_replaced(mac: FakeScard, system: PcscSystem) -> None:
    """The open card is lost with its service; the next question and the next card have contexts of their own."""
    system.readers()
    card = system.connect(SECOND)
    mac.failures = {"SCardBeginTransaction": [NO_SERVICE], "SCardListReaders": [NO_SERVICE]}
    with pytest.raises(ServiceStoppedError):
        card.transmit(SELECT)
    card.close()
    assert mac.sent == []
    assert [state.name for state in system.readers()] == [FIRST, SECOND]
    assert system.connect(SECOND).transmit(SELECT) == b"\x90\x00"
    assert len({call[1] for call in mac.named("SCardConnect")}) == 2
