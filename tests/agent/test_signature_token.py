"""The signature token: when it is there, and what its password is asked and good for."""

from __future__ import annotations

import pytest
from agentdesk import PASSWORD, PIN, READER, Desk
from protectedreading import read_protected_certificate
from rpcclient import CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT, RpcClient, RvError, ulong

from jpki.agent.pkcs11 import KeyCertificates
from jpki.card import MyNumberCard, Pin
from jpki.identifiers import CertificateKind
from jpki.pin import Secret


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
    assert login.rv_of_sign(login.open()) == 0
    assert {question.pin for question in desk.words.questions} == {Pin.AUTH}


@pytest.mark.parametrize(("choice", "asked"), [(0, 2), (1, 1)])
def test_twice_is_good_for_one_more_signature_and_no_third(
    desk: Desk, signing: RpcClient, choice: int, asked: int
) -> None:
    """ "Once" asks for each of two signatures, "twice" for the first; the third is asked for in any case."""
    session = signing.open(2)
    desk.person.secrets, desk.person.choices = [PASSWORD] * asked, [choice] * asked
    assert [signing.rv_of_sign(session) for _ in range(2)] == [0, 0]
    assert desk.person.secrets_asked == asked
    assert signing.rv_of_sign(session) == CKR_FUNCTION_CANCELED


def test_a_passed_password_is_used_up_by_the_next_signature(desk: Desk, signing: RpcClient) -> None:
    """C_Login presents nothing; small letters are read as capitals; the second signature asks."""
    session = signing.open(2)
    signing.login(session, PASSWORD.lower().encode())
    assert desk.presented() == 0
    assert signing.rv_of_sign(session) == 0
    assert desk.person.asked == []
    assert signing.rv_of_sign(session) == CKR_FUNCTION_CANCELED
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
    assert verdicts == [CKR_PIN_INCORRECT, CKR_FUNCTION_CANCELED, CKR_FUNCTION_CANCELED, CKR_FUNCTION_CANCELED]
    assert desk.tries("sign") == 4


def test_cache_is_for_login_pins_only() -> None:
    """A signature password that a program passed waits five minutes for its signature, however long --cache is."""
    with Desk(cache_seconds=86400) as desk:
        client = client_of_signature_token(desk)
        client.login(client.open(slot=2), PASSWORD.encode())
        assert desk.agent.kept.wipe_old() == pytest.approx(300, abs=30)
