"""The SSH agent's side of its protocol (draft-ietf-sshm-ssh-agent), without sockets: bytes in, bytes out.

One key is offered, an RSA key, and two of its signature algorithms (RFC 8332). Only two kinds of data are signed, both
of which say themselves what they are: an SSH login (RFC 4252, section 7, and OpenSSH's form of it that names the host's
key) and an SSHSIG signature (OpenSSH's PROTOCOL.sshsig). The key also logs in to services of the state, so anything
else — a hash, a TLS handshake — is refused. So are SHA-1, other keys, and every request that would change the agent.

::

    message   uint32 length, byte type, contents
    11        REQUEST_IDENTITIES             -> 12 IDENTITIES_ANSWER
    13        SIGN_REQUEST: string key, string data, uint32 flags
                                             -> 14 SIGN_RESPONSE
    anything else                            -> 5 FAILURE
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from jpki.certificate import openssh_public_key
from jpki.crypto import Digest
from jpki.errors import CertificateError, DataError

from .wire import WireReader, string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A longer message closes the connection, as in OpenSSH's own agent.
MAX_MESSAGE: Final = 256 * 1024

_LENGTH_BYTES: Final = 4
_FAILURE: Final = 5
_REQUEST_IDENTITIES: Final = 11
_IDENTITIES_ANSWER: Final = 12
_SIGN_REQUEST: Final = 13
_SIGN_RESPONSE: Final = 14
_RSA: Final = b"ssh-rsa"
#: SSH_AGENT_RSA_SHA2_256 and …_512; without one of them SHA-1 would be meant.
_ALGORITHMS: Final = {2: (b"rsa-sha2-256", Digest.SHA256), 4: (b"rsa-sha2-512", Digest.SHA512)}
_USERAUTH_REQUEST: Final = 50
_SERVICE: Final = b"ssh-connection"
_METHOD: Final = b"publickey"
_METHOD_WITH_HOST: Final = b"publickey-hostbound-v00@openssh.com"
_SSHSIG: Final = b"SSHSIG"
_SSHSIG_HASHES: Final = {b"sha256": 32, b"sha512": 64}
#: No name of a user or purpose is longer; it is shown to a person.
_MAX_NAME: Final = 256


@dataclass(frozen=True, slots=True)
class Identity:
    """The key that is offered: its public half as SSH writes it, and a comment that names nobody."""

    blob: bytes
    comment: str


@dataclass(frozen=True, slots=True)
class Login:
    """A login as ``user``; ``host_key`` is the fingerprint of the server's key, None where the data do not name it."""

    user: str
    host_key: str | None


@dataclass(frozen=True, slots=True)
class DataSignature:
    """A signature of data for a purpose (``git``, ``file``), the namespace of SSHSIG."""

    namespace: str


@dataclass(frozen=True, slots=True)
class SignRequest:
    """What is to be signed: the data, the hash function, and what the data say that they are for."""

    data: bytes
    digest: Digest
    purpose: Login | DataSignature

    def __repr__(self) -> str:
        return f"<SignRequest {self.digest.value} [{len(self.data)} bytes]>"


def identity_of(certificate: bytes, comment: str) -> Identity:
    """Make the identity of a certificate's key.

    Raises:
        CertificateError: not a certificate, or its key is no RSA key.
    """
    kind, blob = openssh_public_key(certificate).split(" ")[:2]
    if kind.encode() != _RSA:
        raise CertificateError("public key: the agent offers RSA keys only")
    return Identity(b64decode(blob), comment)


