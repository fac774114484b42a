"""What the agent does with PINs: whom it asks, and what a program that passes one may cost."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, READER, WRONG, Desk
from rpcclient import CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT, CKR_PIN_LOCKED, RpcClient, RvError

from jpki.agent.dialogs import DialogQuestion, Grant, Purpose, Use
from jpki.card import Pin, PinState, PinStatus
from jpki_cli.agent import DialogWords

if TYPE_CHECKING:
    from jpki_sim.card import SimulatedConnection


def test_a_pin_that_was_typed_for_a_program_that_went_away_is_not_sent(desk: Desk) -> None:
    """No try is used for an answer that reaches nobody, and what was typed is overwritten."""
    gone = threading.Event()
    client = RpcClient(desk.module(desk.client(is_connected=lambda: not gone.is_set())).answer)
    session = client.open()
    answers = desk.note_answers()
    desk.person.secrets, desk.person.on_ask = [PIN], gone.set
    desk.apdus.clear()
    assert client.rv_of_sign(session) != 0
    assert desk.presented() == 0
    assert [bytes(answer) for answer in answers] == [b""]


def test_no_connection_to_the_card_stays_open(desk: Desk, client: RpcClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever became of the PIN: the agent runs for days, and the card is for other programs too."""
    made, connect = [], desk.readers.connect

    def noting(reader: str) -> SimulatedConnection:
        made.append(connect(reader))
        return made[-1]

    monkeypatch.setattr(desk.readers, "connect", noting)
    session = client.open()
    desk.person.secrets = [WRONG, PIN]
    assert [client.rv_of_sign(session) for _ in range(3)] == [CKR_PIN_INCORRECT, 0, CKR_FUNCTION_CANCELED]
    assert len(made) > 3
    assert all(connection._is_closed for connection in made)


def test_a_process_that_took_the_number_of_another_is_not_the_one_that_asked(desk: Desk) -> None:
    """It was started at another time; nothing is asked of a person or sent for it."""
    client = desk.client()
    assert client.is_wanted()
    later = replace(client, peer=replace(client.peer, started=client.peer.started + 1))
    assert not later.is_wanted()


@pytest.mark.parametrize("typed", [PIN, WRONG])
def test_what_was_typed_for_once_is_overwritten(desk: Desk, client: RpcClient, typed: str) -> None:
    """Whether the card found it right or not."""
    answers = desk.note_answers()
    desk.person.secrets = [typed]
    assert client.rv_of_sign(client.open()) == (0 if typed == PIN else CKR_PIN_INCORRECT)
    assert [bytes(answer) for answer in answers] == [b""]


def test_a_program_that_passes_a_wrong_pin_at_each_start_costs_one_try(desk: Desk) -> None:
    """The first costs one; after it nothing is sent, by whatever process, and the PIN is not said to be locked."""
    verdicts = []
    for number in range(5):
        client = RpcClient(desk.module(desk.client(number)).answer)
        with pytest.raises(RvError) as caught:
            client.login(client.open(), WRONG.encode())
        verdicts.append(caught.value.rv)
    assert verdicts == [
        CKR_PIN_INCORRECT,
        CKR_FUNCTION_CANCELED,
        CKR_FUNCTION_CANCELED,
        CKR_FUNCTION_CANCELED,
        CKR_FUNCTION_CANCELED,
    ]
    assert desk.tries() == 2


def test_a_passed_pin_of_the_wrong_form_is_not_sent(desk: Desk, client: RpcClient) -> None:
    """CKR_PIN_INVALID, and the counter is as it was."""
    session = client.open()
    desk.apdus.clear()
    for pin in (b"28461", b"abcd", b"284", b"\xff\xfe\xfd\xfc"):
        with pytest.raises(RvError) as caught:
            client.login(session, pin)
        assert caught.value.rv == 0xA1
    assert desk.presented() == 0


@pytest.mark.parametrize("pin", [None, b""])
def test_a_login_without_a_pin_asks_when_something_is_signed(desk: Desk, client: RpcClient, pin: bytes | None) -> None:
    """C_Login on the protected path sends nothing; a second one is told that it was there already."""
    session = client.open()
    client.login(session, pin)
    assert desk.person.asked == []
    with pytest.raises(RvError) as caught:
        client.login(session, pin)
    assert caught.value.rv == 0x100
    desk.person.secrets = [PIN]
    assert client.rv_of_sign(session) == 0


def test_after_a_no_the_same_client_is_not_asked_for_again(desk: Desk, client: RpcClient) -> None:
    """One dialog however often the program tries; another program is asked for."""
    session = client.open()
    assert [client.rv_of_sign(session) for _ in range(4)] == [CKR_FUNCTION_CANCELED] * 4
    assert desk.person.secrets_asked == 1
    other = RpcClient(desk.module(desk.client("another process")).answer)
    desk.person.secrets = [PIN]
    assert other.rv_of_sign(other.open()) == 0


