"""The agent's door for SSH: which card signs, who is asked, and what is kept; test_ssh_clients.py: who is served."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from agentclient import FAILURE, SIGN_RESPONSE
from agentdesk import PIN, READER, Desk
from sshdesk import Notes, SshDesk
from sshmessages import HOST_KEY, OTHER_HOST, OTHER_SESSION, binding, login, message, sign_contents

from jpki.agent.dialogs import Use
from jpki.agent.errors import AnotherKeyError, CardAbsentError, DialogDeclinedError
from jpki.agent.ssh import SshService, service
from jpki.agent.ssh.protocol import Login, SignRequest, identity_of
from jpki.agent.ssh.wire import WireReader, string
from jpki.certificate import split
from jpki.crypto import Digest, check_signature
from jpki.errors import AnotherCardError, JpkiError, LastTryError, PinBlockedError, WrongPinError
from jpki.identifiers import CertificateKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: SELECT, fingerprint, SELECT EF, counter, VERIFY, SELECT key, signature, another application.
SIGNATURE = ["00A4", "00B0", "00A4", "0020", "0020", "00A4", "802A", "00A4"]


@pytest.mark.parametrize(("flags", "digest"), [(2, Digest.SHA256), (4, Digest.SHA512)])
def test_the_signature_is_that_of_the_data(door: SshDesk, flags: int, digest: Digest) -> None:
    """With the hash that was asked for; one question, which names what the data say."""
    view = door.desk.cards.look()
    assert view is not None
    key = identity_of(view.auth, "").blob
    bound = {"method": b"publickey-hostbound-v00@openssh.com", "rest": string(HOST_KEY)}
    data = login(key=key, algorithm=b"rsa-sha2-256" if flags == 2 else b"rsa-sha2-512", **bound)
    door.desk.person.secrets = [PIN]
    with closing(door.connect()) as client:
        answer = client.ask(message(13, sign_contents(data, flags, key))[4:])
    reader = WireReader(answer[1:])
    blob = WireReader(reader.string())
    blob.string()
    check_signature(split(view.auth).public_key, blob.string(), digest, digest.of(data))
    [question] = door.desk.words.questions
    assert question.purpose.use is Use.SSH_HOST_LOGIN
    assert question.purpose.details[0] == "taro"
    assert door.notes.signed_for == [question.purpose]


def test_the_certificate_is_read_once_for_a_card(keeping: SshDesk) -> None:
    """Then each signature with a kept PIN is eight commands, and asking for the keys is none."""
    keeping.desk.person.secrets = [PIN]
    assert keeping.sign(1) == [SIGN_RESPONSE]
    assert keeping.desk.apdus
    assert keeping.sign(2, 3) == [SIGN_RESPONSE] * 2
    assert [apdu[:4] for apdu in keeping.desk.apdus] == SIGNATURE * 2


def test_nothing_is_kept_unless_somebody_says_so(door: SshDesk) -> None:
    """Each login asks; once within a minute the person may choose to keep the PIN."""
    door.desk.person.secrets, door.desk.person.choices = [PIN, PIN], [0]
    assert door.sign(1, 2) == [SIGN_RESPONSE] * 2
    assert door.desk.person.secrets_asked == 2
    assert door.desk.words.questions[0].program


def test_a_kept_pin_belongs_to_the_socket(keeping: SshDesk, tmp_path: Path) -> None:
    """Another client of it is not asked for, and another socket's is; removal of the card ends it."""
    keeping.desk.person.secrets = [PIN]
    assert keeping.sign(1) + keeping.sign(2) == [SIGN_RESPONSE] * 2
    other = SshDesk(keeping.desk, tmp_path / "other.sock")
    assert other.sign(1) == [FAILURE]
    assert keeping.desk.person.secrets_asked == 2


