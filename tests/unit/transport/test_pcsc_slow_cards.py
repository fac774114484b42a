"""A card that answers every command in time, and late: the transaction as a whole has the deadline, up to a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardTimeoutError
from jpki.transport import pcsc_connection

if TYPE_CHECKING:
    from jpki.transport import PcscSystem
    from jpki.transport.pcsc import PcscConnection

    from .conftest import FakeScard

READER = "ACME Contactless 00 00"
READ = bytes.fromhex("00B0000000")
VERIFY = b"\x00\x20\x00\x80\x042846"
CONTROL = 0x42000DB2


class Clock:
    """A clock that goes on while the card works, by ``seconds`` for each command."""

    def __init__(self) -> None:
        """Start at some time."""
        self.now = 1000.0
        self.seconds = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def work(self) -> None:
        """Let the card take its time."""
        self.now += self.seconds


@pytest.fixture
def clock(scard: FakeScard, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the connection; no time passes until ``seconds`` is set."""
    made = Clock()
    monkeypatch.setattr(pcsc_connection, "monotonic", made)
    scard.hooks["SCardTransmit"] = made.work
    scard.hooks["SCardControl"] = made.work
    return made


@pytest.fixture
def card(system: PcscSystem, scard: FakeScard) -> PcscConnection:
    """An open card with a deadline of 30 seconds."""
    connection = system.connect(READER)
    scard.calls.clear()
    return connection


def _read(card: PcscConnection, times: int) -> None:
    with card.transaction():
        for _ in range(times):
            card.transmit(READ)


def test_a_transaction_has_the_deadline_of_a_command(card: PcscConnection, scard: FakeScard, clock: Clock) -> None:
    """After it nothing more is sent, and others get the card."""
    clock.seconds = 9
    with pytest.raises(CardTimeoutError, match="30 seconds"):
        _read(card, 1000)
    assert len(scard.sent) == 4
    assert scard.names[-1] == "SCardEndTransaction"


def test_the_next_transaction_has_its_own(card: PcscConnection, scard: FakeScard, clock: Clock) -> None:
    """The connection is not lost: nothing was cut off."""
    clock.seconds = 9
    for _ in range(5):
        _read(card, 3)
        card.transmit(READ)
    assert len(scard.sent) == 20


def test_the_wait_for_other_programs_does_not_count(card: PcscConnection, scard: FakeScard, clock: Clock) -> None:
    """The time begins when the card is ours."""
    clock.seconds = 100
    scard.hooks["SCardBeginTransaction"] = clock.work
    _read(card, 1)
    assert len(scard.sent) == 1


@pytest.mark.parametrize("before", [0, 3, 4])
def test_no_deadline_of_the_whole_falls_after_a_secret(
    card: PcscConnection, scard: FakeScard, clock: Clock, before: int
) -> None:
    """The secret itself, what it is for and what closes the card are sent, however long it all takes."""
    clock.seconds = 9
    with card.transaction():
        for _ in range(before):
            card.transmit(READ)
        card.transmit(bytearray(VERIFY))
        for _ in range(20):
            card.transmit(READ)
    assert len(scard.sent) == before + 21


def test_nor_after_an_entry_on_the_keys_of_a_reader(card: PcscConnection, scard: FakeScard, clock: Clock) -> None:
    """A person takes her time there; a question about the keys is no entry."""
    clock.seconds = 9
    with card.transaction():
        card.control(CONTROL, b"\x01", timeout=60)
        for _ in range(20):
            card.transmit(READ)
    with card.transaction():
        for _ in range(4):
            card.control(CONTROL, b"")
        with pytest.raises(CardTimeoutError):
            card.control(CONTROL, b"")
    assert len(scard.named("SCardControl")) == 1 + 4


def test_a_secret_before_does_not_count_for_the_next_transaction(
    card: PcscConnection, scard: FakeScard, clock: Clock
) -> None:
    """Each transaction begins with a deadline."""
    clock.seconds = 9
    card.transmit(bytearray(VERIFY))
    with pytest.raises(CardTimeoutError):
        _read(card, 1000)
    assert len(scard.sent) == 1 + 4
