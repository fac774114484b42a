"""Calls that hash (PKCS #11 v3.0, 5.12), for programs that want it of the token that signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.agent.pkcs11.call_error import CallError
from jpki.agent.pkcs11.constants import Mechanism, Rv
from jpki.agent.pkcs11.program import Calls
from jpki.agent.pkcs11.signature import DigestOperation

if TYPE_CHECKING:
    from jpki.agent.pkcs11.mechanisms import MechanismValue
    from jpki.agent.pkcs11.program import Handler
    from jpki.agent.pkcs11.sessions import Session
    from jpki.agent.pkcs11.wire import Writer


class DigestCalls(Calls):
    """Hashes, which are made here and not by the card."""

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        return {
            "C_DigestInit": self.digest_init,
            "C_DigestUpdate": self.digest_update,
            "C_Digest": self.digest,
            "C_DigestFinal": self.digest_final,
        }

    def digest_init(self, _writer: Writer, handle: int, mechanism: MechanismValue) -> None:
        """C_DigestInit: SHA-256 only."""
        session = self._program.sessions.get(handle)
        if session.digest is not None:
            raise CallError(Rv.OPERATION_ACTIVE)
        if mechanism.type != Mechanism.SHA256:
            raise CallError(Rv.MECHANISM_INVALID)
        session.digest = DigestOperation()

    @staticmethod
    def _hashing(session: Session) -> DigestOperation:
        if session.digest is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        return session.digest

    def digest_update(self, _writer: Writer, handle: int, data: bytes | None) -> None:
        """C_DigestUpdate."""
        self._hashing(self._program.sessions.get(handle)).add(data or b"")

    def digest(self, writer: Writer, handle: int, data: bytes | None, room: int | None) -> None:
        """C_Digest."""
        session = self._program.sessions.get(handle)
        operation = self._hashing(session)
        if room is not None and room >= operation.size:
            operation.add(data or b"")
            session.digest = None
        writer.buffer(operation.result(), room)

    def digest_final(self, writer: Writer, handle: int, room: int | None) -> None:
        """C_DigestFinal."""
        self.digest(writer, handle, None, room)