class AgentSession:
    """One client's connection: takes bytes as they come and answers every whole message in them.

    ``sign`` gets each request that may be signed and gives the signature, or None to refuse. ``on_refusal`` gets a
    sentence for the log about each request that is refused here; it quotes nothing of the request.
    """

    def __init__(
        self,
        identity: Identity,
        sign: Callable[[SignRequest], bytes | None],
        on_refusal: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        """Begin with nothing received."""
        self._identity = identity
        self._sign = sign
        self._on_refusal = on_refusal
        self._received = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes and give the answer to each message that they complete, one at a time.

        Raises:
            DataError: a message without a type or longer than :data:`MAX_MESSAGE`; the connection has to be closed.
        """
        self._received += data
        while (message := self._next()) is not None:
            yield string(self._answer(message))

    def _next(self) -> bytes | None:
        if len(self._received) < _LENGTH_BYTES:
            return None
        length = int.from_bytes(self._received[:_LENGTH_BYTES])
        if not 1 <= length <= MAX_MESSAGE:
            raise DataError("SSH agent: a message has an impossible length")
        end = _LENGTH_BYTES + length
        if len(self._received) < end:
            return None
        message = bytes(self._received[_LENGTH_BYTES:end])
        del self._received[:end]
        return message

    def _answer(self, message: bytes) -> bytes:
        kind, contents = message[0], message[1:]
        if kind == _REQUEST_IDENTITIES and not contents:
            comment = self._identity.comment.encode()
            one_key = (1).to_bytes(_LENGTH_BYTES)
            return bytes((_IDENTITIES_ANSWER,)) + one_key + string(self._identity.blob) + string(comment)
        if kind != _SIGN_REQUEST:
            return bytes((_FAILURE,))
        try:
            request = read_sign_request(contents, self._identity)
        except DataError as exc:
            self._on_refusal(str(exc))
            return bytes((_FAILURE,))
        signature = self._sign(request)
        if signature is None:
            return bytes((_FAILURE,))
        algorithm = next(name for name, digest in _ALGORITHMS.values() if digest is request.digest)
        return bytes((_SIGN_RESPONSE,)) + string(string(algorithm) + string(signature))


def read_sign_request(contents: bytes, identity: Identity) -> SignRequest:
    """Read the contents of SIGN_REQUEST.

    Raises:
        DataError: malformed, another key, SHA-1, or data that are neither a login with this key nor an SSHSIG.
    """
    reader = WireReader(contents)
    blob, data, flags = reader.string(), reader.string(), reader.uint32()
    reader.end()
    if blob != identity.blob:
        raise DataError("another key was asked for")
    if flags not in _ALGORITHMS:
        raise DataError("a signature with SHA-1, or of an unknown kind, was asked for")
    algorithm, digest = _ALGORITHMS[flags]
    purpose = _read_sshsig(data) if data.startswith(_SSHSIG) else _read_login(data, algorithm, identity)
    return SignRequest(data, digest, purpose)


def _read_login(data: bytes, algorithm: bytes, identity: Identity) -> Login:
    """Read what RFC 4252, section 7, has a client sign."""
    reader = WireReader(data)
    reader.string()  # the session identifier
    is_request = reader.byte() == _USERAUTH_REQUEST
    user = _short(reader.text())
    service, method = reader.string(), reader.string()
    is_signed = reader.boolean()
    if not is_request or not is_signed or service != _SERVICE or method not in (_METHOD, _METHOD_WITH_HOST):
        raise DataError("the data are no SSH login and no SSHSIG")
    if reader.string() != algorithm or reader.string() != identity.blob:
        raise DataError("the data name another key or algorithm")
    host_key = fingerprint(reader.string()) if method == _METHOD_WITH_HOST else None
    reader.end()
    return Login(user, host_key)


def _read_sshsig(data: bytes) -> DataSignature:
    """Read what OpenSSH's PROTOCOL.sshsig has a client sign."""
    reader = WireReader(data)
    reader.take(len(_SSHSIG))
    namespace = _short(reader.text())
    reader.string()  # reserved
    hash_name, digest = reader.string(), reader.string()
    reader.end()
    if not namespace or len(digest) != _SSHSIG_HASHES.get(hash_name):
        raise DataError("the data are no SSHSIG that can be signed")
    return DataSignature(namespace)


def _short(name: str) -> str:
    if len(name) > _MAX_NAME:
        raise DataError("SSH: a name is too long")
    return name


def fingerprint(key: bytes) -> str:
    """Fingerprint of a public key as OpenSSH shows it."""
    return "SHA256:" + b64encode(sha256(key).digest()).decode().rstrip("=")
