"""A card that does not tell the agent its counter: each use takes a yes of its own, and nothing is kept for later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from agentdesk import PIN, Desk
from rpcclient import CKR_FUNCTION_CANCELED, RpcClient, RvError

from jpki.agent.dialogs import Grant

if TYPE_CHECKING:
    from jpki.transport import CardConnection


@dataclass
class Hiding:
    """A connection to the card; while ``hides`` holds something, the question for the counter is answered with 6300."""

    inner: CardConnection
    hides: list[bool]

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on what is not that question."""
        if command[1] == 0x20 and len(command) <= 5 and self.hides:
            return b"\x63\x00"
        return self.inner.transmit(command)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@pytest.fixture
def hides(desk: Desk) -> list[bool]:
    """What the card hides its counter for; empty: it tells it."""
    found: list[bool] = []
    desk.cards._wrap = lambda connection: Hiding(connection, found)
    return found


def test_a_counter_that_hides_between_showing_and_sending_stops_it(
    desk: Desk, client: RpcClient, hides: list[bool]
) -> None:
    """The person saw three tries and said yes to those; a try that may be the last is not used on that yes."""
    session = client.open()
    desk.person.secrets, desk.person.on_ask = [PIN], lambda: hides.append(True)
    desk.apdus.clear()
    assert client.rv_of_sign(session) == CKR_FUNCTION_CANCELED
    assert desk.presented() == 0


def test_a_kept_pin_is_not_sent_to_a_hidden_counter(desk: Desk, client: RpcClient, hides: list[bool]) -> None:
    """It is wiped, and the person is asked, who says no to what may be the last try."""
    session = client.open()
    client.login(session, PIN.encode())
    hides.append(True)
    desk.apdus.clear()
    assert client.rv_of_sign(session) == CKR_FUNCTION_CANCELED
    assert [question.status.is_hidden for question in desk.words.questions] == [True]
    assert desk.presented() == 0
    assert desk.agent.kept.wipe_old() is None


def test_of_a_hidden_counter_each_use_takes_a_yes_and_nothing_is_kept(
    desk: Desk, client: RpcClient, hides: list[bool]
) -> None:
    """Also the second signature in a row, at which the card's PIN would be offered to be kept otherwise."""
    session = client.open()
    hides.append(True)
    desk.person.secrets, desk.person.choices = [PIN, PIN], [0, 0]
    assert [client.rv_of_sign(session) for _ in range(2)] == [0, 0]
    offered = [text.choices for text in desk.person.asked if not hasattr(text, "prompt")]
    assert offered == [("use it",), ("use it",)]
    assert Grant.ONCE.value in desk.person.asked[-1].description
    assert desk.agent.kept.wipe_old() is None


def test_a_program_s_own_pin_is_not_sent_to_a_hidden_counter(desk: Desk, client: RpcClient, hides: list[bool]) -> None:
    """A program that passes one is trusted with a full counter only."""
    hides.append(True)
    desk.apdus.clear()
    with pytest.raises(RvError, match=hex(CKR_FUNCTION_CANCELED)):
        client.login(client.open(), PIN.encode())
    assert desk.presented() == 0
    assert client.token_flags() & 0x70000 == 0
