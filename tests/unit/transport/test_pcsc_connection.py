"""An open card: one command, one answer, and a card that is left as it was."""

from __future__ import annotations

import _thread
from typing import TYPE_CHECKING, Any

import pytest

from jpki.errors import (
    AnswerLostError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    ReaderBusyError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport import deadline, pcsc_connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.transport.base import CardConnection
    from jpki.transport.pcsc import PcscConnection, PcscSystem

    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
ATR = bytes.fromhex("3BE000FF8131FE4514")
SELECT = bytes.fromhex("00A4040C02D392")
BEGIN, TRANSMIT, END = "SCardBeginTransaction", "SCardTransmit", "SCardEndTransaction"
LEAVE, UNPOWER = 0, 2


@pytest.fixture
def card(system: PcscSystem, scard: FakeScard) -> PcscConnection:
    """An open card; what opening it took is not in the record of calls."""
    connection = system.connect(READER)
    scard.calls.clear()
    return connection


def sent(scard: FakeScard) -> list[list[int]]:
    """The commands that reached the card."""
    return [call[3] for call in scard.named(TRANSMIT)]


def names(scard: FakeScard) -> list[str]:
    """The functions that were called, in order."""
    return [call[0] for call in scard.calls]


def interrupt(scard: FakeScard, function: str) -> None:
    """Let Ctrl-C arrive while the function is blocked."""
    scard.block(function)
    run = scard._run

    def pressed(name: str, *arguments: Any) -> Any:
        if name == function:
            scard._run = run  # type: ignore[method-assign] # once only
            _thread.interrupt_main()
        return run(name, *arguments)

    scard._run = pressed  # type: ignore[method-assign] # a hook before the function blocks


def test_a_card_tells_its_reader_atr_and_protocol(system: PcscSystem, scard: FakeScard) -> None:
    """It satisfies the protocol of connections; nothing that blocks on other programs is asked for the ATR."""
    connection: CardConnection = system.connect(READER)
    assert (connection.reader, connection.atr) == (READER, ATR)
    assert system.connect(READER).protocol == 1
    scard.protocol = 1
    assert system.connect(READER).protocol == 0
    assert scard.named("SCardStatus") == []


def test_a_command_goes_out_once_and_its_answer_comes_back(card: PcscConnection, scard: FakeScard) -> None:
    """Outside a transaction it gets one, so that it never waits in PC/SC for another program."""
    scard.answers = [[0x61, 0x02, 0x90, 0x00]]
    assert card.transmit(SELECT) == bytes.fromhex("61029000")
    assert names(scard) == [BEGIN, TRANSMIT, END]
    assert sent(scard) == [list(SELECT)]
    assert scard.named(END)[0][2] == LEAVE


def test_an_answer_of_one_byte_is_no_error_here(card: PcscConnection, scard: FakeScard) -> None:
    """What the bytes mean is the caller's business."""
    scard.answers = [[0x90]]
    assert card.transmit(SELECT) == b"\x90"


def test_an_empty_command_never_reaches_pcsc(card: PcscConnection, scard: FakeScard) -> None:
    """pyscard would answer it with memory of this process."""
    with pytest.raises(ValueError, match="four bytes"):
        card.transmit(b"")
    assert scard.calls == []


def test_a_secret_is_not_kept_by_the_transport(card: PcscConnection, scard: FakeScard) -> None:
    """The caller's buffer is left alone, and the list that pyscard wanted is overwritten, on failure too."""
    lists: list[list[int]] = []
    run = scard._run

    def spy(name: str, *arguments: Any) -> Any:
        lists.extend(argument for argument in arguments if isinstance(argument, list))
        return run(name, *arguments)

    scard._run = spy  # type: ignore[method-assign] # sees the very lists, not copies
    command = bytearray.fromhex("0020008004") + b"2846"
    card.transmit(command)
    scard.failures = {TRANSMIT: [0x80100069]}
    with pytest.raises(CardRemovedError):
        card.transmit(command)
    assert sent(scard) == [list(command), list(command)]
    assert lists == [[0] * 9, [0] * 9]
    assert command.endswith(b"2846")


def test_transactions_inside_each_other_are_one(card: PcscConnection, scard: FakeScard) -> None:
    """The outermost begins and ends it."""
    with card.transaction():
        card.transmit(SELECT)
        with card.transaction():
            card.transmit(SELECT)
        card.transmit(SELECT)
    card.transmit(SELECT)
    assert names(scard) == [BEGIN, TRANSMIT, TRANSMIT, TRANSMIT, END, BEGIN, TRANSMIT, END]


def test_a_failing_end_hides_neither_the_result_nor_the_first_error(card: PcscConnection, scard: FakeScard) -> None:
    """What was done inside is done; the next use tells what is wrong."""
    scard.failures = {END: [0x80100069, 0x80100069]}
    with card.transaction():
        assert card.transmit(SELECT) == b"\x90\x00"
    with pytest.raises(ValueError, match="the first"), card.transaction():
        raise ValueError("the first")
    assert len(scard.named(END)) == 2
    assert card.transmit(SELECT) == b"\x90\x00"


def test_a_transaction_that_does_not_begin_sends_nothing(hasty: PcscSystem, scard: FakeScard) -> None:
    """Another program holds the card until the deadline: busy, nothing sent, and nothing sent later either."""
    card = hasty.connect(READER)
    scard.block(BEGIN)
    with pytest.raises(ReaderBusyError):
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    card.close()
    scard.release(BEGIN)
    assert released.wait(30)
    assert sent(scard) == []
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
        monkeypatch.setattr(deadline, "SLICE", 0.001)
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
    assert len(sent(scard)) == 1
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
    interrupt(scard, TRANSMIT)
    scard.answers = [[0x11, 0x90, 0x00], [0x22, 0x90, 0x00]]
    with pytest.raises(KeyboardInterrupt), card.transaction():
        card.transmit(SELECT)
    scard.release(TRANSMIT)
    assert card.transmit(SELECT) == b"\x22\x90\x00"
    assert names(scard) == [BEGIN, TRANSMIT, END, BEGIN, TRANSMIT, END]


def test_after_ctrl_c_nothing_is_waited_for(card: PcscConnection, scard: FakeScard) -> None:
    """Leaving the transaction and closing come back while the card is still busy, and happen when it is done."""
    interrupt(scard, TRANSMIT)
    with pytest.raises(KeyboardInterrupt), card.transaction():
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    card.close()
    assert names(scard) == [BEGIN, TRANSMIT]
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert names(scard) == [BEGIN, TRANSMIT, END, "SCardDisconnect", "SCardReleaseContext"]


def test_after_ctrl_c_a_card_that_does_not_come_back_is_given_up_soon(
    card: PcscConnection, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command does not wait for the whole deadline, and is not sent later."""
    monkeypatch.setattr(deadline, "IN_DOUBT_TIMEOUT", 0.05)
    interrupt(scard, TRANSMIT)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    with pytest.raises(CardTimeoutError):
        card.transmit(SELECT)
    released = scard.block("SCardReleaseContext")
    card.close()
    scard.release(TRANSMIT)
    assert released.wait(30)
    assert len(sent(scard)) == 1


def test_ctrl_c_while_a_transaction_waits(card: PcscConnection, scard: FakeScard) -> None:
    """Nothing is sent; should it begin later, the next transaction is the same one."""
    interrupt(scard, BEGIN)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    scard.release(BEGIN)
    assert card.transmit(SELECT) == b"\x90\x00"
    assert names(scard) == [BEGIN, TRANSMIT, END]


@pytest.mark.parametrize("code", [0x80100068, 0x80100067])
@pytest.mark.parametrize("function", [BEGIN, TRANSMIT])
def test_a_card_that_another_program_reset_can_be_used_again(
    card: PcscConnection, scard: FakeScard, code: int, function: str
) -> None:
    """The caller is told once; then the reset is taken note of, and nothing was repeated (row 9)."""
    scard.failures = {function: [code]}
    with pytest.raises(CardResetError):
        card.transmit(SELECT)
    assert len(sent(scard)) == (function == TRANSMIT)
    scard.calls.clear()
    assert card.transmit(SELECT) == b"\x90\x00"
    assert names(scard) == ["SCardReconnect", BEGIN, TRANSMIT, END]
    assert scard.calls[0][4] == LEAVE
    card.transmit(SELECT)
    assert len(scard.named("SCardReconnect")) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (0x80100069, CardRemovedError),
        (0x8010000C, CardRemovedError),
        (0x80100017, CardRemovedError),
        (0x80100011, CardRemovedError),
        (0x8010001D, ServiceStoppedError),
        (0x8010000F, TransportError),
    ],
)
def test_errors_while_the_card_is_in_use(
    card: PcscConnection, scard: FakeScard, code: int, error: type[TransportError]
) -> None:
    """The class tells the cause, and the command was sent once (row 10)."""
    scard.failures = {TRANSMIT: [code]}
    with pytest.raises(error) as caught:
        card.transmit(SELECT)
    assert type(caught.value) is error
    assert caught.value.pcsc_code == code
    assert len(sent(scard)) == 1


def _card_stays(scard: FakeScard) -> None:
    scard.readers = {READER: (0x10022, ATR)}


def _card_is_gone(scard: FakeScard) -> None:
    scard.readers = {READER: (0x20012, b"")}


def _reader_is_gone(scard: FakeScard) -> None:
    scard.readers = {}


def _card_goes_a_moment_later(scard: FakeScard) -> None:
    seen = iter([0x10022, 0x20012, 0x20012])
    scard.hooks["SCardGetStatusChange"] = lambda: scard.readers.update({READER: (next(seen), ATR)})


def _service_is_gone(scard: FakeScard) -> None:
    scard.failures["SCardGetStatusChange"] = [0x80100001]


@pytest.mark.parametrize(
    ("afterwards", "error"),
    [
        (_card_stays, AnswerLostError),
        (_card_is_gone, CardRemovedError),
        (_reader_is_gone, CardRemovedError),
        (_card_goes_a_moment_later, CardRemovedError),
        (_service_is_gone, AnswerLostError),
    ],
)
@pytest.mark.parametrize("code", [0x80100016, 0x8010002F, 0])
def test_a_failed_exchange_is_a_lost_answer_or_a_removed_card(
    card: PcscConnection,
    scard: FakeScard,
    code: int,
    afterwards: Callable[[FakeScard], None],
    error: type[TransportError],
) -> None:
    """The state of the reader decides, also for "success" without an answer (A.0, point 7)."""
    scard.failures = {TRANSMIT: [code] if code else []}
    scard.answers = [] if code else [[]]
    afterwards(scard)
    with pytest.raises(error) as caught:
        card.transmit(SELECT)
    assert type(caught.value) is error
    assert caught.value.pcsc_code == code
    assert len(sent(scard)) == 1


def test_the_reader_itself_can_be_asked(card: PcscConnection, scard: FakeScard) -> None:
    """A control code goes to the reader, outside any transaction."""
    assert card.control(0x42000D48, b"\x01", timeout=30) == b"\xca\xfe"
    assert [call[2:] for call in scard.calls] == [(0x42000D48, [1])]


def test_closing_leaves_the_card_for_others_and_happens_once(card: PcscConnection, scard: FakeScard) -> None:
    """Card and context are given back; a closed card refuses everything but being closed (A.0, points 8 and 10)."""
    card.close()
    card.close()
    assert [call[0] for call in scard.calls] == ["SCardDisconnect", "SCardReleaseContext"]
    assert scard.calls[0][2] == LEAVE
    for use in (lambda: card.transmit(SELECT), card.unpower, lambda: card.control(1, b""), card.begin):
        with pytest.raises(CardRemovedError):
            use()


def test_closing_inside_a_transaction_ends_it_first(card: PcscConnection, scard: FakeScard) -> None:
    """Even if that fails, the card is closed."""
    scard.failures = {END: [0x80100016]}
    with card.transaction():
        card.close()
    assert names(scard) == [BEGIN, END, "SCardDisconnect", "SCardReleaseContext"]


def test_closing_reports_nothing(card: PcscConnection, scard: FakeScard) -> None:
    """A card or a service that is gone is closed as well."""
    scard.failures = {"SCardDisconnect": [0x80100069], "SCardReleaseContext": [0x80100003]}
    card.close()
    assert names(scard) == ["SCardDisconnect", "SCardReleaseContext"]


def test_closing_does_not_wait_for_a_card_that_hangs(
    card: PcscConnection, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up after a short while."""
    monkeypatch.setattr(pcsc_connection, "_CLOSE_TIMEOUT", 0.05)
    scard.block("SCardDisconnect")
    card.close()
    assert names(scard) == ["SCardDisconnect"]


def test_cutting_the_power_ends_the_connection(card: PcscConnection, scard: FakeScard) -> None:
    """Closing afterwards does nothing more."""
    card.unpower()
    card.close()
    assert scard.named("SCardDisconnect")[0][2] == UNPOWER
    assert names(scard) == ["SCardDisconnect", "SCardReleaseContext"]


def test_power_that_could_not_be_cut_is_reported(card: PcscConnection, scard: FakeScard) -> None:
    """The caller relied on it to clear the security status."""
    scard.failures = {"SCardDisconnect": [0x80100069]}
    with pytest.raises(CardRemovedError):
        card.unpower()
    assert len(scard.named("SCardReleaseContext")) == 1


def test_after_ctrl_c_the_power_is_cut_as_soon_as_the_card_is_done(card: PcscConnection, scard: FakeScard) -> None:
    """A PIN that the interrupted command may have verified is forgotten for certain."""
    interrupt(scard, TRANSMIT)
    with pytest.raises(KeyboardInterrupt):
        card.transmit(SELECT)
    scard.release(TRANSMIT)
    card.unpower()
    assert [call[2] for call in scard.named("SCardDisconnect")] == [UNPOWER]
