"""Which connection a client of the SSH agent is used for, forwarded use, and the lock."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, strategies as st
from sshmessages import (
    FAILURE,
    HOST,
    OTHER_HOST,
    OTHER_SESSION,
    SESSION,
    SUCCESS,
    Keyring,
    answers,
    binding,
    blob_of,
    login,
    message,
    sign_contents,
)

from jpki.agent.ssh.binding import HostProof, check_host_proof
from jpki.agent.ssh.lock import Lock
from jpki.agent.ssh.protocol import Login, fingerprint
from jpki.agent.ssh.session import AgentSession
from jpki.agent.ssh.wire import string


def test_a_locked_agent_answers_nothing_but_the_passphrase() -> None:
    """No key, no signature, no binding, no second lock; the wrong passphrase is a failure and the right one opens."""
    keyring = Keyring()
    to, other = AgentSession(keyring), AgentSession(keyring)
    assert answers(message(22, string(b"word")), to=to) == SUCCESS
    for data in (message(13, sign_contents(login())), message(22, string(b"word")), message(27, binding())):
        assert answers(data, to=other) == FAILURE
    assert answers(message(11), to=other) == string(b"\x0c" + bytes(4))
    assert keyring.signed == []
    assert answers(message(23, string(b"other")), to=other) == FAILURE
    assert answers(message(23, string(b"word")), to=other) == SUCCESS
    assert len(answers(message(11), to=to)) > len(FAILURE) + 4


def purposes(*messages: bytes, with_forwarded: bool = False) -> list[str | None]:
    """The host keys that the logins among some messages named to the person; the last message is such a login."""
    keyring = Keyring()
    to = AgentSession(keyring, with_forwarded=with_forwarded)
    for data in messages:
        answers(data, to=to)
    return [request.purpose.host_key for request in keyring.signed if isinstance(request.purpose, Login)]


LOGIN = message(13, sign_contents(login()))


def test_a_login_at_the_connection_that_was_named_names_its_server() -> None:
    """Though the request does not: the server has proved its key for this very session."""
    assert purposes(message(27, binding()), LOGIN) == [fingerprint(blob_of(HOST))]


def test_a_login_for_another_connection_is_refused() -> None:
    """Another session, or another host key in the request than the one that was proved."""
    assert purposes(message(27, binding(named=OTHER_SESSION)), LOGIN) == []
    bound = login(method=b"publickey-hostbound-v00@openssh.com", rest=string(blob_of(OTHER_HOST)))
    assert purposes(message(27, binding()), message(13, sign_contents(bound))) == []
    bound = login(method=b"publickey-hostbound-v00@openssh.com", rest=string(blob_of(HOST)))
    assert purposes(message(27, binding()), message(13, sign_contents(bound))) == [fingerprint(blob_of(HOST))]


def test_a_false_proof_ends_what_is_signed_for_this_client() -> None:
    """A server's signature of something else."""
    assert purposes(message(27, binding(proved=OTHER_SESSION)), LOGIN) == []
    assert purposes(message(27, binding(proved=OTHER_SESSION)), message(27, binding()), LOGIN) == []


@pytest.mark.parametrize(
    "binds", [[binding(forwarding=True)], [binding(forwarding=True), binding(OTHER_HOST, OTHER_SESSION)]]
)
def test_a_forwarded_agent_shows_and_signs_nothing_unless_allowed(binds: list[bytes]) -> None:
    """Whoever is on the other computer sees no key; the person at this one is told where an allowed request is from."""
    keyring = Keyring()
    to = AgentSession(keyring)
    for contents in binds:
        answers(message(27, contents), to=to)
    assert answers(message(11), to=to) == string(b"\x0c" + bytes(4))
    assert answers(LOGIN, to=to) == FAILURE
    assert answers(message(22, string(b"word")), to=to) == FAILURE
    assert keyring.signed == []
    assert "ssh -A" in keyring.reasons[0]


def test_an_allowed_forwarded_login_is_for_the_last_connection() -> None:
    """That of the other computer, whose server is named; from before OpenSSH 8.9 there is none, and it is not named."""
    there = message(13, sign_contents(login(session=OTHER_SESSION)))
    chain = (message(27, binding(forwarding=True)), message(27, binding(OTHER_HOST, OTHER_SESSION)))
    assert purposes(*chain, there, with_forwarded=True) == [fingerprint(blob_of(OTHER_HOST))]
    assert purposes(chain[0], there, with_forwarded=True) == [None]
    assert purposes(*chain, LOGIN, with_forwarded=True) == []
    keyring = Keyring()
    to = AgentSession(keyring, with_forwarded=True)
    for data in (*chain, there):
        answers(data, to=to)
    assert keyring.forwarded == [True]


