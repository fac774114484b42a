"""An open card that does not answer in time, or whose user presses Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardTimeoutError, ReaderBusyError
from jpki.transport import deadline, pcsc_connection

if TYPE_CHECKING:
    from jpki.transport import PcscSystem
    from jpki.transport.pcsc import PcscConnection

    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
SELECT = bytes.fromhex("00A4040C02D392")
BEGIN, TRANSMIT, END = "SCardBeginTransaction", "SCardTransmit", "SCardEndTransaction"
LEAVE, UNPOWER = 0, 2


def test_a_transaction_that_does_not_begin_sends_nothing(hasty: PcscSystem, scard: FakeScard) -> None:
    """Another program holds the card until the deadline: busy, nothing sent, and nothing sent later either."""
    card = hasty.connect(READER)
    card._answers = lambda: True  # it asks in a context of its own, whose release is none of the card's
    scard.block(BEGIN)
    with pytest.raises(ReaderBusyError):
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    card.close()
    scard.release(BEGIN)
    assert released.wait(30)
    assert scard.sent == []
    # The transaction that began too late is ended, and the card closed and left as it is.
    assert [call[2] for call in scard.named(END, "SCardDisconnect")] == [LEAVE, LEAVE]


def test_the_user_is_told_that_another_program_has_the_card(
    scard: FakeScard, system: PcscSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for a transaction that has to wait; the wait goes on."""
    told: list[str] = []

    def tell(reader: str) -> None:
        told.append(reader)
        scard.release(BEGIN)

    monkeypatch.setattr(deadline, "NOTICE_AFTER", 0.0)
    system._on_wait = tell
    card = system.connect(READER)
    told.clear()
    scard.block(BEGIN)
    assert card.transmit(SELECT) == b"\x90\x00"
    assert told == [READER]


def test_a_slow_card_is_not_blamed_on_other_programs(
    scard: FakeScard, hasty: PcscSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the card works on a command nobody is told that it is in use."""
    told: list[str] = []
    hasty._on_wait = told.append
    card = hasty.connect(READER)
    with card.transaction():
        monkeypatch.setattr(deadline, "NOTICE_AFTER", 0.0)
        entered = scard.block(TRANSMIT)
        with pytest.raises(CardTimeoutError):
            card.transmit(SELECT)
    assert entered.is_set()
    assert told == []


def test_a_missed_deadline_loses_the_connection(hasty: PcscSystem, scard: FakeScard) -> None:
    """Every later use fails at once, so that nothing is read into an answer that comes late."""
    card = hasty.connect(READER)
    scard.block(TRANSMIT)
    with pytest.raises(CardTimeoutError), card.transaction():
        card.transmit(SELECT)
    with pytest.raises(CardTimeoutError):
        card.transmit(SELECT)
    with pytest.raises(CardTimeoutError), card.transaction():
        pass
    with pytest.raises(CardTimeoutError):
        card.control(1, b"")
    released = scard.block("SCardReleaseContext")
    card.close()
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert len(scard.sent) == 1
    assert len(scard.named(END)) == len(scard.named("SCardDisconnect")) == 1


def test_after_a_missed_deadline_the_power_can_still_be_cut(hasty: PcscSystem, scard: FakeScard) -> None:
    """It takes effect when the card comes back, and is not claimed to have happened before."""
    card = hasty.connect(READER)
    scard.block(TRANSMIT)
    with pytest.raises(CardTimeoutError):
        card.transmit(SELECT)
    with pytest.raises(CardTimeoutError):
        card.unpower()
    released = scard.block("SCardReleaseContext")
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert [call[2] for call in scard.named("SCardDisconnect")] == [UNPOWER]


def test_ctrl_c_loses_the_answer_and_nothing_else(card: PcscConnection, scard: FakeScard) -> None:
    """The next command gets its own answer, never the late one of the command that was interrupted."""
    scard.press_ctrl_c_in(TRANSMIT)
    scard.answers = [[0x11, 0x90, 0x00], [0x22, 0x90, 0x00]]
    with pytest.raises(KeyboardInterrupt), card.transaction():
        card.transmit(SELECT)
    scard.release(TRANSMIT)
    assert card.transmit(SELECT) == b"\x22\x90\x00"
    assert scard.names == [BEGIN, TRANSMIT, END, BEGIN, TRANSMIT, END]


def test_after_ctrl_c_nothing_is_waited_for(
    card: PcscConnection, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving the transaction and closing come back while the card is still busy, and happen when it is done."""
    scard.press_ctrl_c_in(TRANSMIT)
    with pytest.raises(KeyboardInterrupt), card.transaction():
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    monkeypatch.setattr(card._worker, "call", pytest.fail)
    card.close()
    assert scard.names == [BEGIN, TRANSMIT]
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert scard.names == [BEGIN, TRANSMIT, END, "SCardDisconnect", "SCardReleaseContext"]


def test_after_ctrl_c_a_card_that_does_not_come_back_is_given_up_soon(
    card: PcscConnection, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command does not wait for the whole deadline, and is not sent later."""
    monkeypatch.setattr(deadline, "IN_DOUBT_TIMEOUT", 0.05)
    scard.press_ctrl_c_in(TRANSMIT)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    with pytest.raises(CardTimeoutError, match=r"0\.05 seconds"):
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    card.close()
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert len(scard.sent) == 1


def test_ctrl_c_while_a_transaction_waits(card: PcscConnection, scard: FakeScard) -> None:
    """Nothing is sent; should it begin later, the next transaction is the same one."""
    scard.press_ctrl_c_in(BEGIN)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    scard.release(BEGIN)
    assert card.transmit(SELECT) == b"\x90\x00"
    assert scard.names == [BEGIN, TRANSMIT, END]


def test_closing_does_not_wait_for_a_card_that_hangs(
    card: PcscConnection, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up after a short while."""
    monkeypatch.setattr(pcsc_connection, "_CLOSE_TIMEOUT", 0.05)
    entered = scard.block("SCardDisconnect")
    card.close()
    assert entered.wait(30)  # at the latest when it is tried once more, where the first try did not even begin
    assert scard.names == ["SCardDisconnect"]


def test_after_ctrl_c_the_power_is_cut_as_soon_as_the_card_is_done(card: PcscConnection, scard: FakeScard) -> None:
    """A PIN that the interrupted command may have verified is forgotten for certain."""
    scard.press_ctrl_c_in(TRANSMIT)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    scard.release(TRANSMIT)
    card.unpower()
    assert [call[2] for call in scard.named("SCardDisconnect")] == [UNPOWER]
