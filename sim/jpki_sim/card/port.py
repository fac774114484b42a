"""The card as a reader sees it, so that faults, link speed and logs can lie around it, whichever way leads in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class CardPort(Protocol):
    """Contacts of a card: power, reset, commands.

    ``process`` may raise an error of :class:`jpki.errors.TransportError` where a wrapper stages one:
    CardRemovedError (no card any more), NoReaderError (the reader went with it), CardTimeoutError (no
    answer), CardResetError (another program reset the card, and this command was not executed).
    """

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Re-entrant lock that every way in holds while it talks to the card."""
        ...

    @property
    def epoch(self) -> int:
        """Number of resets and power cuts so far; when it changes, a connection opened before is stale."""
        ...

    @property
    def is_present(self) -> bool:
        """Whether the card is in the reader."""
        ...

    def insert(self) -> None:
        """Put a card back that is not there; does nothing with one that is."""
        ...

    def process(self, command: bytes) -> bytes:
        """Execute one command APDU; an empty answer is a card that does not answer."""
        ...

    def reset(self) -> None:
        """Warm reset: the card starts anew while its power stays on."""
        ...

    def power_on(self) -> None:
        """Supply power; does nothing when the card has it.

        Raises:
            TransportError: NoCardError or NoReaderError, when a fault has taken the card or the reader away.
        """
        ...

    def power_off(self) -> None:
        """Cut the power, which clears selection and security status."""
        ...


class CardWrapper:
    """Passes everything on to another card; the base of what is put around a card."""

    def __init__(self, inner: CardPort) -> None:
        """Lie around ``inner``."""
        self.inner = inner

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self.inner.atr

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Lock of the card inside."""
        return self.inner.lock

    @property
    def epoch(self) -> int:
        """Number of resets and power cuts so far."""
        return self.inner.epoch

    @property
    def is_present(self) -> bool:
        """Whether the card is in the reader."""
        return self.inner.is_present

    def insert(self) -> None:
        """Put the card inside back."""
        self.inner.insert()

    def process(self, command: bytes) -> bytes:
        """Have the card inside execute the command."""
        return self.inner.process(command)

    def reset(self) -> None:
        """Reset the card inside."""
        self.inner.reset()

    def power_on(self) -> None:
        """Power the card inside."""
        self.inner.power_on()

    def power_off(self) -> None:
        """Cut the power of the card inside."""
        self.inner.power_off()
