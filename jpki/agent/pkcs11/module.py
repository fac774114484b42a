"""What one client sees: the functions of PKCS #11, answered from slots, sessions and the signer.

Each method takes the arguments of a call as they were read and writes the values of its answer; an error becomes the
CK_RV of :mod:`jpki.agent.pkcs11.faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jpki.agent.dialogs import Purpose, Use
from jpki.errors import JpkiError
from jpki.identifiers import CertificateKind

from .attributes import MAX_ATTRIBUTES, matches, write_values
from .call_error import CallError
from .calls import CALLS, UnknownCallError, answer_to, error, read_request
from .constants import (
    DIGESTS,
    DONT_BLOCK,
    SIGNS,
    Attribute,
    CancelFlag,
    Mechanism,
    ObjectClass,
    Rv,
    SessionState,
    User,
)
from .faults import rv_of
from .mechanisms import offered, scheme_of
from .sessions import SessionTable
from .signature import SIGNATURE_BYTES, DigestOperation, SignOperation
from .tokens import MANUFACTURER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jpki.agent.cards import Cards, CardView
    from jpki.agent.signing import Client, Signer
    from jpki.pin import Secret

    from .attributes import TemplateItem, Wanted
    from .mechanisms import MechanismValue
    from .sessions import Session
    from .tokens import Slot, Token
    from .wire import Writer

#: What p11-kit's client says first.
_HANDSHAKE: Final = b"PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1"
_KEY_BITS: Final = 2048
_DESCRIPTION: Final = "My Number Card (JPKI)"
_PURPOSES: Final = {
    CertificateKind.AUTH: Purpose(Use.LOGIN_KEY),
    CertificateKind.SIGN: Purpose(Use.SIGNATURE_KEY),
}
#: Programs that take every certificate for a key to log in with, CA certificates too.
_SSH_PROGRAMS: Final = ("ssh", "ssh-add", "ssh-agent", "ssh-keygen", "ssh-pkcs11-helper")
#: Seconds between two looks whether a client that waits for a card is still there.
_WAIT_SLICE: Final = 1.0


class Module:
    """PKCS #11 for one client; several threads may use it, two calls of one session come one after the other."""

    def __init__(
        self, slots: Sequence[Slot], cards: Cards, signer: Signer, client: Client, client_version: int = 0
    ) -> None:
        """Begin before C_Initialize; ``client_version`` is the byte that p11-kit sent first."""
        self._slots = {slot.slot_id: slot for slot in slots}
        self._cards = cards
        self._signer = signer
        self._client = client
        self.client_version = client_version
        self._sessions = SessionTable()
        self._is_initialized = False
        self._seen: CardView | None = None
        self._hides_ca = client.peer.name in _SSH_PROGRAMS

    def end(self) -> None:
        """Drop sessions, logins and the PIN that is kept for the program: it is gone, with C_Finalize or without."""
        self._sessions = SessionTable()
        self._is_initialized = False
        self._signer.forget(self._client)

    def answer(self, body: bytes | bytearray | None) -> bytes:
        """Answer a body; whatever happens there is an answer."""
        if body is None:
            return error(Rv.HOST_MEMORY)
        try:
            request = read_request(body)
            if not self._is_initialized and request.call.name != "C_Initialize":
                return error(Rv.CRYPTOKI_NOT_INITIALIZED)
            writer = answer_to(request.number)
            self._HANDLERS[request.call.name](self, writer, *request.arguments)
            return writer.done()
        except UnknownCallError:
            return error(Rv.FUNCTION_NOT_SUPPORTED)
        except CallError as exc:
            return error(exc.rv)
        except Exception as exc:  # noqa: BLE001 - a client must never see the connection end
            return error(rv_of(exc))
        finally:
            if not self._is_initialized:  # it ended while this call was answered, which may have had a PIN kept
                self._signer.forget(self._client)

    # The library

    def _initialize(
        self, _writer: Writer, handshake: bytes | None, _has_reserved: int, _reserved: bytes | None
    ) -> None:
        if handshake != _HANDSHAKE:
            raise CallError(Rv.ARGUMENTS_BAD)
        self._is_initialized = True

    def _finalize(self, _writer: Writer) -> None:
        self.end()

    def _get_info(self, writer: Writer) -> None:
        writer.version(2, 40).padded(MANUFACTURER, 32).ulong(0).padded(_DESCRIPTION, 32).version(1, 0)

    # Slots

    def _slot(self, slot_id: int) -> Slot:
        slot = self._slots.get(slot_id)
        if slot is None:
            raise CallError(Rv.SLOT_ID_INVALID)
        return slot

    def _token(self, slot_id: int) -> Token:
        token = self._slot(slot_id).token()
        if token is None:
            raise CallError(Rv.TOKEN_NOT_PRESENT)
        return token

    def _get_slot_list(self, writer: Writer, with_token: int, room: int | None) -> None:
        found = [number for number, slot in self._slots.items() if not with_token or slot.token()]
        self._seen = self._look()
        writer.ulongs(found, room)

    def _look(self) -> CardView | None:
        try:
            return self._cards.look()
        except JpkiError:
            return None

    def _get_slot_info(self, writer: Writer, slot_id: int) -> None:
        self._slot(slot_id).write_slot_info(writer)

    def _get_token_info(self, writer: Writer, slot_id: int) -> None:
        slot = self._slot(slot_id)
        slot.write_token_info(writer, self._token(slot_id), self._sessions.count(slot))

    def _get_mechanism_list(self, writer: Writer, slot_id: int, room: int | None) -> None:
        self._token(slot_id)
        writer.ulongs(offered(self.client_version), room)

    def _get_mechanism_info(self, writer: Writer, slot_id: int, mechanism: int) -> None:
        self._slot(slot_id)
        if mechanism not in offered(self.client_version):
            raise CallError(Rv.MECHANISM_INVALID)
        if mechanism == Mechanism.SHA256:
            writer.ulong(0).ulong(0).ulong(DIGESTS)
        else:
            writer.ulong(_KEY_BITS).ulong(_KEY_BITS).ulong(SIGNS)

    def _wait_for_slot_event(self, writer: Writer, flags: int) -> None:
        while (view := self._look()) is self._seen:
            if flags & DONT_BLOCK:
                raise CallError(Rv.NO_EVENT)
            self._cards.await_change(view, _WAIT_SLICE)
            if not self._client.is_wanted() or not self._is_initialized:
                raise CallError(Rv.CRYPTOKI_NOT_INITIALIZED)
        self._seen = view
        writer.ulong(next(iter(self._slots)))

    # Sessions

    def _open_session(self, writer: Writer, slot_id: int, flags: int) -> None:
        writer.ulong(self._sessions.open(self._slot(slot_id), flags).handle)

    def _close_session(self, _writer: Writer, handle: int) -> None:
        slot = self._sessions.get(handle).slot
        if self._sessions.close(handle):
            self._signer.forget(self._client, slot.key)

    def _close_all_sessions(self, _writer: Writer, slot_id: int) -> None:
        slot = self._slot(slot_id)
        self._sessions.close_all(slot)
        self._signer.forget(self._client, slot.key)

    def _get_session_info(self, writer: Writer, handle: int) -> None:
        session = self._sessions.get(handle)
        session.token()
        is_user = self._sessions.is_logged_in(session.slot)
        states = {
            (False, False): SessionState.RO_PUBLIC,
            (False, True): SessionState.RO_USER,
            (True, False): SessionState.RW_PUBLIC,
            (True, True): SessionState.RW_USER,
        }
        writer.ulong(session.slot.slot_id).ulong(states[session.is_rw, is_user]).ulong(session.flags).ulong(0)

    def _get_operation_state(self, _writer: Writer, handle: int, _room: int | None) -> None:
        self._sessions.get(handle)
        raise CallError(Rv.STATE_UNSAVEABLE)

    def _session_cancel(self, _writer: Writer, handle: int, flags: int) -> None:
        session = self._sessions.get(handle)
        if flags & CancelFlag.FIND_OBJECTS:
            session.found = None
        if flags & CancelFlag.SIGN:
            session.operation = None
        if flags & CancelFlag.DIGEST:
            session.digest = None

    # Logging in, which no token needs

    def _login(self, _writer: Writer, handle: int, user: int, pin: Secret | None) -> None:
        session = self._sessions.get(handle)
        token = session.token()
        if user not in (User.USER, User.CONTEXT_SPECIFIC):
            raise CallError(Rv.USER_TYPE_INVALID)
        if user == User.CONTEXT_SPECIFIC and session.operation is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        if user == User.USER and self._sessions.is_logged_in(session.slot):
            raise CallError(Rv.USER_ALREADY_LOGGED_IN)
        if pin is not None and pin.reveal():
            self._signer.take_passed_pin(self._client, token.view, token.key, pin)
        if user == User.USER:
            self._sessions.set_login(session.slot, is_logged_in=True)

    def _logout(self, _writer: Writer, handle: int) -> None:
        slot = self._sessions.get(handle).slot
        self._sessions.set_login(slot, is_logged_in=False)
        self._signer.forget(self._client, slot.key)

    # Objects

    def _objects(self, token: Token) -> list[int]:
        return [handle for handle, found in token.objects.items() if not (found.is_ca and self._hides_ca)]

    def _find_objects_init(self, _writer: Writer, handle: int, template: list[TemplateItem]) -> None:
        session = self._sessions.get(handle)
        if session.found is not None:
            raise CallError(Rv.OPERATION_ACTIVE)
        token = session.token()
        session.found = [
            number for number in self._objects(token) if matches(token.objects[number].attributes, template)
        ]

    def _find_objects(self, writer: Writer, handle: int, room: int | None) -> None:
        session = self._sessions.get(handle)
        if session.found is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        given = min(room or 0, len(session.found))
        writer.ulongs(session.found[:given], given)
        del session.found[:given]

    def _find_objects_final(self, _writer: Writer, handle: int) -> None:
        session = self._sessions.get(handle)
        if session.found is None:
            raise CallError(Rv.OPERATION_NOT_INITIALIZED)
        session.found = None

    def _get_attribute_value(self, writer: Writer, handle: int, number: int, wanted: list[Wanted]) -> None:
        token = self._sessions.get(handle).token()
        found = token.objects.get(number)
        if found is None or (found.is_ca and self._hides_ca):
            raise CallError(Rv.OBJECT_HANDLE_INVALID)
        if len(wanted) > MAX_ATTRIBUTES:
            raise CallError(Rv.ARGUMENTS_BAD)
        write_values(writer, found.attributes, wanted)

    # Signing

    def _sign_init(self, _writer: Writer, handle: int, mechanism: MechanismValue, key: int) -> None:
        session = self._sessions.get(handle)
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

    def _sign_update(self, _writer: Writer, handle: int, data: bytes | None) -> None:
        session = self._sessions.get(handle)
        operation = self._operation(session)
        operation.is_in_parts = True
        try:
            operation.add(data or b"")
        except CallError:
            session.operation = None  # as PKCS #11 has it: the program begins again with C_SignInit
            raise

    def _sign(self, writer: Writer, handle: int, data: bytes | None, room: int | None) -> None:
        session = self._sessions.get(handle)
        if self._operation(session).is_in_parts:
            raise CallError(Rv.OPERATION_ACTIVE)
        self._finish(session, writer, data or b"", room)

    def _sign_final(self, writer: Writer, handle: int, room: int | None) -> None:
        session = self._sessions.get(handle)
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
        if not session.lock.acquire(blocking=False):
            raise CallError(Rv.OPERATION_ACTIVE)
        try:
            operation = self._operation(session)
            token = session.token()
            operation.add(data)
            order = operation.order()
            signature = self._signer.sign(self._client, token.view, order, _PURPOSES[token.key])
        finally:
            session.operation = None
            session.lock.release()
        writer.buffer(signature, room)

    # Hashing

    def _digest_init(self, _writer: Writer, handle: int, mechanism: MechanismValue) -> None:
        session = self._sessions.get(handle)
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

    def _digest_update(self, _writer: Writer, handle: int, data: bytes | None) -> None:
        self._hashing(self._sessions.get(handle)).add(data or b"")

    def _digest(self, writer: Writer, handle: int, data: bytes | None, room: int | None) -> None:
        session = self._sessions.get(handle)
        operation = self._hashing(session)
        if room is not None and room >= operation.size:
            operation.add(data or b"")
            session.digest = None
        writer.buffer(operation.result(), room)

    def _digest_final(self, writer: Writer, handle: int, room: int | None) -> None:
        self._digest(writer, handle, None, room)

    # Random numbers, which the card's generator is not used for

    def _no_random(self, _writer: Writer, handle: int, _other: object) -> None:
        self._sessions.get(handle)
        raise CallError(Rv.RANDOM_NO_RNG)

    # By the names of the calls; looked up once a body has been read.
    _HANDLERS: ClassVar[dict[str, Callable[..., None]]] = {
        "C_Initialize": _initialize,
        "C_Finalize": _finalize,
        "C_GetInfo": _get_info,
        "C_GetSlotList": _get_slot_list,
        "C_GetSlotInfo": _get_slot_info,
        "C_GetTokenInfo": _get_token_info,
        "C_GetMechanismList": _get_mechanism_list,
        "C_GetMechanismInfo": _get_mechanism_info,
        "C_OpenSession": _open_session,
        "C_CloseSession": _close_session,
        "C_CloseAllSessions": _close_all_sessions,
        "C_GetSessionInfo": _get_session_info,
        "C_GetOperationState": _get_operation_state,
        "C_Login": _login,
        "C_Logout": _logout,
        "C_GetAttributeValue": _get_attribute_value,
        "C_FindObjectsInit": _find_objects_init,
        "C_FindObjects": _find_objects,
        "C_FindObjectsFinal": _find_objects_final,
        "C_DigestInit": _digest_init,
        "C_Digest": _digest,
        "C_DigestUpdate": _digest_update,
        "C_DigestFinal": _digest_final,
        "C_SignInit": _sign_init,
        "C_Sign": _sign,
        "C_SignUpdate": _sign_update,
        "C_SignFinal": _sign_final,
        "C_SeedRandom": _no_random,
        "C_GenerateRandom": _no_random,
        "C_WaitForSlotEvent": _wait_for_slot_event,
        "C_SessionCancel": _session_cancel,
    }


_SLOW: Final = frozenset({"C_Login", "C_Sign", "C_SignFinal", "C_WaitForSlotEvent"})
_SLOW_NUMBERS: Final = frozenset(number for number, call in CALLS.items() if call.name in _SLOW)


def is_slow(body: bytes | bytearray | None) -> bool:
    """Whether a call may wait for a person, so that others must not wait behind it."""
    return body is not None and int.from_bytes(body[:4]) in _SLOW_NUMBERS