def test_a_wrong_pin_is_one_try(keeping: SshDesk) -> None:
    """And forgotten; the next request asks and says that the entry before was wrong."""
    keeping.desk.person.secrets = ["1357", PIN]
    assert keeping.sign(1, 2) == [FAILURE, SIGN_RESPONSE]
    assert [type(error) for error in keeping.notes.failures] == [WrongPinError]
    assert keeping.desk.words.questions[1].is_wrong_before
    assert keeping.desk.tries() == 3


@pytest.mark.parametrize(("tries", "error"), [(0, PinBlockedError), (1, DialogDeclinedError)])
def test_a_last_try_takes_a_yes_of_its_own(door: SshDesk, tries: int, error: type[JpkiError]) -> None:
    """And a locked PIN asks nobody."""
    door.desk.set_tries(tries)
    door.desk.person.secrets = [PIN]
    assert door.sign(1) == [FAILURE]
    assert door.desk.presented() == 0
    assert [type(found) for found in door.notes.failures] == [error]
    assert len(door.desk.person.asked) == tries


def test_a_kept_pin_is_not_used_where_a_try_was_used_elsewhere(keeping: SshDesk) -> None:
    """The person is asked, and for the last one twice."""
    keeping.desk.person.secrets = [PIN]
    assert keeping.sign(1) == [SIGN_RESPONSE]
    keeping.desk.set_tries(1)
    keeping.desk.apdus.clear()
    assert keeping.sign(2) == [FAILURE]
    assert keeping.desk.presented() == 0
    assert not [error for error in keeping.notes.failures if isinstance(error, LastTryError)]


def test_after_a_no_the_same_process_is_not_asked_for_again(door: SshDesk) -> None:
    """The second request has no question."""
    assert door.sign(1, 2) == [FAILURE] * 2
    assert door.desk.person.secrets_asked == 1


def test_another_card_gets_nothing(door: SshDesk) -> None:
    """The key that a client was shown is that of the card which lay there; the other one's is shown to the next."""
    with closing(door.connect()) as client:
        key = client.first_key()
        door.desk.readers.insert(READER, "youth")
        door.desk.person.secrets = [PIN]
        assert client.sign(key, 1) == FAILURE
        assert client.first_key() != key
    assert door.desk.person.asked == []
    # The exchange shows in the list of readers, or at the card itself.
    refusals = [*(type(error).__name__ for error in door.notes.failures), *door.notes.reasons]
    assert refusals in (["AnotherCardError"], ["another key was asked for"])
    assert door.desk.presented() == 0


def test_a_card_that_is_exchanged_while_the_pin_is_typed_gets_nothing(door: SshDesk) -> None:
    """It goes to the card that was shown and to no other."""
    door.desk.person.secrets = [PIN]
    door.desk.person.on_ask = lambda: door.desk.readers.insert(READER, "youth")
    assert door.sign(1) == [FAILURE]
    assert [type(error) for error in door.notes.failures] == [AnotherCardError]
    assert door.desk.presented() == 0


def test_no_card_has_no_key(door: SshDesk) -> None:
    """An empty list; and a card that comes back is served."""
    door.desk.readers.remove(READER)
    with closing(door.connect()) as client:
        assert client.ask(b"\x0b") == b"\x0c" + bytes(4)
        door.desk.readers.insert(READER, "adult")
        assert len(client.first_key()) > 256


def test_what_is_signed_is_for_the_key_that_was_asked_for(desk: Desk) -> None:
    """Of a card that was exchanged between the reading of the request and the question nobody is asked."""
    notes = Notes()
    made = SshService(desk.cards, desk.agent.signer, notes)
    keyring = service._ClientKeyring(made, desk.client())
    request = SignRequest(login(), Digest.SHA256, Login("taro", None), b"another key")
    assert keyring.sign(request, is_forwarded=False) is None
    assert [type(error) for error in notes.failures] == [CardAbsentError]
    assert desk.person.asked == []


