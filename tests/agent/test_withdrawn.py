"""Requests that a program takes back while a person is asked: by closing, canceling, or ending PKCS #11."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, READER, Desk
from rpcclient import CLOSE_ALL, CLOSE_SESSION, FINALIZE, SESSION_INFO, RpcClient, RvError, ulong

from jpki.card import Pin
from jpki_sim.card import CardWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60.0
SESSION_CANCEL, CANCEL_SIGN = 68, 0x800
CANCELED, SESSION_HANDLE_INVALID = 0x50, 0xB3
PUBLIC = 0
VERIFY, HEADER = 0x20, 5


def close(client: RpcClient, session: int) -> None:
    """C_CloseSession."""
    client.call(CLOSE_SESSION, ulong(session))


def close_all(client: RpcClient, _session: int) -> None:
    """C_CloseAllSessions."""
    client.call(CLOSE_ALL, ulong(1))


def finalize(client: RpcClient, _session: int) -> None:
    """C_Finalize."""
    client.call(FINALIZE)


def cancel(client: RpcClient, session: int) -> None:
    """C_SessionCancel of the signature."""
    client.call(SESSION_CANCEL, ulong(session), ulong(CANCEL_SIGN))


@pytest.mark.parametrize("withdraw", [close, close_all, finalize, cancel])
def test_what_was_typed_for_a_request_that_was_taken_back_is_not_sent(
    desk: Desk, client: RpcClient, withdraw: Callable[[RpcClient, int], None]
) -> None:
    """The PIN is typed for a session or a signature that is not there any more: no try, and nothing is kept."""
    session = client.open()
    desk.person.secrets, desk.person.on_ask = [PIN], lambda: withdraw(client, session)
    client.sign_init(session)
    with pytest.raises(RvError) as caught:
        client.sign_only(session)
    assert caught.value.rv == CANCELED
    assert desk.presented() == 0


def while_verified(desk: Desk, do: Callable[[], None]) -> None:
    """Do something while the card looks at the PIN."""

    class Looking(CardWrapper):
        def process(self, command: bytes) -> bytes:
            if command[1] == VERIFY and len(command) > HEADER:
                do()
            return super().process(command)

    loaded = desk.readers._cards[READER]
    assert loaded is not None
    loaded.card = Looking(loaded.card)  # type: ignore[assignment]  # in its place


@pytest.mark.parametrize("withdraw", [close, close_all, cancel])
def test_nothing_is_kept_for_a_request_that_is_taken_back_while_the_pin_is_checked(
    desk: Desk, client: RpcClient, withdraw: Callable[[RpcClient, int], None]
) -> None:
    """The PIN was right, and the person had said that it may be kept: not for a session that was closed meanwhile."""
    desk.person.secrets, desk.person.choices = [PIN, PIN], [1]
    first = client.open()
    client.sign(first)
    session = client.open()
    client.call(CLOSE_SESSION, ulong(first))
    client.sign_init(session)
    while_verified(desk, lambda: withdraw(client, session))
    client.sign_only(session)
    assert not desk.agent.kept.has("client", Pin.AUTH, fingerprint(desk))


@pytest.mark.parametrize("withdraw", [close, close_all])
def test_nobody_is_logged_in_by_a_session_that_is_closed_while_the_pin_is_checked(
    desk: Desk, client: RpcClient, withdraw: Callable[[RpcClient, int], None]
) -> None:
    """A login ends with the last session, and so does the PIN that came with it."""
    session = client.open()
    while_verified(desk, lambda: withdraw(client, session))
    with pytest.raises(RvError) as caught:
        client.login(session, PIN.encode())
    assert caught.value.rv == SESSION_HANDLE_INVALID
    assert not desk.agent.kept.has("client", Pin.AUTH, fingerprint(desk))
    state = client.call(SESSION_INFO, ulong(client.open()))[8:16]
    assert state == ulong(PUBLIC)


def fingerprint(desk: Desk) -> bytes | None:
    """What the card is known again by."""
    view = desk.cards.look()
    assert view is not None
    return view.fingerprint


def test_a_signature_that_was_begun_anew_meanwhile_is_not_ended_with_the_one_before(
    desk: Desk, client: RpcClient
) -> None:
    """Canceled and begun again in the same session while the first is asked about: the second one is signed."""
    session = client.open()
    is_asked, is_begun = threading.Event(), threading.Event()
    codes: list[int] = []

    def sign() -> None:
        with pytest.raises(RvError) as caught:
            client.sign_only(session)
        codes.append(caught.value.rv)

    def on_ask() -> None:
        is_asked.set()
        assert is_begun.wait(SECONDS)

    desk.person.secrets, desk.person.on_ask = [PIN, PIN], on_ask
    client.sign_init(session)
    first = threading.Thread(target=sign)
    first.start()
    assert is_asked.wait(SECONDS)
    cancel(client, session)
    client.sign_init(session)
    is_begun.set()
    first.join(SECONDS)
    assert codes == [CANCELED]
    assert len(client.sign_only(session)) == 256
