"""Which SSH connection a client of the agent is used for: session-bind@openssh.com (OpenSSH's PROTOCOL.agent).

The client shows the signature by which a server proved its host key for this very connection. So the agent knows the
server although the request does not name it, and knows of a connection to it that was forwarded to another computer.
"""

from __future__ import annotations

import enum
from base64 import b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from jpki.errors import DataError

from .protocol import Login, fingerprint
from .wire import WireReader

if TYPE_CHECKING:
    from .protocol import SignRequest

#: OpenSSH's own agent takes no more for one client either.
MAX_BINDINGS: Final = 16
#: A session identifier is a hash.
_MAX_SESSION: Final = 128
_CURVE_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}
_RSA_HASHES: Final[dict[bytes, hashes.HashAlgorithm]] = {
    b"rsa-sha2-256": hashes.SHA256(),
    b"rsa-sha2-512": hashes.SHA512(),
}


class HostProof(enum.Enum):
    """Whether a server signed for its connection; what kind of key cannot be checked is no proof, and no lie."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Bound:
    host_key: bytes
    session: bytes
    is_forwarding: bool


class Bindings:
    """What one client has said of its connections, in order."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bound: list[_Bound] = []
        #: Whether the client is on another computer: the connection to the agent was forwarded there.
        self.is_forwarded = False
        self._is_spoiled = False

    def bind(self, reader: WireReader) -> bool:
        """Take a binding, whose name has been read; tells whether it was taken.

        Raises:
            DataError: it is malformed, or the server's signature is wrong: nothing more is signed for this client.
        """
        host_key, session, signature = reader.string(), reader.string(), reader.string()
        is_forwarding = reader.boolean()
        reader.end()
        # Noted even of a server whose key cannot be checked: the program that forwards is one of this computer.
        self.is_forwarded |= is_forwarding
        bound = _Bound(host_key, session, is_forwarding)
        if bound in self._bound:
            return True
        proof = check_host_proof(host_key, session, signature)
        if proof is HostProof.BAD or not self._may_follow(bound):
            self._is_spoiled = True
            raise DataError("a program has named a server that it is not connected to")
        if proof is HostProof.GOOD:
            self._bound.append(bound)
        return proof is HostProof.GOOD

    def _may_follow(self, bound: _Bound) -> bool:
        """Only behind a connection that was forwarded comes another one."""
        return (
            len(bound.session) <= _MAX_SESSION
            and len(self._bound) < MAX_BINDINGS
            and all(before.is_forwarding and before.session != bound.session for before in self._bound)
        )

    def checked(self, request: SignRequest) -> SignRequest:
        """Require that a login is for the connection that was named last; it then names its server.

        Raises:
            DataError: it is for another one.
        """
        if self._is_spoiled:
            raise DataError("the program had named a server that it is not connected to")
        last = self._bound[-1] if self._bound else None
        login = request.purpose
        if last is None or last.is_forwarding or not isinstance(login, Login):
            return request
        host_key = fingerprint(last.host_key)
        if login.session != last.session or login.host_key not in (None, host_key):
            raise DataError("the login is for another server than the one that the program is connected to")
        return replace(request, purpose=replace(login, host_key=host_key))


def check_host_proof(host_key: bytes, session: bytes, signature: bytes) -> HostProof:
    """Check a server's signature of the session identifier."""
    kind = WireReader(host_key).string()
    try:
        key = load_ssh_public_key(kind + b" " + b64encode(host_key))
    except (ValueError, UnsupportedAlgorithm, NotImplementedError):  # the last of a point that is written in short
        return HostProof.UNKNOWN
    reader = WireReader(signature)
    algorithm, value = reader.string(), reader.string()
    reader.end()
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and algorithm == kind:
            key.verify(value, session)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm == kind:
            key.verify(_dss(value), session, ec.ECDSA(_CURVE_HASHES[key.curve.name]))
        elif isinstance(key, rsa.RSAPublicKey) and algorithm in _RSA_HASHES:
            key.verify(value, session, padding.PKCS1v15(), _RSA_HASHES[algorithm])
        else:
            return HostProof.UNKNOWN
    except InvalidSignature:
        return HostProof.BAD
    return HostProof.GOOD


def _dss(value: bytes) -> bytes:
    """Write an ECDSA signature as DER (RFC 5656, 3.1.2 has two numbers)."""
    reader = WireReader(value)
    numbers = [int.from_bytes(reader.string()) for _ in range(2)]
    reader.end()
    return encode_dss_signature(*numbers)
