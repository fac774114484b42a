"""The SSH agent's protocol: what is signed, what is refused, and that any bytes at all give an answer or an end."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode

import pytest
from hypothesis import given, strategies as st
from sshmessages import (
    FAILURE,
    HOST_KEY,
    IDENTITY,
    KEY,
    SHA256_FLAG,
    SHA512_FLAG,
    SIGNATURE,
    Keyring,
    answers,
    login,
    message,
    session,
    sign_contents,
    sshsig,
)

from jpki.agent.ssh.protocol import (
    DataSignature,
    Login,
    SignRequest,
    fingerprint,
    identity_of,
    read_sign_request,
)
from jpki.agent.ssh.session import MAX_MESSAGE, AgentSession
from jpki.agent.ssh.wire import WireReader, string
from jpki.card import MyNumberCard
from jpki.crypto import Digest
from jpki.errors import CertificateError, DataError
from jpki.identifiers import CertificateKind
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card


def test_one_key_is_offered() -> None:
    """IDENTITIES_ANSWER with one key and its comment."""
    expected = b"\x0c" + (1).to_bytes(4) + string(KEY) + string(b"a comment")
    assert answers(message(11)) == string(expected)


@pytest.mark.parametrize(
    ("flags", "name", "digest"),
    [(SHA256_FLAG, b"rsa-sha2-256", Digest.SHA256), (SHA512_FLAG, b"rsa-sha2-512", Digest.SHA512)],
)
def test_a_login_is_signed_with_the_hash_that_was_asked_for(flags: int, name: bytes, digest: Digest) -> None:
    """SIGN_RESPONSE names the algorithm; the signer gets the data, the hash and the user."""
    signed: list[SignRequest] = []
    data = login(algorithm=name)
    answer = answers(message(13, sign_contents(data, flags)), to=session(signed))

    assert answer == string(b"\x0e" + string(string(name) + string(SIGNATURE)))
    assert signed == [SignRequest(data, digest, Login("taro", None))]


def test_openssh_names_the_server() -> None:
    """The host key of the host-bound form is told by its fingerprint, as ssh-keygen writes it."""
    data = login(method=b"publickey-hostbound-v00@openssh.com", rest=string(HOST_KEY))
    expected = "SHA256:" + b64encode(hashlib.sha256(HOST_KEY).digest()).decode().rstrip("=")

    assert read_sign_request(sign_contents(data), IDENTITY).purpose == Login("taro", expected)
    assert fingerprint(HOST_KEY) == expected


def test_an_sshsig_names_its_namespace() -> None:
    """Both hash functions of SSHSIG."""
    for name, size in ((b"sha256", 32), (b"sha512", 64)):
        data = sshsig(hash=name, digest=bytes(size))
        assert read_sign_request(sign_contents(data), IDENTITY).purpose == DataSignature("git")


@pytest.mark.parametrize(
    "contents",
    [
        sign_contents(login(), flags=0),
        sign_contents(login(), flags=6),
        sign_contents(login(), flags=3),
        sign_contents(login(), flags=SHA512_FLAG),
        sign_contents(login(), key=HOST_KEY),
        sign_contents(login()) + b"\0",
        sign_contents(login())[:-1],
        sign_contents(login(key=HOST_KEY)),
        sign_contents(login(algorithm=b"ssh-rsa")),
        sign_contents(login(kind=51)),
        sign_contents(login(service=b"ssh-userauth")),
        sign_contents(login(method=b"password")),
        sign_contents(login(method=b"hostbased")),
        sign_contents(login(is_signed=0)),
        sign_contents(login(user=b"\xff")),
        sign_contents(login(user=b"ta\x1b[2Jro")),
        sign_contents(login(user=b"t" * 257)),
        sign_contents(login(rest=b"\0")),
        sign_contents(login(rest=string(HOST_KEY))),
        sign_contents(login(method=b"publickey-hostbound-v00@openssh.com")),
        sign_contents(sshsig(namespace=b"")),
        sign_contents(sshsig(namespace=b"a\nb")),
        sign_contents(sshsig(hash=b"sha1", digest=bytes(20))),
        sign_contents(sshsig(digest=bytes(63))),
        sign_contents(sshsig(rest=b"\0")),
        sign_contents(hashlib.sha256(b"x").digest()),
        sign_contents(b"\x20" * 64 + b"TLS 1.3, client CertificateVerify\0" + bytes(32)),
        sign_contents(b""),
        b"",
    ],
)
def test_nothing_else_is_signed(contents: bytes) -> None:
    """Another key, SHA-1, other data and anything malformed: FAILURE, and the signer is not called."""
    signed: list[SignRequest] = []

    assert answers(message(13, contents), to=session(signed)) == FAILURE
    assert signed == []


@pytest.mark.parametrize("kind", [k for k in range(256) if k not in (11, 13)])
def test_every_other_request_fails(kind: int) -> None:
    """Adding and removing keys, a lock and an extension that are malformed, answers, and numbers that mean nothing."""
    assert answers(message(kind, string(b"session-bind@openssh.com") + bytes(40))) == FAILURE


def test_without_a_card_there_is_no_key() -> None:
    """An empty list, and no signature."""
    to = AgentSession(Keyring(identity=None))
    assert answers(message(11) + message(13, sign_contents(login())), to=to) == string(b"\x0c" + bytes(4)) + FAILURE


def test_identities_are_asked_for_without_contents() -> None:
    """Surplus bytes: FAILURE."""
    assert answers(message(11, b"\0")) == FAILURE


def test_a_refused_signature_is_a_failure_and_the_connection_stays() -> None:
    """The next message is answered."""
    both = message(13, sign_contents(login())) + message(11)
    assert answers(both, to=session(refuses=True)).startswith(FAILURE)
    assert len(answers(both, to=session(refuses=True))) > len(FAILURE)


def test_refusals_are_told_without_what_was_sent() -> None:
    """The log gets a sentence of this program."""
    keyring = Keyring()
    answers(message(13, sign_contents(b"secret words of somebody")), to=AgentSession(keyring))

    assert len(keyring.reasons) == 1
    assert "somebody" not in keyring.reasons[0]


@pytest.mark.parametrize("length", [0, MAX_MESSAGE + 1, 0xFFFFFFFF])
def test_an_impossible_length_ends_the_connection(length: int) -> None:
    """Before its bytes are waited for."""
    with pytest.raises(DataError):
        answers(length.to_bytes(4))


def test_messages_may_come_byte_by_byte() -> None:
    """The answer is the same, and comes with the last byte."""
    whole = message(11)
    slow = session()
    parts = [b"".join(slow.feed(whole[i : i + 1])) for i in range(len(whole))]

    assert parts[:-1] == [b""] * (len(whole) - 1)
    assert parts[-1] == answers(whole)


@given(st.binary(max_size=400))
def test_any_bytes_give_answers_or_an_end(data: bytes) -> None:
    """Every answer is a whole message, and no nonsense is signed."""
    signed: list[SignRequest] = []
    try:
        answered = answers(data, to=session(signed))
    except DataError:
        answered = b""
    reader = WireReader(answered)
    while answered:
        assert reader.string()[0] in (5, 12)
        if len(answered) == sum(len(string(a)) for a in [WireReader(answered).string()]):
            break
        answered = answered[4 + int.from_bytes(answered[:4]) :]
        reader = WireReader(answered)
    assert signed == []


@given(st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_any_data_to_sign_are_signed_as_what_they_say_or_refused(data: bytes, flags: int) -> None:
    """A request is read or is a DataError."""
    try:
        request = read_sign_request(sign_contents(data, flags), IDENTITY)
    except DataError:
        return
    assert request.purpose is not None


@given(st.integers(0, len(login()) - 1), st.integers(0, 255))
def test_a_changed_byte_of_a_login_changes_nothing_but_user_and_session(at: int, value: int) -> None:
    """One byte changed anywhere: the same kind of login, or refused."""
    data = bytearray(login())
    data[at] = value
    try:
        purpose = read_sign_request(sign_contents(bytes(data)), IDENTITY).purpose
    except DataError:
        return
    assert isinstance(purpose, Login)
    assert len(purpose.user) <= 4


def _certificate(persona: str, kind: CertificateKind) -> bytes:
    with open_card(persona) as loaded:
        card = MyNumberCard(SimulatedConnection(loaded.card))
        with card.transaction():
            return card.read_certificate(kind)


def test_the_identity_is_the_certificates_key() -> None:
    """The blob is that of the line of OpenSSH."""
    from jpki.certificate import openssh_public_key

    certificate = _certificate("adult", CertificateKind.AUTH)
    identity = identity_of(certificate, "jpki-auth")

    assert identity.blob == b64decode(openssh_public_key(certificate).split(" ")[1])
    assert identity.comment == "jpki-auth"


def test_a_certificate_that_is_none_gives_no_identity() -> None:
    """CertificateError."""
    with pytest.raises(CertificateError):
        identity_of(b"\x30\x00", "x")


def test_requests_show_no_data() -> None:
    """The text form has the number of bytes only."""
    assert repr(SignRequest(b"private", Digest.SHA256, DataSignature("git"))) == "<SignRequest sha256 [7 bytes]>"
