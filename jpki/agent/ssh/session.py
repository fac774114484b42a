"""One client of the SSH agent, without sockets: bytes in, bytes out (draft-ietf-sshm-ssh-agent).

::

    message   uint32 length, byte type, contents
    11        REQUEST_IDENTITIES             -> 12 IDENTITIES_ANSWER
    13        SIGN_REQUEST: string key, string data, uint32 flags
                                             -> 14 SIGN_RESPONSE
    22, 23    LOCK, UNLOCK: string passphrase
                                             -> 6 SUCCESS
    27        EXTENSION: string session-bind@openssh.com, string host key, string session, string signature,
              boolean forwarding             -> 6 SUCCESS
    anything else, and what fails            -> 5 FAILURE

No request changes the key: adding and removing keys fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from jpki.errors import DataError

from .binding import Bindings
from .protocol import read_sign_request
from .wire import WireReader, string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .protocol import Identity, SignRequest

#: A longer message closes the connection, as in OpenSSH's own agent.
MAX_MESSAGE: Final = 256 * 1024

_LENGTH_BYTES: Final = 4
_FAILURE: Final = b"\x05"
_SUCCESS: Final = b"\x06"
_REQUEST_IDENTITIES: Final = 11
_IDENTITIES_ANSWER: Final = 12
_SIGN_REQUEST: Final = 13
_SIGN_RESPONSE: Final = 14
_LOCK: Final = 22
_UNLOCK: Final = 23
_EXTENSION: Final = 27
_SESSION_BIND: Final = b"session-bind@openssh.com"


class Keyring(Protocol):
    """The one key as a client may use it, and the lock that all clients share."""

    @property
    def is_locked(self) -> bool:
        """Whether nothing but unlocking is answered."""
        ...

    def identity(self) -> Identity | None:
        """Return the key of the card on the reader, or None."""
        ...

    def sign(self, request: SignRequest, *, is_forwarded: bool) -> bytes | None:
        """Sign, or say to the person why not and return None."""
        ...

    def lock(self, passphrase: bytes) -> bool:
        """Lock; False where it is locked already."""
        ...

    def unlock(self, passphrase: bytes) -> bool:
        """Unlock; False where it is not locked, or this is not the passphrase."""
        ...

    def refused(self, reason: str) -> None:
        """Take a sentence for the log about a request that is refused; it quotes nothing of the request."""
        ...


class AgentSession:
    """One client's connection: takes bytes as they come and answers every whole message in them.

    ``with_forwarded``: a client on another computer, to which the agent was forwarded, may use the key too.
    """

    def __init__(self, keyring: Keyring, *, with_forwarded: bool = False) -> None:
        """Begin with nothing received."""
        self._keyring = keyring
        self._with_forwarded = with_forwarded
        self._bindings = Bindings()
        self._received = bytearray()

    def feed(self, data: bytes | bytearray) -> Iterator[bytes]:
        """Take bytes, and overwrite them where they are a ``bytearray``; answer each message that they complete.

        Raises:
            DataError: a message without a type or longer than :data:`MAX_MESSAGE`; the connection has to be closed.
        """
        self._received += data
        if isinstance(data, bytearray):
            data[:] = bytes(len(data))
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
        self._received[:end] = bytes(end)  # a passphrase may have been in it
        del self._received[:end]
        return message

    def _answer(self, message: bytes) -> bytes:
        kind, contents = message[0], message[1:]
        if kind == _REQUEST_IDENTITIES and not contents:
            return self._identities()
        handler = {_SIGN_REQUEST: self._sign, _LOCK: self._lock, _UNLOCK: self._unlock, _EXTENSION: self._extend}
        if kind not in handler or (self._keyring.is_locked and kind != _UNLOCK):
            return _FAILURE
        try:
            return handler[kind](contents) or _FAILURE
        except DataError as exc:
            self._keyring.refused(str(exc))
            return _FAILURE

    @property
    def _is_shut_out(self) -> bool:
        return self._bindings.is_forwarded and not self._with_forwarded

    def _identities(self) -> bytes:
        identity = None if self._keyring.is_locked or self._is_shut_out else self._keyring.identity()
        keys = b"" if identity is None else string(identity.blob) + string(identity.comment.encode())
        return bytes((_IDENTITIES_ANSWER,)) + int(identity is not None).to_bytes(_LENGTH_BYTES) + keys

    def _sign(self, contents: bytes) -> bytes | None:
        if self._is_shut_out:
            raise DataError("it came through a forwarded connection (ssh -A), which --allow-forwarded would let in")
        identity = self._keyring.identity()
        if identity is None:
            raise DataError("there is no card whose key could be offered")
        request = self._bindings.checked(read_sign_request(contents, identity))
        signature = self._keyring.sign(request, is_forwarded=self._bindings.is_forwarded)
        if signature is None:
            return None
        return bytes((_SIGN_RESPONSE,)) + string(string(request.algorithm) + string(signature))

    def _lock(self, contents: bytes) -> bytes | None:
        return self._change_lock(contents, self._keyring.lock)

    def _unlock(self, contents: bytes) -> bytes | None:
        return self._change_lock(contents, self._keyring.unlock)

    def _change_lock(self, contents: bytes, change: Callable[[bytes], bool]) -> bytes | None:
        reader = WireReader(contents)
        passphrase = reader.string()
        reader.end()
        return None if self._bindings.is_forwarded else _SUCCESS if change(passphrase) else None

    def _extend(self, contents: bytes) -> bytes | None:
        reader = WireReader(contents)
        if reader.string() != _SESSION_BIND:
            return None
        return _SUCCESS if self._bindings.bind(reader) else None
