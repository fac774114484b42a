"""Calls about sessions and logins (PKCS #11 v3.0, 5.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.agent.pkcs11.call_error import CallError
from jpki.agent.pkcs11.constants import CancelFlag, Rv, SessionState, User
from jpki.agent.pkcs11.program import Calls

if TYPE_CHECKING:
    from jpki.agent.pkcs11.program import Handler
    from jpki.agent.pkcs11.wire import Writer
    from jpki.pin import Secret


class SessionCalls(Calls):
    """Sessions of a program, and its logins."""

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        return {
            "C_OpenSession": self.open_session,
            "C_CloseSession": self.close_session,
            "C_CloseAllSessions": self.close_all_sessions,
            "C_GetSessionInfo": self.get_session_info,
            "C_GetOperationState": self.get_operation_state,
            "C_SessionCancel": self.session_cancel,
            "C_Login": self.login,
            "C_Logout": self.logout,
        }

    def open_session(self, writer: Writer, slot_id: int, flags: int) -> None:
        """C_OpenSession, with the card that lies there."""
        writer.ulong(self._program.sessions.open(self._program.slot(slot_id), flags).handle)

    def close_session(self, _writer: Writer, handle: int) -> None:
        """C_CloseSession; the last one of a slot ends its login."""
        slot = self._program.sessions.get(handle).slot
        if self._program.sessions.close(handle):
            self._program.signer.forget(self._program.client, slot.key)

    def close_all_sessions(self, _writer: Writer, slot_id: int) -> None:
        """C_CloseAllSessions of a slot."""
        slot = self._program.slot(slot_id)
        self._program.sessions.close_all(slot)
        self._program.signer.forget(self._program.client, slot.key)

    def get_session_info(self, writer: Writer, handle: int) -> None:
        """C_GetSessionInfo."""
        session = self._program.sessions.get(handle)
        is_user = self._program.sessions.is_logged_in(session.slot, session.token().view)
        states = {
            (False, False): SessionState.RO_PUBLIC,
            (False, True): SessionState.RO_USER,
            (True, False): SessionState.RW_PUBLIC,
            (True, True): SessionState.RW_USER,
        }
        writer.ulong(session.slot.slot_id).ulong(states[session.is_rw, is_user]).ulong(session.flags).ulong(0)

    def get_operation_state(self, _writer: Writer, handle: int, _room: int | None) -> None:
        """C_GetOperationState, which no operation here has."""
        self._program.sessions.get(handle)
        raise CallError(Rv.STATE_UNSAVEABLE)

    def session_cancel(self, _writer: Writer, handle: int, flags: int) -> None:
        """C_SessionCancel: ends the operations that its flags name."""
        session = self._program.sessions.get(handle)
        if flags & CancelFlag.FIND_OBJECTS:
            session.found = None
        if flags & CancelFlag.SIGN:
            session.operation = None
        if flags & CancelFlag.DIGEST:
            session.digest = None

    def login(self, _writer: Writer, handle: int, user: int, pin: Secret | None) -> None:
        """C_Login, which no token needs; a PIN that comes along is presented at once, or at the next signature."""
        try:
            self._log_in(handle, user, pin)
        finally:
            if pin is not None:
                pin.wipe()

    def _log_in(self, handle: int, user: int, pin: Secret | None) -> None:
        session = self._program.sessions.get(handle)
        token = session.token()
        if user not in (User.USER, User.CONTEXT_SPECIFIC):
            raise CallError(Rv.USER_TYPE_INVALID)
        if user == User.CONTEXT_SPECIFIC and session.operation is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        if user == User.USER and self._program.sessions.is_logged_in(session.slot, token.view):
            raise CallError(Rv.USER_ALREADY_LOGGED_IN)
        if pin is not None and pin.reveal():
            self._program.signer.take_passed_pin(self._program.client, token.view, token.key, pin)
            if not self._program.sessions.has(session):  # closed while the card looked at it: nobody is logged in
                self._program.signer.forget(self._program.client, token.key)
                raise CallError(Rv.SESSION_HANDLE_INVALID)
        if user == User.USER:
            self._program.sessions.log_in(session.slot, token.view)

    def logout(self, _writer: Writer, handle: int) -> None:
        """C_Logout; a PIN that is kept for the program is overwritten."""
        slot = self._program.sessions.get(handle).slot
        self._program.sessions.log_out(slot)
        self._program.signer.forget(self._program.client, slot.key)