def test_only_a_forwarded_connection_leads_to_another() -> None:
    """A client that is connected to one server names no second one; the same one twice is well."""
    assert purposes(message(27, binding()), message(27, binding()), LOGIN) == [fingerprint(blob_of(HOST))]
    assert purposes(message(27, binding()), message(27, binding(OTHER_HOST, OTHER_SESSION)), LOGIN) == []
    same_session = message(27, binding(OTHER_HOST, SESSION))
    assert purposes(message(27, binding(forwarding=True)), same_session, LOGIN, with_forwarded=True) == []


def test_no_client_names_connections_without_end() -> None:
    """More than sixteen are refused, and nothing is signed any more."""
    many = [message(27, binding(named=bytes((n,)) * 32, forwarding=True)) for n in range(17)]
    assert purposes(*many, LOGIN, with_forwarded=True) == []
    assert purposes(*many[:16], LOGIN, with_forwarded=True) == [None]


def test_a_host_key_of_another_kind_is_no_proof_and_no_lie() -> None:
    """A security key of FIDO: the login is signed as if nothing was named; forwarding is noted all the same."""
    blob = string(b"sk-ssh-ed25519@openssh.com") + string(bytes(32)) + string(b"ssh:")
    contents = string(b"session-bind@openssh.com") + string(blob) + string(SESSION) + string(b"x")
    assert answers(message(27, contents + b"\0")) == FAILURE
    assert purposes(message(27, contents + b"\0"), LOGIN) == [None]
    assert purposes(message(27, contents + b"\1"), LOGIN) == []


def test_a_host_key_that_is_written_in_short_is_no_proof_either() -> None:
    """A compressed point, which OpenSSH never writes: an answer, and the connection stays."""
    point = b"\2" + bytes(range(32))
    blob = string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(point)
    assert check_host_proof(blob, SESSION, string(b"ecdsa-sha2-nistp256") + string(b"")) is HostProof.UNKNOWN


def _proof(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: bytes) -> tuple[bytes, bytes]:
    """Blob and signature of SESSION by a host key."""
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    if isinstance(key, rsa.RSAPrivateKey):
        hashed = hashes.SHA512() if algorithm == b"rsa-sha2-512" else hashes.SHA256()
        value = key.sign(SESSION, padding.PKCS1v15(), hashed)
    else:
        numbers = decode_dss_signature(key.sign(SESSION, ec.ECDSA(hashes.SHA384())))
        value = b"".join(string(number.to_bytes(49)) for number in numbers)
    return b64decode(line.split()[1]), string(algorithm) + string(value)


RSA_HOST = rsa.generate_private_key(65537, 2048)
EC_HOST = ec.derive_private_key(4711, ec.SECP384R1())


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA_HOST, b"rsa-sha2-256"), (RSA_HOST, b"rsa-sha2-512"), (EC_HOST, b"ecdsa-sha2-nistp384")],
)
def test_each_kind_of_host_key_is_checked(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: bytes
) -> None:
    """RSA and ECDSA beside Ed25519: right, of another session, and by an algorithm that is not its own."""
    blob, signature = _proof(key, algorithm)
    assert check_host_proof(blob, SESSION, signature) is HostProof.GOOD
    assert check_host_proof(blob, OTHER_SESSION, signature) is HostProof.BAD
    other = string(b"ssh-rsa") + signature[4 + len(algorithm) :]
    assert check_host_proof(blob, SESSION, other) is HostProof.UNKNOWN


@given(st.binary(max_size=300))
def test_any_binding_is_an_answer(data: bytes) -> None:
    """SUCCESS or FAILURE, whatever stands in it."""
    assert answers(message(27, string(b"session-bind@openssh.com") + data)) in (SUCCESS, FAILURE)


def test_the_lock_keeps_a_hash_and_grows_slow() -> None:
    """The passphrase is nowhere in it; each mistake takes longer, and ten seconds at most."""
    waited: list[float] = []
    lock = Lock(waited.append)
    assert lock.lock(b"word")
    assert not lock.lock(b"word")
    assert not any(value == b"word" for value in vars(lock).values())
    assert [lock.unlock(b"wrong") for _ in range(3)] == [False] * 3
    assert waited == sorted(waited)
    assert waited[-1] > waited[0]
    lock._mistakes = 1000
    lock.unlock(b"wrong")
    assert waited[-1] <= 10
    assert lock.unlock(b"word")
    assert not lock.is_locked
    assert not lock.unlock(b"word")
