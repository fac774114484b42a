"""A card that was away, exchanged, or hard to read for a moment: what programs find when it is there again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, READER, Desk
from rpcclient import CLOSE_SESSION, GET_SLOT_LIST, SESSION_INFO, WAIT, RpcClient, RvError, uint32, ulong

from jpki.errors import ServiceStoppedError
from jpki_sim.faults import FaultyCard, parse_faults

if TYPE_CHECKING:
    from jpki.transport import ReaderState

SECONDS = 60.0
PUBLIC, LOGGED_IN = 0, 1
WRONG_PIN = 0xA0


def state(client: RpcClient, session: int) -> int:
    """CK_STATE."""
    return int.from_bytes(client.call(SESSION_INFO, ulong(session))[8:16])


def test_a_card_that_is_taken_away_ends_the_login(desk: Desk, client: RpcClient) -> None:
    """A program that logs in again, as PKCS #11 has it, is not told that it had: its PIN would go nowhere."""
    session = client.open()
    client.login(session, PIN.encode())
    assert state(client, session) == LOGGED_IN
    desk.readers.remove(READER)
    assert client.slots() == []
    desk.readers.insert(READER, "adult")
    again = client.open()
    assert state(client, again) == PUBLIC
    client.login(again, PIN.encode())
    assert len(client.sign(again)) == 256
    assert desk.person.asked == []


def test_a_login_is_none_with_another_card(desk: Desk, client: RpcClient) -> None:
    """Its PIN is another one, and is looked at."""
    session = client.open()
    client.login(session, PIN.encode())
    desk.readers.remove(READER)
    desk.readers.insert(READER, "youth")
    other = client.open()
    assert state(client, other) == PUBLIC
    with pytest.raises(RvError) as caught:
        client.login(other, b"0000")
    assert caught.value.rv == WRONG_PIN
    client.call(CLOSE_SESSION, ulong(session))


def test_a_program_that_waits_for_a_card_waits_for_the_service_too(
    desk: Desk, client: RpcClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error would end its waiting for good: a browser's thread does not come back."""
    client.slots()
    looks = threading.Semaphore(0)

    def stopped() -> tuple[ReaderState, ...]:
        looks.release()
        raise ServiceStoppedError("the service does not run")

    with monkeypatch.context() as patch:
        patch.setattr(desk.readers, "readers", stopped)
        client.call(GET_SLOT_LIST, b"\1", uint32(16))
        answers: list[bytes] = []
        waiting = threading.Thread(target=lambda: answers.append(client.call(WAIT, ulong(0))), daemon=True)
        looks = threading.Semaphore(0)
        waiting.start()
        for _ in range(3):  # at the beginning, in the first wait, and when it begins anew
            assert looks.acquire(timeout=SECONDS)
    waiting.join(SECONDS)
    assert answers == [ulong(1)]


def disturb(desk: Desk, plan: str) -> list[bytes]:
    """Have the card that lies there answer badly; gives the commands that it gets."""
    sent: list[bytes] = []

    class Counted(FaultyCard):
        def process(self, command: bytes) -> bytes:
            sent.append(bytes(command[:2]))
            return super().process(command)

    loaded = desk.readers._cards[READER]
    assert loaded is not None
    loaded.card = Counted(loaded.card, parse_faults(plan), sleep=lambda _: None)  # type: ignore[assignment]  # in its place
    return sent


@pytest.mark.parametrize("fault", ["sw:{n}=6F00", "truncate:{n}=1", "empty:{n}"])
def test_a_card_that_was_read_badly_once_is_read_again(fault: str) -> None:
    """One disturbed answer, at each command for the certificate: nobody has to take the card away first."""
    for number in range(3, 9):
        with Desk() as desk:
            disturb(desk, fault.format(n=number))
            assert desk.cards.look() is None
            assert desk.cards.look() is not None


def test_a_card_that_cannot_be_read_is_left_alone_after_a_while(desk: Desk) -> None:
    """It gets no commands without end from programs that look again and again."""
    sent = disturb(desk, ",".join(f"sw:{number}=6F00" for number in range(3, 40)))
    counts = []
    for _ in range(5):
        assert desk.cards.look() is None
        counts.append(len(sent))
    assert counts[0] < counts[1] < counts[2] == counts[3] == counts[4]