def test_a_request_waits_for_its_card(desk: Desk, tmp_path: Path) -> None:
    """As long as the agent was told to."""
    door = SshDesk(desk, tmp_path / "agent.sock", wait=30)
    desk.readers.remove(READER)
    coming = threading.Timer(0, lambda: desk.readers.insert(READER, "adult"))
    coming.start()
    with closing(door.connect()) as client:
        assert len(client.first_key()) > 256
    coming.join()


def test_each_use_of_a_kept_pin_is_confirmed_where_that_is_wanted(tmp_path: Path) -> None:
    """A no sends nothing and keeps the PIN; a yes is no second question for it."""
    with Desk(cache_seconds=600, confirms=True) as desk:
        door = SshDesk(desk, tmp_path / "agent.sock")
        desk.person.secrets = [PIN]
        assert door.sign(1) == [SIGN_RESPONSE]
        desk.person.choices = [0]
        assert door.sign(2) == [SIGN_RESPONSE]
        assert desk.person.secrets_asked == 1
        desk.card.command_log = []
        assert door.sign(3) == [FAILURE]
        assert desk.presented() == 0
        assert [type(error) for error in door.notes.failures] == [DialogDeclinedError]
        assert "confirm" in [text.description for text in desk.person.asked]


def test_a_lock_overwrites_what_is_kept(keeping: SshDesk) -> None:
    """After unlocking the PIN is asked for anew."""
    keeping.desk.person.secrets = [PIN, PIN]
    assert keeping.sign(1) == [SIGN_RESPONSE]
    with closing(keeping.connect()) as client:
        assert client.ask(b"\x16" + string(b"word")) == b"\x06"
        assert keeping.desk.agent.kept.wipe_old() is None
        assert client.ask(b"\x0b") == b"\x0c" + bytes(4)
        assert client.ask(b"\x16" + string(b"word")) == bytes((FAILURE,))
        assert client.ask(b"\x17" + string(b"word")) == b"\x06"
    assert keeping.sign(2) == [SIGN_RESPONSE]
    assert keeping.desk.person.secrets_asked == 2


