"""The functions of PC/SC, with bytes instead of lists and errors instead of return codes.

They block as PC/SC does. pyscard's module is handed in, so that this file needs no PC/SC to be imported. Only its
low-level functions are used: its classes know two unrelated families of exceptions, reset the card of other programs
when they close, and hide blocking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.errors import AnswerLostError, PermissionDeniedError, ServiceStoppedError, TransportError
from jpki.outside_text import OutsideText, as_it_came

from .pcsc_errors import (
    CLOSED_BY_PCSCD,
    E_NO_READERS_AVAILABLE,
    MASK,
    SERVICE_UNREACHABLE,
    Stage,
    pcsc_error,
    symbol_of,
)
from .pcsc_host import has_pcscd, service_error

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSUPPORTED: Final = "SCARD_E_UNSUPPORTED_FEATURE"


class PcscCalls:
    """One method for one PC/SC function; each raises TransportError, and nothing else of its own."""

    def __init__(self, scard: Any) -> None:
        """Wrap the module ``smartcard.scard``, which has no types."""
        self._scard = scard
        self._was_reached = False
        # One symbol, two numbers: 0x8010001F in pcsc-lite, where it is also SCARD_E_UNEXPECTED, 0x80100022 on Windows.
        self._unsupported = scard.SCARD_E_UNSUPPORTED_FEATURE & MASK

    # The service

    def can_ask(self, reader: str) -> bool:
        """Whether the state of a reader of this name can be asked for: pyscard takes ASCII names only.

        A reader that has another name can still be opened, but on Windows, where :mod:`jpki.transport.pcsc_wide` helps.
        """
        return as_it_came(reader).isascii() or bool(getattr(self._scard, "takes_any_name", False))

    def establish(self) -> int:
        """Connect to the service and return the context."""
        context: int = self._call(Stage.SERVICE, "SCardEstablishContext", self._scard.SCARD_SCOPE_USER)[1]
        self._was_reached = True
        return context

    def release(self, context: int) -> None:
        """Release a context."""
        self._call(Stage.SERVICE, "SCardReleaseContext", context)

    def list_readers(self, context: int) -> tuple[OutsideText, ...]:
        """Names of the readers; having none is not an error here."""
        try:
            return tuple(map(OutsideText, self._call(Stage.SERVICE, "SCardListReaders", context, [])[1]))
        except TransportError as exc:
            if exc.pcsc_code == E_NO_READERS_AVAILABLE:
                return ()
            raise

    def reader_events(
        self, context: int, readers: Sequence[tuple[str, int]], *, timeout: float = 0.0
    ) -> list[tuple[OutsideText, int, bytes]]:
        """Wait until a reader's state is not the given one (0: unknown, answer at once); name, new state and ATR.

        Raises:
            CardTimeoutError: no state changed within ``timeout`` seconds.
        """
        known = [(as_it_came(name), event_state) for name, event_state in readers]
        states = self._call(Stage.SERVICE, "SCardGetStatusChange", context, round(timeout * 1000), known)[1]
        return [(OutsideText(name), event_state, bytes(atr)) for name, event_state, atr in states]

    # The card

    def connect(self, context: int, reader: str, *, is_exclusive: bool = False) -> tuple[int, int]:
        """Open the card in T=0 or T=1, whichever it has, for shared use or for this program alone.

        Returns the handle and the protocol (PC/SC's bit).
        """
        scard = self._scard
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        mode = scard.SCARD_SHARE_EXCLUSIVE if is_exclusive else scard.SCARD_SHARE_SHARED
        try:
            answer = self._call(Stage.CONNECT, "SCardConnect", context, as_it_came(reader), mode, protocols)
        except ServiceStoppedError as exc:
            self._raise_if_refused(exc)
            raise
        return answer[1], answer[2]

    def _raise_if_refused(self, exc: ServiceStoppedError) -> None:
        """Tell a pcscd that keeps this user from cards (polkit's action access_card) from one that has ended.

        Both close the connection; only the first takes a new one.
        """
        if not has_pcscd() or exc.pcsc_code not in CLOSED_BY_PCSCD:
            return
        try:
            self.release(self.establish())
        except TransportError:
            return
        raise PermissionDeniedError("pcscd keeps this user from cards (SCardConnect)", pcsc_code=exc.pcsc_code) from exc

    def reconnect(self, card: int) -> int:
        """Take note that the card was reset, without resetting it again; the protocol."""
        scard = self._scard
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        mode, leave = scard.SCARD_SHARE_SHARED, scard.SCARD_LEAVE_CARD
        protocol: int = self._call(Stage.USE, "SCardReconnect", card, mode, protocols, leave)[1]
        return protocol

    def restart(self, card: int, *, is_cold: bool) -> int:
        """Reset a card that is held exclusively, or cut its power and supply it again; the protocol."""
        scard = self._scard
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        mode = scard.SCARD_SHARE_EXCLUSIVE
        how = scard.SCARD_UNPOWER_CARD if is_cold else scard.SCARD_RESET_CARD
        protocol: int = self._call(Stage.USE, "SCardReconnect", card, mode, protocols, how)[1]
        return protocol

    def begin(self, card: int) -> None:
        """Begin a transaction; blocks while another program is in one."""
        self._call(Stage.USE, "SCardBeginTransaction", card)

    def end(self, card: int) -> None:
        """End the transaction and leave the card as it is."""
        self._call(Stage.USE, "SCardEndTransaction", card, self._scard.SCARD_LEAVE_CARD)

    def transmit(self, card: int, protocol: int, command: list[int]) -> bytes:
        """Send one APDU, once. One byte is an answer too, and handed up as it is.

        Raises:
            AnswerLostError: the exchange failed, or "succeeded" without an answer (a card that was pulled).
        """
        scard = self._scard
        pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        answer = self._call(Stage.USE, "SCardTransmit", card, pci, command)[1]
        if not answer:
            raise AnswerLostError("the card gave no answer (SCardTransmit)")
        return bytes(answer)

    def control(self, card: int, code: int, data: list[int]) -> bytes:
        """Send data to the reader itself, and return what it answers."""
        return bytes(self._call(Stage.USE, "SCardControl", card, code, data)[1])

    def disconnect(self, card: int, *, unpower: bool) -> None:
        """Close the card: leave it as it is, or cut its power."""
        disposition = self._scard.SCARD_UNPOWER_CARD if unpower else self._scard.SCARD_LEAVE_CARD
        self._call(Stage.USE, "SCardDisconnect", card, disposition)

    def is_t0(self, protocol: int) -> bool:
        """Whether PC/SC's protocol bit means T=0."""
        return bool(protocol == self._scard.SCARD_PROTOCOL_T0)

    def _call(self, stage: Stage, function: str, *arguments: object) -> list[Any]:
        """Answer of a function, return code first; nothing of it may be used but after success.

        On failure pyscard fills the answer with 64 KiB of whatever was in the memory of this process.
        """
        try:
            answer = getattr(self._scard, function)(*arguments)
        except Exception as exc:  # pyscard's errors have nothing else in common
            raise self._raised(stage, function, exc) from exc
        # Functions without a result return the code alone. Windows codes are negative numbers.
        values: list[Any] = answer if isinstance(answer, list) else [answer]
        code = values[0] & MASK
        if code:
            raise self._error(stage, function, code)
        return values

    def _raised(self, stage: Stage, function: str, exc: Exception) -> TransportError:
        """Turn an exception of pyscard into one of ours.

        ``smartcard.scard.error``, both families of its classes (which carry ``hresult``, 0 or -1 where there is none)
        and what its C code raises: SystemError, TypeError, UnicodeError. None of them holds the bytes of a command.
        """
        hresult = getattr(exc, "hresult", None)
        if isinstance(hresult, int) and hresult not in {0, -1}:
            return self._error(stage, function, hresult & MASK)
        return TransportError(f"pyscard cannot carry out {function} ({type(exc).__name__})")

    def _error(self, stage: Stage, function: str, code: int) -> TransportError:
        is_unreachable = code in SERVICE_UNREACHABLE or (code in CLOSED_BY_PCSCD and has_pcscd())
        if is_unreachable and stage is not Stage.USE:
            error = service_error(code, was_reached=self._was_reached)
        else:
            is_unsupported = code == self._unsupported and (function == "SCardControl" or not symbol_of(code))
            error = pcsc_error(function, code, stage, symbol=_UNSUPPORTED if is_unsupported else "")
        if isinstance(error, ServiceStoppedError):
            error.has_ended = self._was_reached
        return error
