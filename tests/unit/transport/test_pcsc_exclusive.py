"""Keeping a card from other programs and restarting it, through PC/SC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardRemovedError, ReaderBusyError
from jpki.iso7816 import TracingConnection
from jpki.transport import RestartableConnection

if TYPE_CHECKING:
    from jpki.transport.pcsc import PcscConnection

    from .conftest import FakeScard

CONNECT, RECONNECT, DISCONNECT = "SCardConnect", "SCardReconnect", "SCardDisconnect"
EXCLUSIVE, SHARED = 1, 2
LEAVE, RESET, UNPOWER = 0, 1, 2
SHARING_VIOLATION = 0x8010000B
SELECT = bytes.fromhex("00A4040C02D392")


def test_the_card_is_opened_anew_for_this_program_alone(card: PcscConnection, scard: FakeScard) -> None:
    """Closed as it is and opened exclusively; commands go on, and the end cuts the power as always."""
    scard.calls.clear()
    card.take_exclusive()
    assert card.transmit(SELECT) == b"\x90\x00"
    card.unpower()

    assert [call[3] for call in scard.named(CONNECT)] == [EXCLUSIVE]
    assert [call[2] for call in scard.named(DISCONNECT)] == [LEAVE, UNPOWER]


def test_where_another_program_has_it_open_it_stays_shared(card: PcscConnection, scard: FakeScard) -> None:
    """The error says that it is in use, nothing is waited for, and the connection goes on."""
    scard.calls.clear()
    scard.failures[CONNECT] = [SHARING_VIOLATION]
    with pytest.raises(ReaderBusyError):
        card.take_exclusive()

    assert card.transmit(SELECT) == b"\x90\x00"
    assert [call[3] for call in scard.named(CONNECT)] == [EXCLUSIVE, SHARED]
    assert scard.named(RECONNECT) == []


@pytest.mark.parametrize(("is_cold", "how"), [(False, RESET), (True, UNPOWER)])
def test_a_restart_is_a_reset_or_a_cut_of_power(
    card: PcscConnection,
    scard: FakeScard,
    is_cold: bool,  # noqa: FBT001 - a parameter of the test
    how: int,
) -> None:
    """Exclusively, so that no other program loses what it has selected; the connection goes on."""
    card.take_exclusive()
    card.restart(is_cold=is_cold)

    assert [(call[2], call[4]) for call in scard.named(RECONNECT)] == [(EXCLUSIVE, how)]
    assert card.transmit(SELECT) == b"\x90\x00"


def test_a_trace_tells_of_restarts(card: PcscConnection) -> None:
    """It passes both on, and is no way around a connection that has neither."""
    lines: list[str] = []
    tracing = TracingConnection(card, lines.append)
    assert isinstance(tracing, RestartableConnection)
    tracing.take_exclusive()
    tracing.restart(is_cold=False)
    tracing.restart(is_cold=True)

    assert lines == ["! card reset", "! card power cut and supplied again"]


def test_a_closed_connection_is_not_restarted(card: PcscConnection) -> None:
    """As with every other call after the end."""
    card.close()
    with pytest.raises(CardRemovedError):
        card.take_exclusive()
    with pytest.raises(CardRemovedError):
        card.restart(is_cold=True)
