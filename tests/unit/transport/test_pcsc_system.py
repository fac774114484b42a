"""Readers through PC/SC: what is there, what changes, and what stands in the way."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jpki.errors import (
    CardTimeoutError,
    NoReaderError,
    PcscLibraryMissingError,
    PermissionDeniedError,
    ServiceMissingError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport import PcscSystem, ReaderState, has_changed, open_connection, pcsc, pcsc_calls

if TYPE_CHECKING:
    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
ATR = bytes.fromhex("3BE000FF8131FE4514")
STALE = [0x8010001D, 0x8010001E, 0x80100012, 0x80100013, 0x80100003, 0x6]


def test_readers_are_listed_without_touching_a_card(system: PcscSystem, scard: FakeScard) -> None:
    """One call lists, one asks for all states, none connects; the index is PC/SC's order."""
    scard.readers = {"a": (0x10012, b""), "Windows Hello 1": (0x20122, ATR), "c": (0x10222, b"")}
    assert system.readers() == (
        ReaderState("a", 0),
        ReaderState("Windows Hello 1", 1, is_card_present=True, is_in_use=True, atr=ATR, is_virtual=True),
        ReaderState("c", 2, is_card_present=True, is_mute=True),
    )
    assert scard.names == ["SCardEstablishContext", "SCardListReaders", "SCardGetStatusChange"]


def test_the_only_card_is_reached_and_left_without_a_wait(system: PcscSystem, scard: FakeScard) -> None:
    """Each of the calls beside the APDUs is made once, but for what two contexts need, and none has a time to wait."""
    card = open_connection(system, lambda connection: pytest.fail(f"{connection.reader} need not be asked"))
    with card.transaction():
        card.transmit(b"\x00\xa4\x00\x00")
        card.transmit(b"\x00\xb0\x00\x00")
    card.close()
    assert scard.names == [
        *("SCardEstablishContext", "SCardListReaders", "SCardGetStatusChange"),
        *("SCardEstablishContext", "SCardConnect", "SCardGetStatusChange"),
        *("SCardBeginTransaction", "SCardTransmit", "SCardTransmit", "SCardEndTransaction"),
        *("SCardDisconnect", "SCardReleaseContext"),
    ]
    assert [call[2] for call in scard.named("SCardGetStatusChange")] == [0, 0]


def test_one_context_serves_many_questions(system: PcscSystem, scard: FakeScard) -> None:
    """It is made once and given back at the end; a question after the end makes another one."""
    system.readers()
    system.readers()
    released = scard.block("SCardReleaseContext")
    system.close()
    assert released.wait(30)
    assert len(scard.named("SCardEstablishContext")) == 1
    assert scard.contexts("SCardReleaseContext") == scard.contexts("SCardListReaders")[:1]
    assert system.readers()
    assert len(scard.named("SCardEstablishContext")) == 2


def test_no_reader_is_an_error_of_its_own(system: PcscSystem, scard: FakeScard) -> None:
    """The service runs and has none."""
    scard.readers = {}
    with pytest.raises(NoReaderError) as caught:
        system.readers()

    assert caught.value.pcsc_code == 0x8010002E


@pytest.mark.parametrize("error", [ServiceMissingError, ServiceStoppedError, PermissionDeniedError])
@pytest.mark.parametrize("code", [0x8010001D, 0x80100013])
def test_a_service_out_of_reach_is_what_the_host_tells(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch, error: type[TransportError], code: int
) -> None:
    """Not installed, stopped and refused are three errors."""
    monkeypatch.setattr(pcsc_calls, "service_error", lambda code, **_: error("…", pcsc_code=code))
    scard.failures = {"SCardEstablishContext": [code]}
    with pytest.raises(error) as caught:
        system.readers()
    assert caught.value.pcsc_code == code


@pytest.mark.parametrize("code", STALE)
@pytest.mark.parametrize("function", ["SCardListReaders", "SCardGetStatusChange"])
def test_a_stale_context_is_replaced(system: PcscSystem, scard: FakeScard, code: int, function: str) -> None:
    """After the service was restarted, the next question simply works, and the card counts as another one."""
    before = system.readers()
    assert not has_changed(before, system.readers())
    old = scard.contexts("SCardListReaders")[0]
    scard.failures = {function: [code]}
    after = system.readers()
    assert [state.name for state in after] == [READER]
    assert has_changed(before, after)
    assert scard.contexts("SCardReleaseContext") == [old]
    assert scard.contexts("SCardListReaders")[-1] != old


def test_a_fresh_context_that_fails_is_not_tried_again(system: PcscSystem, scard: FakeScard) -> None:
    """What is wrong with a fresh one is what is wrong."""
    scard.failures = {"SCardListReaders": [0x80100013]}
    with pytest.raises(TransportError):
        system.readers()
    assert len(scard.named("SCardEstablishContext")) == 1


def test_a_reader_unplugged_between_two_calls_is_no_error(system: PcscSystem, scard: FakeScard) -> None:
    """The readers are listed again, a few times."""
    scard.failures = {"SCardGetStatusChange": [0x80100009, 0x80100009]}
    assert [state.name for state in system.readers()] == [READER]
    scard.failures = {"SCardGetStatusChange": [0x80100009] * 3}
    with pytest.raises(NoReaderError):
        system.readers()


def test_a_reader_with_a_name_that_pyscard_cannot_ask_for_hides_no_other(system: PcscSystem, scard: FakeScard) -> None:
    """pyscard encodes names in ASCII when it asks for states; the others are asked for without it."""
    scard.readers = {"読み取り機 0": (0x22, ATR), READER: (0x22, ATR)}
    assert [(state.name, state.is_card_present) for state in system.readers()] == [
        ("読み取り機 0", False),
        (READER, True),
    ]
    assert scard.named("SCardGetStatusChange")[0][3] == [(READER, 0)]
    assert system.connect("読み取り機 0").atr == b""


