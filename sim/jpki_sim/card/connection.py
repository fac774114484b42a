"""The simulated card as a connection of the library, in this process and without PC/SC."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from jpki.errors import CardRemovedError, CardResetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .port import CardPort


class SimulatedConnection:
    """A connection to a simulated card; keeps the contract of :class:`jpki.transport.base.CardConnection`.

    Opening it supplies power. Connections to one card share its lock, so a transaction of one makes the
    others wait. As with PC/SC, a reset or power cut that came another way ends the connection: every later
    call raises CardResetError, or CardRemovedError when the card is gone. A call after ``close`` or
    ``unpower`` is a programming mistake and raises ValueError.
    """

    def __init__(self, card: CardPort, reader: str = "Simulated reader") -> None:
        """Connect to the card.

        Raises:
            TransportError: NoCardError or NoReaderError, when a fault has taken the card or the reader away.
        """
        self._card = card
        self._reader = reader
        self._is_closed = False
        with card.lock:
            card.power_on()
            self._epoch = card.epoch

    def again(self) -> SimulatedConnection:
        """Connect to the same card once more."""
        return SimulatedConnection(self._card, self._reader)

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._card.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one command APDU, exactly once; the answer is handed over as it is.

        Raises:
            TransportError: the card was removed or reset, or a staged fault.
            ValueError: the connection is closed.
        """
        card = self._card
        with card.lock:
            if self._is_closed or card.epoch != self._epoch:
                self._check()
            return card.process(bytes(command))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the card's lock inside the ``with`` block; may be nested."""
        with self._card.lock:
            self._check()
            yield

    def _check(self) -> None:
        if self._is_closed:
            raise ValueError("the connection is closed")
        if not self._card.is_present:
            raise CardRemovedError("the card was removed")
        if self._card.epoch != self._epoch:
            raise CardResetError("the card was reset")

    def take_exclusive(self) -> None:
        """Do nothing: only connections that share its lock have this card open."""
        with self._card.lock:
            self._check()

    def restart(self, *, is_cold: bool) -> None:
        """Reset the card, or cut its power and supply it again; the connection goes on."""
        with self._card.lock:
            self._check()
            if is_cold:
                self._card.power_off()
                self._card.power_on()
            else:
                self._card.reset()
            self._epoch = self._card.epoch

    def unpower(self) -> None:
        """Cut the card's power and end the connection; a second call does nothing."""
        with self._card.lock:
            if not self._is_closed:
                self._is_closed = True
                self._card.power_off()

    def close(self) -> None:
        """End the connection and leave the card as it is; a second call does nothing."""
        self._is_closed = True
