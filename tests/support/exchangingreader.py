"""A reader on which one card is taken for another while it is not in use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jpki.errors import CardResetError
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.transport import CardConnection
    from jpki_sim.card import CardPort


class ExchangingReader:
    """A connection whose card can become another one, as pcsc-lite shows it when a third program has reset the new one.

    The next transaction learns once that the card was reset, and not that it was removed; the one after it begins.
    """

    def __init__(self, inner: CardConnection) -> None:
        """Lie around the connection to the first card."""
        self._inner = inner
        self._is_untold = False

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._inner.reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._inner.atr

    def exchange(self, other: CardPort | None = None) -> None:
        """Lay another card there, or reset the one that lies there."""
        if other is not None:
            self._inner = SimulatedConnection(other)
        self._is_untold = True

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on to the card that lies there."""
        return self._inner.transmit(command)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Tell once what happened since the last one."""
        if self._is_untold:
            self._is_untold = False
            raise CardResetError("the card was reset")
        with self._inner.transaction():
            yield

    def unpower(self) -> None:
        """Pass on."""
        self._inner.unpower()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()
