"""The in-process connection keeps the contract of every connection, and behaves as PC/SC does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardResetError
from jpki_sim.card import CONTACTLESS_ATR, SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.transport import CardConnection
    from jpki_sim.card import SimulatedCard

    Talk = Callable[[Callable[[bytes], bytes], str], str]


def test_connection_names_reader_and_atr(card: SimulatedCard) -> None:
    """Reader and ATR are what they were made with."""
    connection: CardConnection = SimulatedConnection(card, "Reader 1")
    assert (connection.reader, connection.atr) == ("Reader 1", CONTACTLESS_ATR)


def test_commands_may_be_bytearrays(card: SimulatedCard) -> None:
    """A command may come in a bytearray, which the caller overwrites afterwards; the card keeps none of it."""
    connection = SimulatedConnection(card)
    card.command_log = []
    command = bytearray.fromhex("0084000004")
    assert len(connection.transmit(command)) == 6
    command[:] = bytes(5)
    assert card.command_log == [bytes.fromhex("0084000004")]


def test_opening_supplies_power(card: SimulatedCard, talk: Talk) -> None:
    """A card without power gets it from the first connection."""
    card.power_off()
    assert talk(SimulatedConnection(card).transmit, "JPKI") == "9000"


def test_closing_leaves_the_card_as_it_is(card: SimulatedCard, talk: Talk) -> None:
    """After close the security status is there for the next program; close can be called again."""
    first = SimulatedConnection(card)
    talk(first.transmit, "JPKI; PIN 001B SIMCARD1")
    first.close()
    first.close()
    first.unpower()
    assert talk(SimulatedConnection(card).transmit, "00B0810001") == "309000"


def test_unpowering_clears_the_card(card: SimulatedCard, talk: Talk) -> None:
    """After unpower nothing is selected or verified."""
    first = SimulatedConnection(card)
    talk(first.transmit, "JPKI; PIN 001B SIMCARD1")
    first.unpower()
    first.unpower()
    first.close()
    assert talk(SimulatedConnection(card).transmit, "JPKI; 00B0810001") == "6982"


@pytest.mark.parametrize("end", [SimulatedConnection.close, SimulatedConnection.unpower])
def test_use_after_the_end_is_a_mistake(card: SimulatedCard, end: Callable[[SimulatedConnection], None]) -> None:
    """A connection that was ended raises ValueError, and sends nothing."""
    connection = SimulatedConnection(card)
    end(connection)
    with pytest.raises(ValueError, match="closed"):
        connection.transmit(bytes(4))
    with pytest.raises(ValueError, match="closed"), connection.transaction():
        pytest.fail("entered a transaction")
    assert card.apdu_count == 0


@pytest.mark.parametrize("how", ["reset", "unpower"])
def test_reset_by_another_program(card: SimulatedCard, talk: Talk, how: str) -> None:
    """A connection whose card was reset or unpowered by another says so until it is opened anew."""
    mine = SimulatedConnection(card)
    talk(mine.transmit, "JPKI")
    if how == "reset":
        card.reset()
    else:
        SimulatedConnection(card).unpower()
    for _ in range(2):
        with pytest.raises(CardResetError):
            mine.transmit(bytes.fromhex("00A40000"))
    with pytest.raises(CardResetError), mine.transaction():
        pytest.fail("entered a transaction")
    assert talk(SimulatedConnection(card).transmit, "00A40000") == "6A86"


def test_transactions_nest(card: SimulatedCard) -> None:
    """A transaction may be entered inside another, and commands go through."""
    connection = SimulatedConnection(card)
    with connection.transaction(), connection.transaction():
        assert connection.transmit(bytes.fromhex("00A40000")).hex() == "6a86"


def test_transaction_makes_others_wait(card: SimulatedCard) -> None:
    """While one program is in a transaction, another one's command waits for its end."""
    mine, other = SimulatedConnection(card), SimulatedConnection(card)
    order: list[str] = []
    is_sending = threading.Event()

    def send() -> None:
        is_sending.set()
        other.transmit(bytes.fromhex("0084000004"))
        order.append("other")

    with mine.transaction():
        thread = threading.Thread(target=send)
        thread.start()
        assert is_sending.wait(10)
        mine.transmit(bytes.fromhex("0084000004"))
        thread.join(0.05)
        order.append("mine")
    thread.join(10)
    assert order == ["mine", "other"]


def test_concurrent_programs_get_their_own_answers(card: SimulatedCard) -> None:
    """Commands from several threads are executed one at a time, each with its own answer."""
    sizes: list[int] = []

    def ask(size: int) -> None:
        connection = SimulatedConnection(card)
        command = bytes.fromhex("00840000") + bytes((size,))
        sizes.extend(len(connection.transmit(command)) - 2 - size for _ in range(200))

    threads = [threading.Thread(target=ask, args=(size,)) for size in (4, 50, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (set(sizes), len(sizes), card.apdu_count) == ({0}, 600, 600)
