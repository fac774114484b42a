"""What the agent keeps, for whom, and when it is gone."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, READER, Desk
from rpcclient import CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT, CLOSE_ALL, LOGOUT, RpcClient, RvError, ulong

from jpki.agent.dialogs import Grant

if TYPE_CHECKING:
    from collections.abc import Callable


def test_nothing_is_kept_unless_somebody_says_so(desk: Desk, client: RpcClient) -> None:
    """Two signatures are two questions; the second offers to keep the PIN, with "once" as the first choice."""
    session = client.open()
    desk.person.secrets, desk.person.choices = [PIN, PIN], [0]
    assert [client.rv_of_sign(session) for _ in range(2)] == [0, 0]
    assert desk.person.secrets_asked == 2
    assert desk.person.asked[1][2] == ("once", "minutes")


def test_a_pin_that_is_kept_serves_the_same_program_only(desk: Desk, client: RpcClient) -> None:
    """After "minutes" nothing is asked of this process, and another one is asked all the same."""
    session = client.open()
    desk.person.secrets, desk.person.choices = [PIN, PIN], [1]
    assert [client.rv_of_sign(session) for _ in range(2)] == [0, 0]
    desk.person.asked.clear()
    assert client.rv_of_sign(session) == 0
    assert desk.person.asked == []

    other = RpcClient(desk.module(desk.client("another process")).answer)
    assert other.rv_of_sign(other.open()) == CKR_FUNCTION_CANCELED
    assert desk.person.secrets_asked == 1


@pytest.mark.parametrize("how", ["logout", "sessions", "end", "removal", "exchange"])
def test_a_kept_pin_is_gone_with_what_it_belongs_to(desk: Desk, how: str) -> None:
    """Logout, the last session, the client's end, another card: the next signature asks again, or fails."""
    module = desk.module()
    client = RpcClient(module.answer)
    session = client.open()
    desk.person.secrets = [PIN]
    client.login(session, PIN.encode())
    assert client.rv_of_sign(session) == 0
    assert desk.person.asked == []

    if how == "logout":
        client.call(LOGOUT, ulong(session))
    elif how == "sessions":
        client.call(CLOSE_ALL, ulong(1))
    elif how == "end":
        module.end()
    else:
        desk.readers.remove(READER)
        if how == "exchange":
            desk.readers.insert(READER, "child")
        assert client.rv_of_sign(session) == 0x32
        desk.agent.kept.wipe_all()  # what the agent's own loop does when it sees the change
        desk.readers.insert(READER, "adult")
    client = RpcClient(desk.module().answer)
    desk.person.asked.clear()
    assert client.rv_of_sign(client.open()) == 0
    assert desk.person.secrets_asked == 1


@pytest.mark.parametrize("how", ["passed", "typed"])
def test_nothing_is_kept_for_a_program_that_ends_while_the_pin_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The answer reaches nobody, and no later end of the program would overwrite the PIN."""
    module = desk.module()
    client = RpcClient(module.answer)
    session = client.open()
    desk.person.secrets, desk.person.choices = [PIN, PIN], [1]
    if how == "typed":
        client.sign(session)  # the next one is offered to be kept
    for name in ("check_pin", "sign"):
        original = getattr(desk.cards, name)

        def present(*values: object, original: Callable[..., object] = original) -> object:
            found = original(*values)
            module.end()
            return found

        monkeypatch.setattr(desk.cards, name, present)
    if how == "typed":
        client.sign(session)
    else:
        with suppress(RvError):  # whatever it is told, nobody hears it
            client.login(session, PIN.encode())
    assert desk.agent.kept.wipe_old() is None


@pytest.mark.parametrize("persona", [None, "child"])
def test_a_pin_is_not_kept_without_its_card(desk: Desk, client: RpcClient, persona: str | None) -> None:
    """Also where the card went before the agent began to look after it."""
    client.login(client.open(), PIN.encode())
    desk.readers.remove(READER)
    if persona is not None:
        desk.readers.insert(READER, persona)
    watching = threading.Thread(target=desk.agent.run)
    watching.start()
    ends = monotonic() + 30
    while desk.agent.kept.wipe_old() is not None and monotonic() < ends:
        watching.join(0.01)
    assert desk.agent.kept.wipe_old() is None
    desk.agent.end()
    watching.join()


def test_no_wait_of_the_agent_is_without_an_end(desk: Desk) -> None:
    """A signal that comes right before it would be answered never, as Python does it."""
    waits: list[float | None] = []

    class Noting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            if len(waits) == 2:
                desk.agent.end()
            return super().wait(0)

    desk.agent.kept.has_new = Noting()
    desk.agent.run()
    assert len(waits) == 2
    assert None not in waits


def test_a_kept_pin_is_not_sent_when_a_try_was_used_elsewhere(desk: Desk, client: RpcClient) -> None:
    """The counter is not full: the person is asked, and the kept PIN is forgotten."""
    session = client.open()
    client.login(session, PIN.encode())
    desk.set_tries(2)
    desk.person.secrets = [PIN]
    assert client.rv_of_sign(session) == 0
    assert desk.person.secrets_asked == 1
    assert client.rv_of_sign(session) == CKR_FUNCTION_CANCELED  # asked again: what was typed was good for once


def test_a_kept_pin_that_the_card_refuses_is_not_sent_again(desk: Desk, client: RpcClient) -> None:
    """Changed elsewhere, it costs the one try: also when a right entry elsewhere has filled the counter again."""
    session = client.open()
    client.login(session, PIN.encode())
    desk.card.image.reference_data()["auth"].value = b"8517"
    assert client.rv_of_sign(session) == CKR_PIN_INCORRECT
    assert desk.tries() == 2
    desk.set_tries(3)
    assert client.rv_of_sign(session) == CKR_FUNCTION_CANCELED
    assert desk.tries() == 3


def test_cache_seconds_keep_every_right_pin(client: RpcClient) -> None:
    """With --cache the first answer serves the program, and the dialog says for how long."""
    with Desk(cache_seconds=120) as desk:
        cached = RpcClient(desk.module().answer)
        session = cached.open()
        desk.person.secrets = [PIN]
        assert [cached.rv_of_sign(session) for _ in range(3)] == [0, 0, 0]
        assert desk.person.secrets_asked == 1
        assert desk.words.questions[0].minutes == 2
        assert Grant.MINUTES.value in desk.person.asked[0].description
