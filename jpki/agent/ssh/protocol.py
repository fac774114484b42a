"""What is signed for SSH, and nothing else is: the request as draft-ietf-sshm-ssh-agent has it.

One key is offered, an RSA key, and two of its signature algorithms (RFC 8332). Only two kinds of data are signed, both
of which say themselves what they are: an SSH login (RFC 4252, section 7, and OpenSSH's form of it that names the host's
key) and an SSHSIG signature (OpenSSH's PROTOCOL.sshsig). The key also logs in to services of the state, so anything
else — a hash, a TLS handshake — is refused. So are SHA-1 and other keys.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from jpki.certificate import openssh_public_key
from jpki.crypto import Digest
from jpki.errors import CertificateError, DataError

from .wire import WireReader

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
    """The key that is offered: its public half as SSH writes it, and a comment without personal data."""

    blob: bytes
    comment: str


@dataclass(frozen=True, slots=True)
class Login:
    """A login as ``user``; ``host_key`` is the fingerprint of the server's key, None where the data do not name it.

    ``session`` is the identifier of the SSH connection that the login is for.
    """

    user: str
    host_key: str | None
    session: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DataSignature:
    """A signature of data for a purpose (``git``, ``file``), the namespace of SSHSIG."""

    namespace: str


@dataclass(frozen=True, slots=True)
class SignRequest:
    """What is to be signed: the data, the hash function, what the data say that they are for, and the key's blob."""

    data: bytes
    digest: Digest
    purpose: Login | DataSignature
    key: bytes = field(default=b"", compare=False)

    @property
    def algorithm(self) -> bytes:
        """Name of the signature algorithm in SSH."""
        return next(name for name, digest in _ALGORITHMS.values() if digest is self.digest)

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
    return SignRequest(data, digest, purpose, blob)


def _read_login(data: bytes, algorithm: bytes, identity: Identity) -> Login:
    """Read what RFC 4252, section 7, has a client sign."""
    reader = WireReader(data)
    session = reader.string()
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
    return Login(user, host_key, session)


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
