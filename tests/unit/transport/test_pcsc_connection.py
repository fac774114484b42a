"""An open card: one command, one answer, and a card that is left as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki.errors import (
    AnswerLostError,
    CardRemovedError,
    CardResetError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport.pcsc_calls import PcscCalls
from jpki.transport.pcsc_session import CardSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.transport import CardConnection, PcscSystem
    from jpki.transport.pcsc import PcscConnection

    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
ATR = bytes.fromhex("3BE000FF8131FE4514")
SELECT = bytes.fromhex("00A4040C02D392")
BEGIN, TRANSMIT, END = "SCardBeginTransaction", "SCardTransmit", "SCardEndTransaction"
LEAVE, UNPOWER = 0, 2


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
    assert scard.names == [BEGIN, TRANSMIT, END]
    assert scard.sent == [list(SELECT)]
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
    assert scard.sent == [list(command), list(command)]
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
    assert scard.names == [BEGIN, TRANSMIT, TRANSMIT, TRANSMIT, END, BEGIN, TRANSMIT, END]


def test_a_failing_end_hides_neither_the_result_nor_the_first_error(card: PcscConnection, scard: FakeScard) -> None:
    """What was done inside is done; the next use tells what is wrong."""
    scard.failures = {END: [0x80100069, 0x80100069]}
    with card.transaction():
        assert card.transmit(SELECT) == b"\x90\x00"
    with pytest.raises(ValueError, match="the first"), card.transaction():
        raise ValueError("the first")
    assert len(scard.named(END)) == 2
    assert card.transmit(SELECT) == b"\x90\x00"


@pytest.mark.parametrize("code", [0x80100068, 0x80100067])
@pytest.mark.parametrize("function", [BEGIN, TRANSMIT])
def test_a_card_that_another_program_reset_can_be_used_again(
    card: PcscConnection, scard: FakeScard, code: int, function: str
) -> None:
    """The caller is told once; then the reset is taken note of, and nothing was repeated."""
    scard.failures = {function: [code]}
    with pytest.raises(CardResetError):
        card.transmit(SELECT)
    assert len(scard.sent) == (function == TRANSMIT)
    scard.calls.clear()
    assert card.transmit(SELECT) == b"\x90\x00"
    assert scard.names == ["SCardReconnect", BEGIN, TRANSMIT, END]
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
    """The class tells the cause, and the command was sent once."""
    scard.failures = {TRANSMIT: [code]}
    with pytest.raises(error) as caught:
        card.transmit(SELECT)
    assert type(caught.value) is error
    assert caught.value.pcsc_code == code
    assert len(scard.sent) == 1


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
    """The state of the reader decides, also for "success" without an answer."""
    scard.failures = {TRANSMIT: [code] if code else []}
    scard.answers = [] if code else [[]]
    afterwards(scard)
    with pytest.raises(error) as caught:
        card.transmit(SELECT)
    assert type(caught.value) is error
    assert caught.value.pcsc_code == code
    assert len(scard.sent) == 1


def test_a_failed_exchange_on_a_reader_that_cannot_be_asked_is_a_lost_answer(
    system: PcscSystem, scard: FakeScard
) -> None:
    """Nothing is claimed about the card where pyscard cannot ask for the state of the reader."""
    scard.readers = {"読み取り機 0": (0x22, ATR)}
    scard.failures = {TRANSMIT: [0x80100016]}
    with pytest.raises(AnswerLostError):
        system.connect("読み取り機 0").transmit(SELECT)


def test_the_reader_itself_can_be_asked(card: PcscConnection, scard: FakeScard) -> None:
    """A control code goes to the reader, outside any transaction."""
    assert card.control(0x42000D48, b"\x01", timeout=30) == b"\xca\xfe"
    assert [call[2:] for call in scard.calls] == [(0x42000D48, [1])]


def test_closing_leaves_the_card_for_others_and_happens_once(card: PcscConnection, scard: FakeScard) -> None:
    """Card and context are given back; a closed card refuses everything but being closed."""
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
    assert scard.names == [BEGIN, END, "SCardDisconnect", "SCardReleaseContext"]


def test_closing_reports_nothing(card: PcscConnection, scard: FakeScard) -> None:
    """A card or a service that is gone is closed as well."""
    scard.failures = {"SCardDisconnect": [0x80100069], "SCardReleaseContext": [0x80100003]}
    card.close()
    assert scard.names == ["SCardDisconnect", "SCardReleaseContext"]


def test_cutting_the_power_ends_the_connection(card: PcscConnection, scard: FakeScard) -> None:
    """Closing afterwards does nothing more."""
    card.unpower()
    card.close()
    assert scard.named("SCardDisconnect")[0][2] == UNPOWER
    assert scard.names == ["SCardDisconnect", "SCardReleaseContext"]


def test_power_that_could_not_be_cut_is_reported(card: PcscConnection, scard: FakeScard) -> None:
    """The caller relied on it to clear the security status."""
    scard.failures = {"SCardDisconnect": [0x80100069]}
    with pytest.raises(CardRemovedError):
        card.unpower()
    assert len(scard.named("SCardReleaseContext")) == 1


def test_a_session_without_a_card_asks_pcsc_for_nothing(scard: FakeScard) -> None:
    """A handle that is not there never reaches pyscard."""
    session = CardSession(PcscCalls(scard), READER)
    for use in (session.begin, session.end, lambda: session.transmit([0])):
        with pytest.raises(CardRemovedError):
            use()
    session.close()
    assert scard.calls == []
