"""Calls that sign (PKCS #11 v3.0, 5.13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.agent.dialogs import Purpose, Use
from jpki.agent.pkcs11.call_error import CallError
from jpki.agent.pkcs11.constants import Attribute, ObjectClass, Rv
from jpki.agent.pkcs11.mechanisms import scheme_of
from jpki.agent.pkcs11.program import Calls
from jpki.agent.pkcs11.signature import SIGNATURE_BYTES, SignOperation
from jpki.identifiers import CertificateKind

if TYPE_CHECKING:
    from jpki.agent.pkcs11.mechanisms import MechanismValue
    from jpki.agent.pkcs11.program import Handler
    from jpki.agent.pkcs11.sessions import Session
    from jpki.agent.pkcs11.wire import Writer
    from jpki.agent.signing import Client

_PURPOSES: Final = {
    CertificateKind.AUTH: Purpose(Use.LOGIN_KEY),
    CertificateKind.SIGN: Purpose(Use.SIGNATURE_KEY),
}


class SignCalls(Calls):
    """Signatures, at once or in parts; one of them asks a person."""

    def handlers(self) -> dict[str, Handler]:
        """By the names of the calls."""
        return {
            "C_SignInit": self.sign_init,
            "C_SignUpdate": self.sign_update,
            "C_Sign": self.sign,
            "C_SignFinal": self.sign_final,
        }

    def sign_init(self, _writer: Writer, handle: int, mechanism: MechanismValue, key: int) -> None:
        """C_SignInit."""
        session = self._program.sessions.get(handle)
        token = session.token()
        if session.operation is not None:
            raise CallError(Rv.OPERATION_ACTIVE)
        found = token.objects.get(key)
        if found is None:
            raise CallError(Rv.KEY_HANDLE_INVALID)
        if found.attributes.get(Attribute.CLASS) != ObjectClass.PRIVATE_KEY:
            raise CallError(Rv.KEY_FUNCTION_NOT_PERMITTED)
        scheme = scheme_of(mechanism)
        if isinstance(scheme, Rv):
            raise CallError(scheme)
        session.operation = SignOperation(token.key, token.certificate, scheme)

    def sign_update(self, _writer: Writer, handle: int, data: bytes | None) -> None:
        """C_SignUpdate."""
        session = self._program.sessions.get(handle)
        operation = self._operation(session)
        operation.is_in_parts = True
        try:
            operation.add(data or b"")
        except CallError:
            session.operation = None  # as PKCS #11 has it: the program begins again with C_SignInit
            raise

    def sign(self, writer: Writer, handle: int, data: bytes | None, room: int | None) -> None:
        """C_Sign."""
        session = self._program.sessions.get(handle)
        if self._operation(session).is_in_parts:
            raise CallError(Rv.OPERATION_ACTIVE)
        self._finish(session, writer, data or b"", room)

    def sign_final(self, writer: Writer, handle: int, room: int | None) -> None:
        """C_SignFinal."""
        session = self._program.sessions.get(handle)
        self._operation(session).is_in_parts = True
        self._finish(session, writer, b"", room)

    @staticmethod
    def _operation(session: Session) -> SignOperation:
        if session.operation is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        return session.operation

    def _finish(self, session: Session, writer: Writer, data: bytes, room: int | None) -> None:
        """Sign, unless the caller only wants to know the size or its buffer is too small: then no PIN is asked for."""
        if room is None or room < SIGNATURE_BYTES:
            writer.buffer(bytes(SIGNATURE_BYTES), None)
            return
        operation = self._operation(session)
        if not operation.claim():
            raise CallError(Rv.OPERATION_ACTIVE)
        try:
            token = session.token()
            operation.add(data)
            order, client = operation.order(), self._client(session, operation)
            signature = self._program.signer.sign(client, token.view, order, _PURPOSES[token.key])
            if not client.is_connected():  # taken back while the card signed: what ended then kept nothing
                self._program.signer.forget(client, token.key)
        finally:
            if session.operation is operation:  # else the program has ended it, and may have begun another
                session.operation = None
        writer.buffer(signature, room)

    def _client(self, session: Session, operation: SignOperation) -> Client:
        """The program as long as it wants this signature: nobody types a PIN for a session that was closed."""
        client = self._program.client

        def is_connected() -> bool:
            return client.is_connected() and session.operation is operation and self._program.sessions.has(session)

        return replace(client, is_connected=is_connected)
