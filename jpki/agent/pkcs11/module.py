"""What one client sees: the functions of PKCS #11, answered from slots, sessions and the signer.

Each takes the arguments of a call as they were read and writes the values of its answer; an error becomes the CK_RV of
:mod:`jpki.agent.pkcs11.faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .call_error import CallError
from .calls import CALLS, UnknownCallError, answer_to, error, read_request
from .constants import Rv
from .faults import rv_of
from .functions import DigestCalls, ObjectCalls, SessionCalls, SignCalls, SlotCalls
from .program import Program
from .tokens import MANUFACTURER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.agent.cards import Cards
    from jpki.agent.signing import Client, Signer

    from .program import Calls, Handler
    from .tokens import Slot
    from .wire import Writer

#: What p11-kit's client says first.
_HANDSHAKE: Final = b"PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1"
_DESCRIPTION: Final = "My Number Card (JPKI)"


class Module:
    """PKCS #11 for one client; several threads may use it, two calls of one session come one after the other."""

    def __init__(
        self, slots: Sequence[Slot], cards: Cards, signer: Signer, client: Client, client_version: int = 0
    ) -> None:
        """Begin before C_Initialize; ``client_version`` is the byte that p11-kit sent first."""
        self._program = Program(slots, cards, signer, client, client_version)
        self._handlers: dict[str, Handler] = {
            "C_Initialize": self._initialize,
            "C_Finalize": self._finalize,
            "C_GetInfo": self._get_info,
            "C_SeedRandom": self._no_random,
            "C_GenerateRandom": self._no_random,
        }
        kinds: tuple[type[Calls], ...] = (SlotCalls, SessionCalls, ObjectCalls, SignCalls, DigestCalls)
        for kind in kinds:
            self._handlers |= kind(self._program).handlers()

    def greet(self, client_version: int) -> None:
        """Take the byte that p11-kit sent first."""
        self._program.client_version = client_version

    def end(self) -> None:
        """Drop what the program held: it is gone, with C_Finalize or without."""
        self._program.end()

    def answer(self, body: bytes | bytearray | None) -> bytes:
        """Answer a body; whatever happens there is an answer."""
        if body is None:
            return error(Rv.HOST_MEMORY)
        program = self._program
        try:
            request = read_request(body)
            if not program.is_initialized and request.call.name != "C_Initialize":
                return error(Rv.CRYPTOKI_NOT_INITIALIZED)
            writer = answer_to(request.number)
            self._handlers[request.call.name](writer, *request.arguments)
            return writer.done()
        except UnknownCallError:
            return error(Rv.FUNCTION_NOT_SUPPORTED)
        except CallError as exc:
            return error(exc.rv)
        except Exception as exc:  # noqa: BLE001 - a client must never see the connection end
            return error(rv_of(exc))
        finally:
            if not program.is_initialized:  # it ended while this call was answered, which may have had a PIN kept
                program.signer.forget(program.client)

    def _initialize(
        self, _writer: Writer, handshake: bytes | None, _has_reserved: int, _reserved: bytes | None
    ) -> None:
        if handshake != _HANDSHAKE:
            raise CallError(Rv.ARGUMENTS_BAD)
        self._program.is_initialized = True

    def _finalize(self, _writer: Writer) -> None:
        self.end()

    def _get_info(self, writer: Writer) -> None:
        writer.version(2, 40).padded(MANUFACTURER, 32).ulong(0).padded(_DESCRIPTION, 32).version(1, 0)

    def _no_random(self, _writer: Writer, handle: int, _other: object) -> None:
        """Random numbers, which the card's generator is not used for."""
        self._program.sessions.get(handle)
        raise CallError(Rv.RANDOM_NO_RNG)


_SLOW: Final = frozenset({"C_Login", "C_Sign", "C_SignFinal", "C_WaitForSlotEvent"})
_SLOW_NUMBERS: Final = frozenset(number for number, call in CALLS.items() if call.name in _SLOW)


def is_slow(body: bytes | bytearray | None) -> bool:
    """Whether a call may wait for a person, so that others must not wait behind it."""
    return body is not None and int.from_bytes(body[:4]) in _SLOW_NUMBERS
