"""What one program holds: PKCS #11's application, with its sessions and logins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from .call_error import CallError
from .constants import Rv
from .sessions import SessionTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jpki.agent.cards import Cards
    from jpki.agent.signing import Client, Signer

    from .tokens import Slot, Token

    #: Takes the arguments of a call as they were read, behind the writer of its answer.
    Handler: TypeAlias = Callable[..., None]

#: Programs that take every certificate for a key to log in with, CA certificates too.
_SSH_PROGRAMS: Final = ("ssh", "ssh-add", "ssh-agent", "ssh-keygen", "ssh-pkcs11-helper")


class Program:
    """A client between C_Initialize and C_Finalize, and before and after; several of its threads may call at once."""

    def __init__(
        self, slots: Sequence[Slot], cards: Cards, signer: Signer, client: Client, client_version: int = 0
    ) -> None:
        """Begin before C_Initialize; ``client_version`` is the byte that p11-kit sent first."""
        self.slots = {slot.slot_id: slot for slot in slots}
        self.cards = cards
        self.signer = signer
        self.client = client
        self.client_version = client_version
        self.sessions = SessionTable()
        self.is_initialized = False
        self.hides_ca = client.peer.name in _SSH_PROGRAMS

    def end(self) -> None:
        """Drop sessions, logins and the PIN that is kept for the program: it is gone, with C_Finalize or without."""
        self.sessions = SessionTable()
        self.is_initialized = False
        self.signer.forget(self.client)

    def slot(self, slot_id: int) -> Slot:
        """The slot of a number.

        Raises:
            CallError: there is none.
        """
        slot = self.slots.get(slot_id)
        if slot is None:
            raise CallError(Rv.SLOT_ID_INVALID)
        return slot

    def token(self, slot_id: int) -> Token:
        """What lies in the slot of a number.

        Raises:
            CallError: there is no such slot, or no card.
        """
        token = self.slot(slot_id).token()
        if token is None:
            raise CallError(Rv.TOKEN_NOT_PRESENT)
        return token


class Calls:
    """Answers calls of one kind for one program."""

    def __init__(self, program: Program) -> None:
        """Answer this program."""
        self._program = program

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        raise NotImplementedError