@pytest.mark.parametrize("moment", ["typing", "signing"])
def test_a_lock_ends_a_question_and_keeps_nothing(
    keeping: SshDesk, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Locked while the PIN is typed, nothing is sent; locked while the card signs, nothing is kept."""

    def lock() -> None:
        with closing(keeping.connect()) as other:
            assert other.ask(b"\x16" + string(b"word")) == b"\x06"

    original = keeping.desk.cards.sign

    def sign(*values: Any) -> bytes:
        signature = original(*values)
        lock()
        return signature

    keeping.desk.person.secrets = [PIN]
    if moment == "typing":
        keeping.desk.person.on_ask = lock
    else:
        monkeypatch.setattr(keeping.desk.cards, "sign", sign)
    assert keeping.sign(1) == [FAILURE if moment == "typing" else SIGN_RESPONSE]
    assert keeping.desk.presented() == int(moment == "signing")
    assert keeping.desk.agent.kept.wipe_old() is None


class TestPhones:
    """What shows nothing that it could be known again by."""

    @pytest.fixture
    def phone(self, tmp_path: Path) -> Iterator[SshDesk]:
        """A phone whose certificate was read with its PIN."""
        with Desk("phone", cache_seconds=600) as desk:
            door = SshDesk(desk, tmp_path / "agent.sock")
            self.learn(door)
            yield door

    @staticmethod
    def learn(door: SshDesk) -> None:
        """Have the certificate read, as at the start of the agent."""
        view = door.desk.cards.look()
        assert view is not None
        assert (view.fingerprint, view.auth) == (None, b"")
        door.desk.person.secrets = [PIN]
        found = door.desk.agent.signer.learn_phone_certificate(door.desk.client(), view)
        assert split(found)
        door.desk.person.asked.clear()

    def test_its_pin_is_asked_for_each_time(self, phone: SshDesk) -> None:
        """Nothing is kept, whatever was wished; the certificate is read once and compared by its beginning."""
        phone.desk.person.secrets = [PIN, PIN]
        assert phone.sign(1, 2) == [SIGN_RESPONSE] * 2
        assert phone.desk.person.secrets_asked == 2
        assert phone.desk.agent.kept.wipe_old() is None
        assert not phone.desk.is_open()

    def test_it_gets_nothing_after_it_was_away(self, phone: SshDesk) -> None:
        """Taken away and put back while the PIN is typed: nothing tells that it is the same."""
        phone.desk.person.secrets = [PIN]
        phone.desk.person.on_ask = lambda: phone.desk.readers.insert(READER, "phone")
        assert phone.sign(1) == [FAILURE]
        assert phone.desk.presented() == 0

    def test_it_is_offered_again_when_it_comes_back(self, phone: SshDesk) -> None:
        """Before the question it may be taken away."""
        phone.desk.readers.remove(READER)
        phone.desk.readers.insert(READER, "phone")
        phone.desk.person.secrets = [PIN]
        assert phone.sign(1) == [SIGN_RESPONSE]

    def test_another_phone_signs_nothing(self, phone: SshDesk) -> None:
        """Its PIN is right and its key is another one: no signature is asked of it."""
        other = bytearray(phone.desk.cards._phone_certificate)
        other[16] ^= 1  # a byte of the serial number
        phone.desk.cards._phone_certificate = bytes(other)
        phone.desk.readers.remove(READER)
        phone.desk.readers.insert(READER, "phone")
        phone.desk.person.secrets = [PIN]
        phone.desk.card.command_log = []
        assert phone.sign(1) == [FAILURE]
        assert [type(error) for error in phone.notes.failures] == [AnotherKeyError]
        assert "802A" not in [apdu[:4] for apdu in phone.desk.apdus]

    @pytest.mark.parametrize("other", ["phone", "adult"])
    def test_what_lies_there_in_its_place_is_not_asked_about(self, phone: SshDesk, other: str) -> None:
        """Between the look at it and the question for its counter it was exchanged: nobody types a PIN for that."""
        cards = phone.desk.cards
        view = cards.look()
        assert view is not None
        phone.desk.readers.insert(READER, other)
        if other == "phone":  # of which only another look tells
            assert cards.look() is not view
        with pytest.raises(AnotherCardError):
            cards.read_status(view, CertificateKind.AUTH)
        assert cards._held is None

    def test_a_no_leaves_nothing_open(self, phone: SshDesk) -> None:
        """The connection that was held for the question is let go."""
        assert phone.sign(1) == [FAILURE]
        assert phone.desk.cards._held is None

    def test_a_no_at_the_start_leaves_nothing_open(self) -> None:
        """Nor one to the question for its certificate."""
        with Desk("phone") as desk:
            view = desk.cards.look()
            assert view is not None
            with pytest.raises(DialogDeclinedError):
                desk.agent.signer.learn_phone_certificate(desk.client(), view)
            assert desk.cards._held is None

    def test_programs_do_not_find_it_by_pkcs11(self, phone: SshDesk) -> None:
        """A session has to know its card again."""
        assert phone.desk.agent._user_slots[0].token() is None


def test_a_forwarded_request_is_told_as_one(desk: Desk, tmp_path: Path) -> None:
    """Where it is allowed at all."""
    door = SshDesk(desk, tmp_path / "agent.sock", with_forwarded=True)
    desk.person.secrets = [PIN]
    with closing(door.connect()) as client:
        key = client.first_key()
        for contents in (binding(forwarding=True), binding(OTHER_HOST, OTHER_SESSION)):
            assert client.ask(message(27, contents)[4:]) == b"\x06"
        data = login(session=OTHER_SESSION, key=key)
        assert client.ask(message(13, sign_contents(data, key=key))[4:])[0] == SIGN_RESPONSE
    [question] = desk.words.questions
    assert question.purpose.is_forwarded
