"""Opening a card through PC/SC: what cannot be opened, who holds it, and what comes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    CardMuteError,
    CardTimeoutError,
    NoCardError,
    NoReaderError,
    PermissionDeniedError,
    ReaderBusyError,
    TransportError,
)
from jpki.transport import PcscSystem, pcsc_connection

if TYPE_CHECKING:
    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
ATR = bytes.fromhex("3BE000FF8131FE4514")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (0x8010000C, NoCardError),
        (0x80100066, CardMuteError),
        (0x80100067, CardMuteError),
        (0x8010000F, ReaderBusyError),
        (0x80100009, NoReaderError),
        (0x8010006A, PermissionDeniedError),
    ],
)
def test_a_card_that_cannot_be_opened_leaves_nothing_behind(
    system: PcscSystem, scard: FakeScard, code: int, error: type[TransportError]
) -> None:
    """The cause is the error, and the context of the card is given back."""
    scard.failures = {"SCardConnect": [code]}
    with pytest.raises(error) as caught:
        system.connect(READER)
    assert caught.value.pcsc_code == code
    released = scard.contexts("SCardReleaseContext")
    assert set(scard.contexts("SCardConnect")) <= set(released)
    assert len(released) == len(scard.named("SCardEstablishContext"))
    assert scard.named("SCardDisconnect") == []


@pytest.mark.usefixtures("leaping")
def test_a_card_held_by_another_program_is_busy(scard: FakeScard) -> None:
    """The user is told why it takes long; at the deadline it is known who was in the way."""
    scard.readers = {READER: (0x10122, ATR)}
    told: list[str] = []
    scard.block("SCardConnect")
    with PcscSystem(timeout=30, on_wait=told.append) as system, pytest.raises(ReaderBusyError):
        system.connect(READER)
    assert told == [READER]


BUSY = 0x8010000B


def test_a_card_that_another_program_has_for_itself_is_waited_for(
    scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PC/SC refuses at once; the card is asked for again until it is free, and the user told once why it takes long."""
    monkeypatch.setattr(pcsc_connection, "NOTICE_AFTER", 0.0)
    monkeypatch.setattr(pcsc_connection, "SLICE", 0.001)
    told: list[str] = []
    scard.failures = {"SCardConnect": [BUSY, BUSY, BUSY], "SCardBeginTransaction": [BUSY, BUSY]}
    with PcscSystem(timeout=30, on_wait=told.append) as system:
        card = system.connect(READER)
        assert told == [READER]
        with card.transaction():
            assert card.transmit(b"\0\xa4\4\0") == b"\x90\0"
        card.close()
    assert len(scard.named("SCardConnect")) == 4
    assert len(scard.named("SCardBeginTransaction")) == 3
    assert len(scard.named("SCardEstablishContext")) == 1
    assert scard.names[-1] == "SCardReleaseContext"


@pytest.mark.usefixtures("leaping")
@pytest.mark.parametrize("patience", [0.0, None])
def test_the_wait_for_another_program_ends(scard: FakeScard, patience: float | None) -> None:
    """After the timeout, or at once for who has no patience, it is another program that is in the way."""
    scard.failures = {"SCardConnect": [BUSY] * 100_000}
    with PcscSystem(timeout=30) as system, pytest.raises(ReaderBusyError) as caught:
        system.connect(READER, patience=patience)
    assert caught.value.pcsc_code == BUSY
    assert (len(scard.named("SCardConnect")) == 1) is (patience == 0)


@pytest.mark.usefixtures("leaping")
@pytest.mark.parametrize("blocked", ["SCardConnect", "SCardBeginTransaction"])
def test_a_holder_is_named_when_the_last_try_had_too_little_time(
    scard: FakeScard, monkeypatch: pytest.MonkeyPatch, blocked: str
) -> None:
    """Refused first, then without an answer until the deadline: another program has the card, with PC/SC's code."""
    monkeypatch.setattr(pcsc_connection, "SLICE", 0.001)
    scard.failures = {blocked: [BUSY]}

    def block_from_now_on() -> None:
        del scard.hooks[blocked]
        scard.block(blocked)

    scard.hooks[blocked] = block_from_now_on
    with PcscSystem(timeout=30) as system, pytest.raises(ReaderBusyError) as caught:
        system.connect(READER).begin()
    assert caught.value.pcsc_code == BUSY


def test_only_a_holder_is_waited_for(scard: FakeScard, system: PcscSystem) -> None:
    """What another error says of a busy card does not change by waiting."""
    scard.failures = {"SCardConnect": [0x8010000F, 0]}
    with pytest.raises(ReaderBusyError):
        system.connect(READER)
    assert len(scard.named("SCardConnect")) == 1


@pytest.mark.parametrize("readers", [{READER: (0x10022, ATR)}, {}])
def test_a_card_that_nobody_holds_and_does_not_open_is_a_timeout(
    hasty: PcscSystem, scard: FakeScard, readers: dict[str, tuple[int, bytes]]
) -> None:
    """No other program is blamed without need."""
    scard.block("SCardConnect")
    scard.readers = readers
    with pytest.raises(CardTimeoutError):
        hasty.connect(READER)


def test_where_nobody_can_be_asked_who_holds_a_card_it_is_a_timeout(hasty: PcscSystem, scard: FakeScard) -> None:
    """What goes wrong in asking does not replace the error."""
    scard.block("SCardConnect")
    scard.failures = {"SCardListReaders": [0x80100001]}
    with pytest.raises(CardTimeoutError):
        hasty.connect(READER)


def test_a_card_that_opens_too_late_is_closed_again(hasty: PcscSystem, scard: FakeScard) -> None:
    """Nobody else finds it in use by a program that has given up."""
    scard.block("SCardConnect")
    with pytest.raises(TransportError):
        hasty.connect(READER)
    released = scard.block("SCardReleaseContext")
    scard.release("SCardConnect")
    assert released.wait(30)
    assert [call[2] for call in scard.named("SCardDisconnect")] == [0]
    assert scard.contexts("SCardReleaseContext") == scard.contexts("SCardConnect")


def test_ctrl_c_while_a_card_is_opened(system: PcscSystem, scard: FakeScard) -> None:
    """The wait ends at once, and the card is closed should it open later."""
    scard.press_ctrl_c_in("SCardConnect")
    with pytest.raises(KeyboardInterrupt):
        system.connect(READER)
    released = scard.block("SCardReleaseContext")
    scard.release("SCardConnect")
    assert released.wait(30)
    assert len(scard.named("SCardDisconnect")) == 1
