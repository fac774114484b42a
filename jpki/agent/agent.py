"""The agent put together: cards, dialogs, kept PINs and doors, for whoever starts it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from jpki.agent.dialogs import Desk
from jpki.agent.pkcs11 import Service, Slot
from jpki.agent.ssh import MAX_SSH_CLIENTS, SshService
from jpki.errors import JpkiError
from jpki.identifiers import CertificateKind

from .kept import KeptPins
from .peers import parent_of
from .signing import Signer
from .sockets import MAX_CLIENTS, Door, listening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from jpki.agent.dialogs import Dialog, Words
    from jpki.agent.pkcs11 import Labels, SignatureCertificates
    from jpki.agent.ssh import Journal

    from .card_access import CardAccess
    from .cards import Cards
    from .sockets import Serve

#: Slot numbers, which configuration files name: they never change.
USER_SLOT: Final = 1
SIGNATURE_SLOT: Final = 2
#: Seconds between two looks whether the card of a kept PIN is still there.
_LOOK: Final = 1.0
#: Python answers a signal that comes right before a wait begins once that wait is over, so none is without an end.
_LONGEST_WAIT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Faces:
    """What the agent needs of whoever starts it: ways to ask a person, and words."""

    dialogs: Sequence[Dialog]
    words: Words
    labels: Labels


class Agent:
    """A running agent; a context manager, at whose end doors are closed and kept PINs overwritten."""

    def __init__(
        self,
        cards: CardAccess,
        faces: Faces,
        *,
        cache_seconds: float = 0.0,
        confirms: bool = False,
        learned: SignatureCertificates | None = None,
    ) -> None:
        """Open no door yet; ``learned`` are the certificates of the signature token.

        With ``confirms`` each use of a PIN that is kept takes a person's yes.
        """
        self.cards: Cards = cards
        self.kept = KeptPins()
        self.desk = Desk(faces.dialogs, faces.words)
        self.signer = Signer(cards, self.desk, self.kept, cache_seconds=cache_seconds, confirms=confirms)
        self._user_slots = [Slot(USER_SLOT, CertificateKind.AUTH, cards, faces.labels)]
        self._signature_slots = [Slot(SIGNATURE_SLOT, CertificateKind.SIGN, cards, faces.labels, learned)]
        self._stack = ExitStack()
        self._stack.callback(cards.close)
        self._stack.callback(self.kept.end)
        self._is_ended = False

    def open_pkcs11(self, place: Path, *, is_signature: bool = False, for_relays: bool = False) -> None:
        """Open a door for PKCS #11 clients; of a relay's clients the program that runs the relay is the one that asks.

        Raises:
            SocketInUseError: another program listens there.
            UnsafeFolderError: another user could put a socket of his in its place.
            OSError: the socket cannot be made.
        """
        slots = self._signature_slots if is_signature else self._user_slots
        service = Service(slots, self.cards, self.signer, parent_of) if for_relays else None
        self.open_door(place, (service or Service(slots, self.cards, self.signer)).serve)

    def open_ssh(self, place: Path, journal: Journal, *, with_forwarded: bool = False, wait: float = 0.0) -> None:
        """Open a door for SSH clients; ``wait``: seconds that a request waits for its card. Raises as above."""
        service = SshService(self.cards, self.signer, journal, with_forwarded=with_forwarded, wait=wait)
        self.open_door(place, service.serve, max_clients=MAX_SSH_CLIENTS, ends_idle=True)

    def open_door(self, place: Path, serve: Serve, *, max_clients: int = MAX_CLIENTS, ends_idle: bool = False) -> None:
        """Open a door for any kind of client; raises as :meth:`open_pkcs11`."""
        listener = self._stack.enter_context(listening(place))
        door = Door(listener, serve, max_clients=max_clients, ends_idle=ends_idle)
        door.start()
        self._stack.callback(door.close)

    def run(self) -> None:
        """Wait for :meth:`end`, and meanwhile overwrite kept PINs when their time is over or their card goes away."""
        while not self._is_ended:
            left = self.kept.wipe_old()
            if left is None:
                if self.kept.has_new.wait(_LONGEST_WAIT):
                    self.kept.has_new.clear()
            elif self._has_card_gone(min(left, _LOOK)):
                self.kept.wipe_all()

    def _has_card_gone(self, seconds: float) -> bool:
        """Whether the card of what is kept is not there, or goes within so many seconds."""
        try:
            view = self.cards.look()
            return view is None or not self.kept.are_all_of(view.fingerprint) or self.cards.await_change(view, seconds)
        except JpkiError:
            return True

    def end(self) -> None:
        """Make :meth:`run` return; may be called from any thread."""
        self._is_ended = True
        self.kept.has_new.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()
