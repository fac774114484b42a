"""What every way to a card offers, whether it is PC/SC, a simulated card or a wrapper around one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class CardConnection(Protocol):
    """A powered card, reached through one reader.

    Every method raises :class:`jpki.errors.TransportError` (and nothing else of its own) when the way to the card
    fails. Status words are the caller's business.
    """

    @property
    def reader(self) -> str:
        """Name of the reader, as PC/SC gives it."""
        ...

    @property
    def atr(self) -> bytes:
        """Answer to reset; it says nothing dependable about what the card is."""
        ...

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one command APDU and return the response APDU with its status word at the end.

        The APDU is sent exactly once. The answer is not looked at: it may be shorter than two bytes. A command that
        carries a secret comes as a bytearray, which the caller overwrites afterwards: it is not kept.
        """
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Keep other programs from talking to the card inside the ``with`` block.

        Must be short and must never span a prompt: Windows resets a card whose transaction idles for five seconds.
        """
        ...

    def unpower(self) -> None:
        """Cut the card's power, which clears its security status for certain; the connection ends with it."""
        ...

    def close(self) -> None:
        """End the connection and leave the card as it is for other programs; a second call does nothing."""
        ...


@runtime_checkable
class RestartableConnection(Protocol):
    """A connection that can keep the card to itself and restart it; a survey looks at what a card keeps then."""

    def take_exclusive(self) -> None:
        """Keep every other program from the card until the connection ends.

        Raises:
            ReaderBusyError: another program has the card open.
        """
        ...

    def restart(self, *, is_cold: bool) -> None:
        """Reset the card, or cut its power and supply it again (``is_cold``); the connection goes on.

        To be called after :meth:`take_exclusive` only: another program would lose what it has selected.
        """
        ...
