"""What the agent does with PINs: whom it asks, what it keeps, and what a program that passes one may cost."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from agentdesk import PASSWORD, PIN, READER, Desk
from protectedreading import read_protected_certificate
from rpcclient import CLOSE_ALL, LOGOUT, RpcClient, RvError, ulong

from jpki.agent.dialogs import DialogQuestion, Grant, Purpose, Use
from jpki.agent.pkcs11 import KeyCertificates
from jpki.card import MyNumberCard, Pin, PinState, PinStatus
from jpki.identifiers import CertificateKind
from jpki.pin import Secret
from jpki_cli.agent import DialogWords

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.agent.dialogs.desk import Answer
    from jpki_sim.card import SimulatedConnection

WRONG = "1357"
CANCELED, INCORRECT, LOCKED = 0x50, 0xA0, 0xA4


def rv_of_sign(client: RpcClient, session: int) -> int:
    """Sign; 0 or the CK_RV."""
    try:
        client.sign(session)
    except RvError as exc:
        return exc.rv
    return 0


def answers_of(desk: Desk) -> list[bytearray]:
    """The buffers of what will be typed, to be looked at afterwards."""
    ask, found = desk.agent.desk.ask, []

    def noting(*arguments: Any) -> Answer:
        answer = ask(*arguments)
        found.append(answer.secret.reveal())
        return answer

    desk.agent.desk.ask = noting  # type: ignore[method-assign, assignment]  # in its place, to see what it returns
    return found


def test_nothing_is_kept_unless_somebody_says_so(desk: Desk, client: RpcClient) -> None:
    """Two signatures are two questions; the second offers to keep the PIN, with "once" as the first choice."""
    session = client.open()
    desk.person.secrets, desk.person.choices = [PIN, PIN], [0]
    assert [rv_of_sign(client, session) for _ in range(2)] == [0, 0]
    assert desk.person.secrets_asked == 2
    assert desk.person.asked[1][2] == ("once", "minutes")


def test_a_pin_that_is_kept_serves_the_same_program_only(desk: Desk, client: RpcClient) -> None:
    """After "minutes" nothing is asked of this process, and another one is asked all the same."""
    session = client.open()
    desk.person.secrets, desk.person.choices = [PIN, PIN], [1]
    assert [rv_of_sign(client, session) for _ in range(2)] == [0, 0]
    desk.person.asked.clear()
    assert rv_of_sign(client, session) == 0
    assert desk.person.asked == []

    other = RpcClient(desk.module(desk.client("another process")).answer)
    assert rv_of_sign(other, other.open()) == CANCELED
    assert desk.person.secrets_asked == 1


@pytest.mark.parametrize("how", ["logout", "sessions", "end", "removal", "exchange"])
def test_a_kept_pin_is_gone_with_what_it_belongs_to(desk: Desk, how: str) -> None:
    """Logout, the last session, the client's end, another card: the next signature asks again, or fails."""
    module = desk.module()
    client = RpcClient(module.answer)
    session = client.open()
    desk.person.secrets = [PIN]
    client.login(session, PIN.encode())
    assert rv_of_sign(client, session) == 0
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
        assert rv_of_sign(client, session) == 0x32
        desk.agent.kept.wipe_all()  # what the agent's own loop does when it sees the change
        desk.readers.insert(READER, "adult")
    client = RpcClient(desk.module().answer)
    desk.person.asked.clear()
    assert rv_of_sign(client, client.open()) == 0
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
    assert rv_of_sign(client, session) == 0
    assert desk.person.secrets_asked == 1
    assert rv_of_sign(client, session) == CANCELED  # asked again: what was typed was good for once


def test_a_kept_pin_that_the_card_refuses_is_not_sent_again(desk: Desk, client: RpcClient) -> None:
    """Changed elsewhere, it costs the one try: also when a right entry elsewhere has filled the counter again."""
    session = client.open()
    client.login(session, PIN.encode())
    desk.card.image.reference_data()["auth"].value = b"8517"
    assert rv_of_sign(client, session) == INCORRECT
    assert desk.tries() == 2
    desk.set_tries(3)
    assert rv_of_sign(client, session) == CANCELED
    assert desk.tries() == 3


