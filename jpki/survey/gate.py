"""The only way of a survey to the card: harmless commands pass, everything else is a mistake of this program.

What may pass is listed, not what may not: SELECT, READ, GET DATA, GET RESPONSE and the empty VERIFY. One VERIFY with
data passes for each time that it was allowed, and signatures only while a PIN is presented.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.errors import CardRemovedError, CardTimeoutError, TransportError
from jpki.iso7816 import CommandApdu
from jpki.transport import RestartableConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from jpki.transport import CardConnection

#: Seconds that the card may take for all of a survey. A contactless card takes about ten.
DEADLINE: Final = 90.0
#: A whole survey takes about 170 commands; a card that answers in pieces may take more, and none may take forever.
MAX_COMMANDS: Final = 1500
_EMPTY: Final = 4
_VERIFY: Final = (0x00, 0x20)
_SIGN: Final = (0x80, 0x2A)
#: CLA and INS of the commands that change nothing, and their names in the timings (docs/card.md, section 3).
_READING: Final = {
    (0x00, 0xA4): "select",
    (0x00, 0xB0): "read_binary",
    (0x00, 0xB2): "read_record",
    (0x00, 0xC0): "get_response",
    (0x00, 0xCA): "get_data",
}
_EMPTY_VERIFY: Final = b"\x00\x20\x00\x80"
#: The form with Le, which a card could take for a PIN of no digits; so it is sent to a locked one alone.
_EMPTY_VERIFY_WITH_LE: Final = b"\x00\x20\x00\x80\x00"
#: Answers to an empty VERIFY that say that no try is left (docs/card.md, section 10, #2).
_BLOCKED: Final = (b"\x63\xc0", b"\x69\x83", b"\x69\x84")


class SurveyGate:
    """Passes harmless commands on to a connection, measures them and counts what they take.

    It keeps the contract of :class:`jpki.transport.base.CardConnection`.
    """

    def __init__(
        self, connection: CardConnection, *, clock: Callable[[], float] = time.monotonic, seconds: float = DEADLINE
    ) -> None:
        """Guard ``connection``; the card may take ``seconds`` for all commands together."""
        self._inner = connection
        self._clock = clock
        self._left = seconds
        self._commands = 0
        self._verifies_allowed = 0
        self._may_sign = False
        self._is_blocked = False
        self._is_ended = False
        #: Seconds of each command, by its name.
        self.durations: dict[str, list[float]] = {}

    @property
    def reader(self) -> str:
        """Name of the reader; it is in no result, since some readers have their serial number in it."""
        return self._inner.reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._inner.atr

    @contextmanager
    def presenting(self) -> Iterator[None]:
        """Allow one VERIFY with data, and signatures, inside the ``with`` block."""
        self._verifies_allowed, self._may_sign = 1, True
        try:
            yield
        finally:
            self._verifies_allowed, self._may_sign = 0, False

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send a command that may pass, once.

        Raises:
            ValueError: the command may not pass; nothing was sent.
            CardTimeoutError: the card has taken its time for this survey already; nothing was sent.
            CardRemovedError: the power was cut, since the card did not close what a PIN had opened.
        """
        name = self._name(command)
        self._require_connection()
        if self._left <= 0 or self._commands >= MAX_COMMANDS:
            raise CardTimeoutError("the card takes too long for a survey")
        self._commands += 1
        begin = self._clock()
        self._is_blocked = False
        try:
            answer = self._inner.transmit(command)
            self._is_blocked = command == _EMPTY_VERIFY and answer in _BLOCKED
            return answer
        finally:
            elapsed = self._clock() - begin
            self._left -= elapsed
            self.durations.setdefault(name, []).append(elapsed)

    def _name(self, command: bytes | bytearray) -> str:
        header = (command[0], command[1]) if len(command) >= _EMPTY else None
        if header in _READING:
            CommandApdu.from_bytes(bytes(command))  # nothing that is not a command
            return _READING[header]
        if header == _VERIFY:
            return self._verify(command)
        if header == _SIGN and self._may_sign:
            return "sign"
        raise ValueError("a survey does not send this command")

    def _verify(self, command: bytes | bytearray) -> str:
        if len(command) == _EMPTY:
            return "empty_verify"
        if command == _EMPTY_VERIFY_WITH_LE:
            if not self._is_blocked:
                raise ValueError("with Le only a counter is asked for that has nothing to lose")
            return "empty_verify"
        if not self._verifies_allowed:
            raise ValueError("a survey presents no secret here")
        self._verifies_allowed -= 1
        return "verify"

    def transaction(self) -> AbstractContextManager[None]:
        """Keep other programs from the card."""
        self._require_connection()
        return self._inner.transaction()

    def take_exclusive(self) -> None:
        """Keep every other program from the card until the connection ends.

        Raises:
            ReaderBusyError: another program has it open.
            TransportError: this connection has no such function.
        """
        self._restartable().take_exclusive()

    def restart(self, *, is_cold: bool) -> None:
        """Reset the card, or cut its power and supply it again; only after :meth:`take_exclusive`.

        Raises:
            TransportError: it failed.
        """
        self._restartable().restart(is_cold=is_cold)

    def _require_connection(self) -> None:
        if self._is_ended:
            raise CardRemovedError("the connection to the card has ended")

    def _restartable(self) -> RestartableConnection:
        self._require_connection()
        if not isinstance(self._inner, RestartableConnection):
            raise TransportError("this connection cannot restart the card")
        return self._inner

    def unpower(self) -> None:
        """Cut the card's power and end the connection; a second call does nothing."""
        if not self._is_ended:
            self._is_ended = True
            self._inner.unpower()

    def close(self) -> None:
        """End the connection and leave the card as it is."""
        self._inner.close()
