"""Sessions of one client: which slot each belongs to, the search and the signature that are under way in it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import CardAbsentError

from .call_error import CallError
from .constants import Rv, SessionFlag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.agent.cards import CardView

    from .signature import DigestOperation, SignOperation
    from .tokens import Slot, Token

#: No program opens so many.
MAX_SESSIONS: Final = 1024


@dataclass(slots=True)
class Session:
    """A session with the card that lay in the slot when it was opened.

    ``found`` are the handles that a search has still to give, None where no search is under way.
    """

    handle: int
    slot: Slot
    flags: int
    fingerprint: bytes | None
    found: list[int] | None = None
    operation: SignOperation | None = None
    digest: DigestOperation | None = None

    @property
    def is_rw(self) -> bool:
        """Whether it was opened for writing, which only its state shows."""
        return bool(self.flags & SessionFlag.RW_SESSION)

    def token(self) -> Token:
        """Return the token, which has to be that of the same card.

        Raises:
            CardAbsentError: the card is away, or another one lies there.
        """
        token = self.slot.token()
        if token is None or token.view.fingerprint != self.fingerprint:
            raise CardAbsentError("the card of this session is away")
        return token


class SessionTable:
    """The sessions of one client."""

    def __init__(self) -> None:
        """Begin with none."""
        self._sessions: dict[int, Session] = {}
        self._last = 0
        self._lock = threading.Lock()
        self._logins: dict[int, CardView] = {}

    def open(self, slot: Slot, flags: int) -> Session:
        """Open a session with the card that is in a slot.

        Raises:
            CallError: it is not to be serial, no card is there, or there are too many.
        """
        if not flags & SessionFlag.SERIAL_SESSION:
            raise CallError(Rv.SESSION_PARALLEL_NOT_SUPPORTED)
        token = slot.token()
        if token is None:
            raise CallError(Rv.TOKEN_NOT_PRESENT)
        with self._lock:
            if len(self._sessions) >= MAX_SESSIONS:
                raise CallError(Rv.SESSION_COUNT)
            self._last += 1
            session = Session(self._last, slot, flags, token.view.fingerprint)
            self._sessions[session.handle] = session
            return session

    def get(self, handle: int) -> Session:
        """The open session of a handle.

        Raises:
            CallError: no session has this handle.
        """
        session = self._sessions.get(handle)
        if session is None:
            raise CallError(Rv.SESSION_HANDLE_INVALID)
        return session

    def has(self, session: Session) -> bool:
        """Whether a session is open still."""
        return self._sessions.get(session.handle) is session

    def close(self, handle: int) -> bool:
        """End a session; tells whether it was the last one with its slot, whose login ends with it."""
        session = self.get(handle)
        with self._lock:
            self._sessions.pop(handle, None)
        return self._end_login(session.slot)

    def close_all(self, slot: Slot) -> bool:
        """End all sessions with a slot; tells whether a login ended."""
        with self._lock:
            for session in self.of(slot):
                self._sessions.pop(session.handle, None)
        return self._end_login(slot)

    def _end_login(self, slot: Slot) -> bool:
        if any(self.of(slot)):
            return False
        self._logins.pop(slot.slot_id, None)
        return True

    def of(self, slot: Slot) -> Iterator[Session]:
        """Give the sessions with a slot."""
        return iter([session for session in self._sessions.values() if session.slot is slot])

    def count(self, slot: Slot) -> tuple[int, int]:
        """Count the sessions with a slot, and those of them that were opened for writing."""
        sessions = list(self.of(slot))
        return len(sessions), sum(session.is_rw for session in sessions)

    # Logins, which belong to the program and not to a session

    def is_logged_in(self, slot: Slot, view: CardView) -> bool:
        """Whether the program has logged in since this card was put there: a card that is taken away ends a login."""
        return self._logins.get(slot.slot_id) is view

    def log_in(self, slot: Slot, view: CardView) -> None:
        """Note that the program has logged in."""
        self._logins[slot.slot_id] = view

    def log_out(self, slot: Slot) -> None:
        """Note that the program has logged out."""
        self._logins.pop(slot.slot_id, None)