@pytest.mark.parametrize("missing", ["smartcard", "smartcard.scard"])
def test_pyscard_that_is_not_installed_is_named(
    system: PcscSystem, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The component tells it from the library of PC/SC."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(PcscLibraryMissingError) as caught:
        system.readers()
    assert caught.value.component == "pyscard"


def test_a_missing_library_keeps_pyscard_from_being_imported(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """pyscard would write to standard output without it."""

    def fail() -> None:
        raise PcscLibraryMissingError("…", component="libpcsclite.so.1")

    monkeypatch.setattr(pcsc, "load_library", fail)
    monkeypatch.delitem(sys.modules, "smartcard")
    monkeypatch.delitem(sys.modules, "smartcard.scard")
    with pytest.raises(PcscLibraryMissingError):
        system.connect(READER)
    assert "smartcard" not in sys.modules
    assert capfd.readouterr() == ("", "")


def test_a_service_that_hangs_does_not_hang_the_next_question(hasty: PcscSystem, scard: FakeScard) -> None:
    """The deadline ends it; the next question gets a thread and a context of its own."""
    scard.block("SCardListReaders")
    with pytest.raises(CardTimeoutError):
        hasty.readers()
    scard.release("SCardListReaders")
    assert [state.name for state in hasty.readers()] == [READER]
    assert len(set(scard.contexts("SCardListReaders"))) == 2


def test_ctrl_c_ends_a_question(system: PcscSystem, scard: FakeScard) -> None:
    """At once, and the next one is answered."""
    scard.press_ctrl_c_in("SCardListReaders")
    with pytest.raises(KeyboardInterrupt):
        system.readers()
    scard.release("SCardListReaders")
    assert system.readers()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({READER: (0x10012, b"")}, {READER: (0x20022, ATR)}),
        ({READER: (0x10022, ATR)}, {READER: (0x20012, b"")}),
        ({READER: (0x10022, ATR)}, {READER: (0x30022, ATR)}),
        ({READER: (0x10022, ATR)}, {READER: (0x10122, ATR)}),
        ({READER: (0x10022, ATR)}, {}),
        ({READER: (0x10022, ATR)}, {READER: (0x10022, ATR), "b": (0x10012, b"")}),
    ],
)
def test_changes_end_the_wait(system: PcscSystem, scard: FakeScard, before: Any, after: Any) -> None:
    """A card comes, goes or is exchanged; a reader goes or comes."""
    scard.readers = before
    known = system.readers()
    scard.readers = after
    changed = system.wait_for_change(known, 30)
    assert [state.name for state in changed] == list(after)
    assert [state.event_state for state in changed] == [event_state for event_state, _ in after.values()]


def test_a_reader_that_is_plugged_in_ends_the_wait(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any reader there is nothing that PC/SC could wait for; the list is asked for again and again."""
    monkeypatch.setattr(pcsc, "_WATCH_SLICE", 0.001)
    scard.readers = {}

    def plug_in() -> None:
        if len(scard.named("SCardListReaders")) > 5:
            scard.readers = {READER: (0x10012, b"")}

    scard.hooks["SCardListReaders"] = plug_in
    assert system.wait_for_change((), 30) == (ReaderState(READER, 0),)


def test_without_a_change_the_known_states_come_back(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very same ones, so that the caller sees it; flags go back to PC/SC as they came."""
    monkeypatch.setattr(pcsc, "_WATCH_SLICE", 0.001)
    scard.readers = {READER: (-0x7FFFFFDE, ATR)}
    known = system.readers()
    assert system.wait_for_change(known, 0.01) is known
    assert scard.named("SCardGetStatusChange")[1][3] == [(READER, -0x7FFFFFDE)]


def test_states_made_by_hand_are_looked_up_first(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """States without PC/SC's flags do not turn the wait into a race."""
    monkeypatch.setattr(pcsc, "_WATCH_SLICE", 0.001)
    scard.readers = {READER: (0x10012, b"")}
    system.wait_for_change((ReaderState(READER, 0),), 0.01)
    asked = [call[3] for call in scard.named("SCardGetStatusChange")]
    assert asked[0] == [(READER, 0)]
    assert [(READER, 0x10012)] in asked


def test_on_windows_the_service_stops_with_the_last_reader(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While waiting this counts as "no reader", and a fresh context is tried until there is one."""
    monkeypatch.setattr(pcsc, "_WATCH_SLICE", 0.001)
    monkeypatch.setattr(pcsc, "starts_with_a_reader", lambda: True)
    monkeypatch.setattr(pcsc_calls, "service_error", lambda code, **_: ServiceStoppedError("…", pcsc_code=code))
    known = system.readers()
    scard.failures = {"SCardListReaders": [0x8010001E], "SCardEstablishContext": [0x8010001D] * 3}
    assert system.wait_for_change(known, 30) == ()
    assert [state.name for state in system.wait_for_change((), 30)] == [READER]


def test_elsewhere_a_service_that_stops_ends_the_wait(
    system: PcscSystem, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux it has nothing to do with readers."""
    monkeypatch.setattr(pcsc, "starts_with_a_reader", lambda: False)
    monkeypatch.setattr(pcsc_calls, "service_error", lambda code, **_: ServiceStoppedError("…", pcsc_code=code))
    known = system.readers()
    scard.failures = {"SCardListReaders": [0x8010001D], "SCardEstablishContext": [0x8010001D]}
    with pytest.raises(ServiceStoppedError):
        system.wait_for_change(known, 30)
