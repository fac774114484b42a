"""What a PC/SC return code means, as an error of this library.

The same code means different things at different moments: a card that is not there is "no card" before it was opened
and "card removed" while it is in use. Codes are unsigned 32-bit numbers here; Windows gives them out as negative ones.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.errors import (
    AnswerLostError,
    CardMuteError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    NoCardError,
    NoReaderError,
    PermissionDeniedError,
    ReaderBusyError,
    ServiceStoppedError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK: Final = 0xFFFFFFFF

WIN32_INVALID_HANDLE: Final = 0x6
E_INVALID_HANDLE: Final = 0x80100003
E_UNKNOWN_READER: Final = 0x80100009
E_SHARING_VIOLATION: Final = 0x8010000B
E_SYSTEM_CANCELLED: Final = 0x80100012
F_COMM_ERROR: Final = 0x80100013
E_NO_SERVICE: Final = 0x8010001D
E_SERVICE_STOPPED: Final = 0x8010001E
E_NO_READERS_AVAILABLE: Final = 0x8010002E
W_SECURITY_VIOLATION: Final = 0x8010006A

#: A context that has worked answers with one of these after the service was restarted, or after Windows stopped it
#: because the last reader was unplugged: a fresh context can work.
STALE_CONTEXT: Final = frozenset(
    {
        WIN32_INVALID_HANDLE,
        E_INVALID_HANDLE,
        E_SYSTEM_CANCELLED,
        F_COMM_ERROR,
        E_NO_SERVICE,
        E_SERVICE_STOPPED,
        W_SECURITY_VIOLATION,
    }
)
#: The service cannot be reached; which of the reasons it is shows only by a look at the host (pcsc_host.py).
SERVICE_UNREACHABLE: Final = frozenset({F_COMM_ERROR, E_NO_SERVICE, E_SERVICE_STOPPED})
#: pcsc-lite's words for a connection that pcscd closed: it refuses the user (polkit), or it has ended. The second word
#: is what the client makes of ECONNRESET, which comes when pcscd had not read what was sent (src/winscard_msg.c).
CLOSED_BY_PCSCD: Final = frozenset({F_COMM_ERROR, W_SECURITY_VIOLATION})


class Stage(Enum):
    """What was going on when the code came."""

    SERVICE = auto()
    """The service was asked for readers and their states."""
    CONNECT = auto()
    """The card was being opened."""
    USE = auto()
    """The card was open."""


class _Meaning(NamedTuple):
    symbol: str
    sentence: str
    errors: Mapping[Stage, type[TransportError]] | type[TransportError] = TransportError

    def error(self, stage: Stage) -> type[TransportError]:
        if isinstance(self.errors, type):
            return self.errors
        return self.errors.get(stage, TransportError)


_GONE: Final = {Stage.CONNECT: NoCardError, Stage.USE: CardRemovedError}
_READER_GONE: Final = {Stage.SERVICE: NoReaderError, Stage.CONNECT: NoReaderError, Stage.USE: CardRemovedError}
_ANSWER_LOST: Final = {Stage.CONNECT: CardMuteError, Stage.USE: AnswerLostError}

# winscard.h of Windows and pcsclite.h of pcsc-lite agree on these numbers; the symbols are PC/SC's own.
_MEANINGS: Final[dict[int, _Meaning]] = {
    # The first three are error codes of Windows itself, which WinSCard passes on.
    WIN32_INVALID_HANDLE: _Meaning(
        "ERROR_INVALID_HANDLE", "the smart card service no longer knows this connection", {Stage.USE: CardRemovedError}
    ),
    0x1F: _Meaning("ERROR_GEN_FAILURE", "the reader failed", _ANSWER_LOST),
    0x6D: _Meaning("ERROR_BROKEN_PIPE", "this remote session has no smart card redirection", ServiceStoppedError),
    0x80100001: _Meaning("SCARD_F_INTERNAL_ERROR", "the PC/SC service failed"),
    0x80100002: _Meaning("SCARD_E_CANCELLED", "the call was cancelled"),
    E_INVALID_HANDLE: _Meaning(
        "SCARD_E_INVALID_HANDLE", "the PC/SC service no longer knows this connection", {Stage.USE: CardRemovedError}
    ),
    0x80100004: _Meaning("SCARD_E_INVALID_PARAMETER", "the PC/SC service refused a parameter"),
    0x80100006: _Meaning("SCARD_E_NO_MEMORY", "the PC/SC service is out of memory"),
    0x80100008: _Meaning("SCARD_E_INSUFFICIENT_BUFFER", "the answer is longer than PC/SC allows"),
    E_UNKNOWN_READER: _Meaning("SCARD_E_UNKNOWN_READER", "the reader is not there any more", _READER_GONE),
    0x8010000A: _Meaning("SCARD_E_TIMEOUT", "no answer in time", CardTimeoutError),
    E_SHARING_VIOLATION: _Meaning(
        "SCARD_E_SHARING_VIOLATION", "another program has the card for itself", ReaderBusyError
    ),
    0x8010000C: _Meaning("SCARD_E_NO_SMARTCARD", "there is no card on the reader", _GONE),
    0x8010000D: _Meaning("SCARD_E_UNKNOWN_CARD", "the reader does not know this kind of card"),
    0x8010000F: _Meaning(
        "SCARD_E_PROTO_MISMATCH",
        "the card is open in a protocol other than T=0 and T=1",
        {Stage.CONNECT: ReaderBusyError},
    ),
    0x80100010: _Meaning("SCARD_E_NOT_READY", "the reader is not ready"),
    # What pcsc-lite answers for a handle whose reader was unplugged.
    0x80100011: _Meaning("SCARD_E_INVALID_VALUE", "the card or its reader went away", {Stage.USE: CardRemovedError}),
    E_SYSTEM_CANCELLED: _Meaning("SCARD_E_SYSTEM_CANCELLED", "the system cancelled the call", ServiceStoppedError),
    F_COMM_ERROR: _Meaning("SCARD_F_COMM_ERROR", "the PC/SC service closed the connection", ServiceStoppedError),
    0x80100014: _Meaning("SCARD_F_UNKNOWN_ERROR", "the PC/SC service failed for an unknown reason"),
    0x80100015: _Meaning(
        "SCARD_E_INVALID_ATR", "the card's answer to reset makes no sense", {Stage.CONNECT: CardMuteError}
    ),
    # pcsc-lite's word for any failed exchange with the card.
    0x80100016: _Meaning("SCARD_E_NOT_TRANSACTED", "the exchange with the card failed", _ANSWER_LOST),
    0x80100017: _Meaning("SCARD_E_READER_UNAVAILABLE", "the reader is not there any more", _READER_GONE),
    0x80100018: _Meaning("SCARD_P_SHUTDOWN", "the system is being shut down", ServiceStoppedError),
    0x8010001A: _Meaning("SCARD_E_READER_UNSUPPORTED", "PC/SC does not support this reader"),
    0x8010001C: _Meaning("SCARD_E_CARD_UNSUPPORTED", "PC/SC does not support this card"),
    E_NO_SERVICE: _Meaning("SCARD_E_NO_SERVICE", "the PC/SC service does not run", ServiceStoppedError),
    E_SERVICE_STOPPED: _Meaning("SCARD_E_SERVICE_STOPPED", "the PC/SC service has stopped", ServiceStoppedError),
    0x8010001F: _Meaning("SCARD_E_UNEXPECTED", "the card or the reader behaved in an unexpected way"),
    E_NO_READERS_AVAILABLE: _Meaning("SCARD_E_NO_READERS_AVAILABLE", "no reader is connected", _READER_GONE),
    0x8010002F: _Meaning("SCARD_E_COMM_DATA_LOST", "the exchange with the card failed", _ANSWER_LOST),
    0x80100065: _Meaning(
        "SCARD_W_UNSUPPORTED_CARD", "the reader cannot talk to this card", {Stage.CONNECT: CardMuteError}
    ),
    0x80100066: _Meaning("SCARD_W_UNRESPONSIVE_CARD", "the card does not answer", CardMuteError),
    0x80100067: _Meaning(
        "SCARD_W_UNPOWERED_CARD", "the card has no power", {Stage.CONNECT: CardMuteError, Stage.USE: CardResetError}
    ),
    0x80100068: _Meaning("SCARD_W_RESET_CARD", "another program reset the card", CardResetError),
    0x80100069: _Meaning("SCARD_W_REMOVED_CARD", "the card was removed", _GONE),
    W_SECURITY_VIOLATION: _Meaning(
        "SCARD_W_SECURITY_VIOLATION",
        "the PC/SC service refuses this program",
        {Stage.SERVICE: PermissionDeniedError, Stage.CONNECT: PermissionDeniedError, Stage.USE: ServiceStoppedError},
    ),
}
_UNKNOWN: Final = _Meaning("no symbol known", "PC/SC failed")


def pcsc_error(function: str, code: int, stage: Stage, *, symbol: str = "") -> TransportError:
    """Build the error that a return code means; ``function`` is the name of the PC/SC function that returned it.

    ``symbol`` replaces the table's where a number has another meaning on this platform (SCARD_E_UNSUPPORTED_FEATURE).
    """
    code &= MASK
    meaning = _MEANINGS.get(code, _UNKNOWN)
    if symbol and symbol != meaning.symbol:
        meaning = _Meaning(symbol, "the reader or its driver cannot do this")
    sentence = f"{meaning.sentence} ({function}: {meaning.symbol}, 0x{code:08X})"
    return meaning.error(stage)(sentence, pcsc_code=code)


def symbol_of(code: int) -> str:
    """PC/SC's name of a return code, empty if none is known."""
    meaning = _MEANINGS.get(code & MASK)
    return meaning.symbol if meaning else ""