def test_a_wrong_pin_is_one_attempt_and_the_next_dialog_says_so(desk: Desk, client: RpcClient) -> None:
    """No second VERIFY for one request; the next question knows that the entry before was wrong."""
    session = client.open()
    desk.person.secrets = [WRONG]
    assert client.rv_of_sign(session) == CKR_PIN_INCORRECT
    assert desk.tries() == 2
    desk.person.secrets = [PIN]
    assert client.rv_of_sign(session) == 0
    question = desk.words.questions[-1]
    assert (question.is_wrong_before, question.status.retries_remaining) == (True, 2)
    desk.person.secrets, desk.person.choices = [PIN], [0]
    assert client.rv_of_sign(session) == 0
    assert not desk.words.questions[-1].is_wrong_before  # a right one lies between


def test_an_entry_of_the_wrong_form_is_asked_for_again_and_not_sent(desk: Desk, client: RpcClient) -> None:
    """The fault is in the next question; the counter stays."""
    session = client.open()
    desk.person.secrets = ["123", PIN]
    assert client.rv_of_sign(session) == 0
    assert [question.fault for question in desk.words.questions] == [None, "not_four_digits"]
    assert desk.presented() == 1


def test_the_form_of_another_pin_is_named(desk: Desk, client: RpcClient) -> None:
    """Whoever types the signature password where the login PIN is asked for is told so in the next question."""
    session = client.open()
    desk.person.secrets = ["simcard1", PIN]
    assert client.rv_of_sign(session) == 0
    question = desk.words.questions[-1]
    assert question.likeness is not None
    likeness = question.likeness.text("en")
    assert likeness.startswith("What you typed looks like the signature password")
    assert likeness in " ".join(DialogWords().secret(question, Grant.ONCE).description.split())
    assert desk.presented() == 1


@pytest.mark.parametrize(
    ("pin", "use", "grant", "says"),
    [
        (Pin.AUTH, Use.LOGIN_KEY, Grant.ONCE, "The PIN is used once, for this signature."),
        (Pin.AUTH, Use.SSH_LOGIN, Grant.ONCE, "The PIN is used once, for this signature."),
        (Pin.AUTH, Use.CERTIFICATE, Grant.ONCE, "The PIN is used once, to read the certificate."),
        (Pin.AUTH, Use.LOGIN_KEY, Grant.MINUTES, "The PIN is kept for this program for 5 minutes;"),
        (Pin.SIGN, Use.SIGNATURE_KEY, Grant.ONCE, "The password is used once, for this signature."),
        (Pin.SIGN, Use.SIGNATURE_KEY, Grant.TWICE, "The password is used for this signature and for one more"),
    ],
)
def test_the_dialog_says_what_an_entry_is_good_for(*, pin: Pin, use: Use, grant: Grant, says: str) -> None:
    """By the name of what is typed: PIN or password."""
    status = PinStatus(pin.value, PinState.FULL, 3, 3, None)
    question = DialogQuestion(pin, status, Purpose(use, ("TEST",)), "TEST", 1, minutes=5)
    assert says in " ".join(DialogWords().secret(question, grant).description.split())


@pytest.mark.parametrize(("choices", "rv", "tries"), [([0], CKR_PIN_LOCKED, 0), ([], CKR_FUNCTION_CANCELED, 1)])
def test_the_last_try_takes_a_second_yes(
    desk: Desk, client: RpcClient, choices: list[int], rv: int, tries: int
) -> None:
    """Without it nothing is asked for and nothing is sent."""
    session = client.open()
    desk.set_tries(1)
    desk.person.secrets, desk.person.choices = [WRONG], choices
    found = client.rv_of_sign(session)
    assert desk.tries() == tries
    assert found == rv
    assert desk.person.secrets_asked == (tries == 0)


def test_a_locked_pin_asks_nobody(desk: Desk, client: RpcClient) -> None:
    """CKR_PIN_LOCKED, and the token says so from the next look at the counter on."""
    session = client.open()
    desk.set_tries(0)
    assert client.rv_of_sign(session) == CKR_PIN_LOCKED
    assert desk.person.asked == []
    assert client.token_flags() & 0x40000


@pytest.mark.parametrize(("tries", "flags"), [(3, 0), (2, 0x10000), (1, 0x30000), (0, 0x40000)])
def test_token_flags_are_those_of_the_counter(tries: int, flags: int) -> None:
    """COUNT_LOW, FINAL_TRY and LOCKED."""
    with Desk() as desk:
        desk.set_tries(tries)
        client = RpcClient(desk.module().answer)
        assert client.token_flags() & 0x70000 == flags


def test_a_card_that_was_exchanged_during_the_dialog_gets_no_pin(desk: Desk, client: RpcClient) -> None:
    """The PIN that was typed for one card is not sent to another."""
    session = client.open()

    def exchange() -> None:
        desk.readers.remove(READER)
        desk.readers.insert(READER, "child")
        desk.card.command_log = []

    desk.person.secrets, desk.person.on_ask = [PIN], exchange
    assert client.rv_of_sign(session) == 0x32
    assert desk.presented() == 0


def test_a_counter_that_changed_during_the_dialog_stops_it(desk: Desk, client: RpcClient) -> None:
    """Nothing is sent when somebody used a try while the dialog was open."""
    session = client.open()
    desk.person.secrets, desk.person.on_ask = [PIN], lambda: desk.set_tries(2)
    assert client.rv_of_sign(session) == CKR_FUNCTION_CANCELED
    assert desk.tries() == 2