def test_a_pin_that_was_typed_for_a_program_that_went_away_is_not_sent(desk: Desk) -> None:
    """No try is used for an answer that reaches nobody, and what was typed is overwritten."""
    gone = threading.Event()
    client = RpcClient(desk.module(desk.client(is_connected=lambda: not gone.is_set())).answer)
    session = client.open()
    answers = answers_of(desk)
    desk.person.secrets, desk.person.on_ask = [PIN], gone.set
    desk.apdus.clear()
    assert rv_of_sign(client, session) != 0
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
    assert [rv_of_sign(client, session) for _ in range(3)] == [INCORRECT, 0, CANCELED]
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
    answers = answers_of(desk)
    desk.person.secrets = [typed]
    assert rv_of_sign(client, client.open()) == (0 if typed == PIN else INCORRECT)
    assert [bytes(answer) for answer in answers] == [b""]


def test_a_program_that_passes_a_wrong_pin_at_each_start_costs_one_try(desk: Desk) -> None:
    """The first costs one; after it nothing is sent, by whatever process, and the PIN is not said to be locked."""
    verdicts = []
    for number in range(5):
        client = RpcClient(desk.module(desk.client(number)).answer)
        with pytest.raises(RvError) as caught:
            client.login(client.open(), WRONG.encode())
        verdicts.append(caught.value.rv)
    assert verdicts == [INCORRECT, CANCELED, CANCELED, CANCELED, CANCELED]
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
    assert rv_of_sign(client, session) == 0


def test_after_a_no_the_same_client_is_not_asked_for_again(desk: Desk, client: RpcClient) -> None:
    """One dialog however often the program tries; another program is asked for."""
    session = client.open()
    assert [rv_of_sign(client, session) for _ in range(4)] == [CANCELED] * 4
    assert desk.person.secrets_asked == 1
    other = RpcClient(desk.module(desk.client("another process")).answer)
    desk.person.secrets = [PIN]
    assert rv_of_sign(other, other.open()) == 0


def test_a_wrong_pin_is_one_attempt_and_the_next_dialog_says_so(desk: Desk, client: RpcClient) -> None:
    """No second VERIFY for one request; the next question knows that the entry before was wrong."""
    session = client.open()
    desk.person.secrets = [WRONG]
    assert rv_of_sign(client, session) == INCORRECT
    assert desk.tries() == 2
    desk.person.secrets = [PIN]
    assert rv_of_sign(client, session) == 0
    question = desk.words.questions[-1]
    assert (question.is_wrong_before, question.status.retries_remaining) == (True, 2)
    desk.person.secrets, desk.person.choices = [PIN], [0]
    assert rv_of_sign(client, session) == 0
    assert not desk.words.questions[-1].is_wrong_before  # a right one lies between


def test_an_entry_of_the_wrong_form_is_asked_for_again_and_not_sent(desk: Desk, client: RpcClient) -> None:
    """The fault is in the next question; the counter stays."""
    session = client.open()
    desk.person.secrets = ["123", PIN]
    assert rv_of_sign(client, session) == 0
    assert [question.fault for question in desk.words.questions] == [None, "not_four_digits"]
    assert desk.presented() == 1


def test_the_form_of_another_pin_is_named(desk: Desk, client: RpcClient) -> None:
    """Whoever types the signature password where the login PIN is asked for is told so in the next question."""
    session = client.open()
    desk.person.secrets = ["simcard1", PIN]
    assert rv_of_sign(client, session) == 0
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


@pytest.mark.parametrize(("choices", "rv", "tries"), [([0], LOCKED, 0), ([], CANCELED, 1)])
def test_the_last_try_takes_a_second_yes(
    desk: Desk, client: RpcClient, choices: list[int], rv: int, tries: int
) -> None:
    """Without it nothing is asked for and nothing is sent."""
    session = client.open()
    desk.set_tries(1)
    desk.person.secrets, desk.person.choices = [WRONG], choices
    found = rv_of_sign(client, session)
    assert desk.tries() == tries
    assert found == rv
    assert desk.person.secrets_asked == (tries == 0)


def test_a_locked_pin_asks_nobody(desk: Desk, client: RpcClient) -> None:
    """CKR_PIN_LOCKED, and the token says so from the next look at the counter on."""
    session = client.open()
    desk.set_tries(0)
    assert rv_of_sign(client, session) == LOCKED
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
    assert rv_of_sign(client, session) == 0x32
    assert desk.presented() == 0


