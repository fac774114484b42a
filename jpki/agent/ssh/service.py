"""Serves SSH clients: the key of the card that lies there, and a signature for each login that a person lets pass."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from jpki.agent.cards import SignatureOrder
from jpki.agent.dialogs import Purpose, Use
from jpki.agent.errors import CardAbsentError
from jpki.agent.foreign_text import visible
from jpki.agent.signing import Client
from jpki.errors import DataError, JpkiError
from jpki.identifiers import CertificateKind
from jpki.signing.cms import require_login_data

from .lock import Lock
from .protocol import Login, identity_of
from .session import AgentSession

if TYPE_CHECKING:
    from jpki.agent.cards import Cards, CardView
    from jpki.agent.signing import Signer
    from jpki.agent.sockets import Connection

    from .protocol import Identity, SignRequest

#: Clients at the same time; one more takes the place of the one that has been silent longest.
MAX_SSH_CLIENTS: Final = 64
#: A client that sends nothing for so many seconds is let go.
IDLE_SECONDS: Final = 600.0
#: Seconds between two looks whether a client that waits for a card is still there.
_SLICE: Final = 1.0
#: The comment of the key, which holds no personal data.
COMMENT: Final = "jpki-auth"


class Journal(Protocol):
    """Tells the person at the agent what happens; every method may be called from any thread."""

    def signed(self, purpose: Purpose) -> None:
        """The card has signed."""
        ...

    def not_signed(self, purpose: Purpose, error: JpkiError) -> None:
        """No signature was given out."""
        ...

    def refused(self, reason: str) -> None:
        """A request was refused before anybody was asked."""
        ...


class SshService:
    """What is offered to the clients of one socket; kept PINs belong to the socket, a no counts for its process."""

    def __init__(
        self,
        cards: Cards,
        signer: Signer,
        journal: Journal,
        *,
        with_forwarded: bool = False,
        wait: float = 0.0,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Start without clients; ``wait``: seconds that a request waits for a card."""
        self.cards = cards
        self.signer = signer
        self.journal = journal
        self.lock = Lock()
        self._with_forwarded = with_forwarded
        self.wait = wait
        self._idle_seconds = idle_seconds

    def serve(self, connection: Connection) -> None:
        """Serve a client until it hangs up or has been silent too long."""
        peer = connection.peer
        asker = ("ssh", peer.pid, peer.started) if peer.started else ("ssh", id(connection))

        def is_served() -> bool:
            """A question ends with the client, and when somebody locks the agent meanwhile."""
            return connection.is_open() and not self.lock.is_locked

        keyring = _ClientKeyring(self, Client(peer, is_served, ("ssh", id(self)), asker))
        session = AgentSession(keyring, with_forwarded=self._with_forwarded)
        while received := connection.receive(self._idle_seconds):
            try:
                for answer in session.feed(received):
                    connection.send(answer)
            except DataError:
                return


class _ClientKeyring:
    """The key as one client uses it; see :class:`jpki.agent.ssh.session.Keyring`."""

    def __init__(self, service: SshService, client: Client) -> None:
        self._service = service
        self._client = client

    @property
    def is_locked(self) -> bool:
        return self._service.lock.is_locked

    def identity(self) -> Identity | None:
        view = self._view()
        try:
            return None if view is None else identity_of(view.auth, COMMENT)
        except JpkiError:
            return None  # not an RSA key

    def _view(self) -> CardView | None:
        """The card that lies there, or comes in time; the certificate was read when it came."""
        cards = self._service.cards
        deadline = monotonic() + self._service.wait
        try:
            while (view := cards.look()) is None:
                left = deadline - monotonic()
                if left <= 0 or not self._client.is_wanted():
                    return None
                cards.await_change(None, min(left, _SLICE))
        except JpkiError:
            return None
        return view if view.auth else None

    def sign(self, request: SignRequest, *, is_forwarded: bool) -> bytes | None:
        journal = self._service.journal
        purpose = purpose_of(request, is_forwarded=is_forwarded)
        try:
            signature = self._sign(request, purpose)
        except JpkiError as exc:
            journal.not_signed(purpose, exc)
            return None
        journal.signed(purpose)
        return signature

    def _sign(self, request: SignRequest, purpose: Purpose) -> bytes:
        require_login_data(request.data)
        view = self._view()
        # Between the reading of the request and this the card may have been exchanged.
        if view is None or identity_of(view.auth, COMMENT).blob != request.key:
            raise CardAbsentError("the card whose key was asked for is away")
        digest = request.digest
        order = SignatureOrder(CertificateKind.AUTH, view.auth, digest, digest.of(request.data))
        try:
            return self._service.signer.sign(self._client, view, order, purpose)
        finally:
            if self.is_locked:  # meanwhile: a PIN that was being sent may have been kept
                self._service.signer.forget_all()

    def lock(self, passphrase: bytes) -> bool:
        is_locked = self._service.lock.lock(passphrase)
        if is_locked:
            self._service.signer.forget_all()
        return is_locked

    def unlock(self, passphrase: bytes) -> bool:
        return self._service.lock.unlock(passphrase)

    def refused(self, reason: str) -> None:
        self._service.journal.refused(reason)


def purpose_of(request: SignRequest, *, is_forwarded: bool = False) -> Purpose:
    """Say what is to be signed, in the words of the data themselves, made fit to be shown."""
    purpose = request.purpose
    if not isinstance(purpose, Login):
        return Purpose(Use.SSH_SIGNATURE, (visible(purpose.namespace),), is_forwarded)
    if purpose.host_key is None:
        return Purpose(Use.SSH_LOGIN, (visible(purpose.user),), is_forwarded)
    return Purpose(Use.SSH_HOST_LOGIN, (visible(purpose.user), purpose.host_key), is_forwarded)
