"""Messages of SSH clients, and a key that signs whatever passes."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from jpki.agent.ssh.protocol import Identity, SignRequest
from jpki.agent.ssh.session import AgentSession
from jpki.agent.ssh.wire import string

SESSION, OTHER_SESSION = b"\x11" * 32, b"\x22" * 32
SUCCESS = bytes.fromhex("0000000106")
HOST = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_HOST = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEY = string(b"ssh-rsa") + string(b"\x01\x00\x01") + string(b"\0\xa5" + bytes(255))
IDENTITY = Identity(KEY, "a comment")
HOST_KEY = string(b"ssh-ed25519") + string(bytes(range(32)))
SHA256_FLAG, SHA512_FLAG = 2, 4
FAILURE = bytes.fromhex("0000000105")
SIGNATURE = b"S" * 256


def login(**changes: Any) -> bytes:
    """What a client signs to log in, with some of it changed."""
    parts: dict[str, Any] = {
        "session": b"\x11" * 32,
        "kind": 50,
        "user": b"taro",
        "service": b"ssh-connection",
        "method": b"publickey",
        "is_signed": 1,
        "algorithm": b"rsa-sha2-256",
        "key": KEY,
        "rest": b"",
    } | changes
    return b"".join(
        (
            string(parts["session"]),
            bytes((parts["kind"],)),
            *(string(parts[name]) for name in ("user", "service", "method")),
            bytes((parts["is_signed"],)),
            *(string(parts[name]) for name in ("algorithm", "key")),
            parts["rest"],
        )
    )


def sshsig(**changes: bytes) -> bytes:
    """What a client signs for SSHSIG, with some of it changed."""
    parts = {"namespace": b"git", "reserved": b"", "hash": b"sha512", "digest": bytes(64), "rest": b""} | changes
    fields = b"".join(string(parts[name]) for name in ("namespace", "reserved", "hash", "digest"))
    return b"SSHSIG" + fields + parts["rest"]


def sign_contents(data: bytes, flags: int = SHA256_FLAG, key: bytes = KEY) -> bytes:
    """Contents of SIGN_REQUEST."""
    return string(key) + string(data) + flags.to_bytes(4)


def message(kind: int, contents: bytes = b"") -> bytes:
    """A whole message."""
    return string(bytes((kind,)) + contents)


class Keyring:
    """One key that signs everything; what is signed, refused and locked is kept."""

    def __init__(self, *, refuses: bool = False, identity: Identity | None = IDENTITY) -> None:
        """Begin with nothing signed."""
        self.signed: list[SignRequest] = []
        self.forwarded: list[bool] = []
        self.reasons: list[str] = []
        self.passphrase: bytes | None = None
        self._refuses = refuses
        self._identity = identity

    @property
    def is_locked(self) -> bool:
        """Whether somebody locked it."""
        return self.passphrase is not None

    def identity(self) -> Identity | None:
        """The one key."""
        return self._identity

    def sign(self, request: SignRequest, *, is_forwarded: bool) -> bytes | None:
        """Note it."""
        self.signed.append(request)
        self.forwarded.append(is_forwarded)
        return None if self._refuses else SIGNATURE

    def lock(self, passphrase: bytes) -> bool:
        """Lock once."""
        was_locked = self.is_locked
        self.passphrase = self.passphrase or passphrase
        return not was_locked

    def unlock(self, passphrase: bytes) -> bool:
        """Compare."""
        is_right = passphrase == self.passphrase
        self.passphrase = None if is_right else self.passphrase
        return is_right

    def refused(self, reason: str) -> None:
        """Note it."""
        self.reasons.append(reason)


def session(signed: list[SignRequest] | None = None, *, refuses: bool = False) -> AgentSession:
    """A session that notes what is signed."""
    keyring = Keyring(refuses=refuses)
    keyring.signed = [] if signed is None else signed
    return AgentSession(keyring)


def answers(data: bytes, *, to: AgentSession | None = None) -> bytes:
    """All answers to some bytes."""
    return b"".join((to or session()).feed(data))


def blob_of(host: ed25519.Ed25519PrivateKey) -> bytes:
    """A host key as SSH writes it."""
    return string(b"ssh-ed25519") + string(host.public_key().public_bytes_raw())


def binding(
    host: ed25519.Ed25519PrivateKey = HOST,
    named: bytes = SESSION,
    *,
    proved: bytes | None = None,
    forwarding: bool = False,
) -> bytes:
    """What OpenSSH says of a connection: the server's key, the session, and its signature of that."""
    signature = string(b"ssh-ed25519") + string(host.sign(named if proved is None else proved))
    parts = string(b"session-bind@openssh.com") + string(blob_of(host)) + string(named) + string(signature)
    return parts + bytes((forwarding,))