def test_a_counter_that_changed_during_the_dialog_stops_it(desk: Desk, client: RpcClient) -> None:
    """Nothing is sent when somebody used a try while the dialog was open."""
    session = client.open()
    desk.person.secrets, desk.person.on_ask = [PIN], lambda: desk.set_tries(2)
    assert rv_of_sign(client, session) == CANCELED
    assert desk.tries() == 2


def test_cache_seconds_keep_every_right_pin(client: RpcClient) -> None:
    """With --cache the first answer serves the program, and the dialog says for how long."""
    with Desk(cache_seconds=120) as desk:
        cached = RpcClient(desk.module().answer)
        session = cached.open()
        desk.person.secrets = [PIN]
        assert [rv_of_sign(cached, session) for _ in range(3)] == [0, 0, 0]
        assert desk.person.secrets_asked == 1
        assert desk.words.questions[0].minutes == 2
        assert Grant.MINUTES.value in desk.person.asked[0].description


# The signature token


@pytest.fixture
def signing(desk: Desk) -> RpcClient:
    """A client of the signature token, whose certificate was learned."""
    return client_of_signature_token(desk)


def client_of_signature_token(desk: Desk) -> RpcClient:
    """Learn the certificate, and give a client."""
    connection = desk.readers.connect(READER)
    with_password = MyNumberCard(connection)
    certificate = read_protected_certificate(with_password, CertificateKind.SIGN, Secret(PASSWORD))
    connection.close()
    desk.learned.certificates = KeyCertificates(certificate, None)
    desk.apdus.clear()
    return RpcClient(desk.module(signature=True).answer)


def test_the_signature_token_is_not_there_until_it_was_wanted(desk: Desk) -> None:
    """No certificate was learned: no token, and nothing is asked."""
    assert RpcClient(desk.module(signature=True).answer).slots() == []
    assert RpcClient(desk.module().answer).slots() == [1]


def test_listing_and_login_never_ask_for_the_signature_password(desk: Desk, signing: RpcClient) -> None:
    """The login key signs with the PIN alone, while the signature token is there too."""
    login = RpcClient(desk.module().answer)
    assert (signing.slots(), login.slots()) == ([2], [1])
    signing.find(signing.open(2), cls=ulong(1))
    assert desk.person.asked == []
    desk.person.secrets = [PIN]
    assert rv_of_sign(login, login.open()) == 0
    assert {question.pin for question in desk.words.questions} == {Pin.AUTH}


@pytest.mark.parametrize(("choice", "asked"), [(0, 2), (1, 1)])
def test_twice_is_good_for_one_more_signature_and_no_third(
    desk: Desk, signing: RpcClient, choice: int, asked: int
) -> None:
    """ "Once" asks for each of two signatures, "twice" for the first; the third is asked for in any case."""
    session = signing.open(2)
    desk.person.secrets, desk.person.choices = [PASSWORD] * asked, [choice] * asked
    assert [rv_of_sign(signing, session) for _ in range(2)] == [0, 0]
    assert desk.person.secrets_asked == asked
    assert rv_of_sign(signing, session) == CANCELED


def test_a_passed_password_is_used_up_by_the_next_signature(desk: Desk, signing: RpcClient) -> None:
    """C_Login presents nothing; small letters are read as capitals; the second signature asks."""
    session = signing.open(2)
    signing.login(session, PASSWORD.lower().encode())
    assert desk.presented() == 0
    assert rv_of_sign(signing, session) == 0
    assert desk.person.asked == []
    assert rv_of_sign(signing, session) == CANCELED
    assert desk.tries("sign") == 5


def test_a_wrong_password_at_each_start_costs_one_try(desk: Desk, signing: RpcClient) -> None:
    """The password of a program is sent only while the counter is full."""
    verdicts = []
    for number in range(4):
        client = RpcClient(desk.module(desk.client(number), signature=True).answer)
        session = client.open(2)
        try:
            client.login(session, b"WRONG2846")
            client.sign(session)
        except RvError as exc:
            verdicts.append(exc.rv)
    assert verdicts == [INCORRECT, CANCELED, CANCELED, CANCELED]
    assert desk.tries("sign") == 4


def test_cache_is_for_login_pins_only() -> None:
    """A signature password that a program passed waits five minutes for its signature, however long --cache is."""
    with Desk(cache_seconds=86400) as desk:
        client = client_of_signature_token(desk)
        client.login(client.open(slot=2), PASSWORD.encode())
        assert desk.agent.kept.wipe_old() == pytest.approx(300, abs=30)
