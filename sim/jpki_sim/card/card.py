"""The simulated card: command APDU in, response APDU out, byte for byte what docs/card.md says that a card answers."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from jpki_sim.card.commands import answer

from . import sw
from .atr import CONTACTLESS_ATR, interface_of
from .security import CardState
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from .filesystem import CardImage


class SimulatedCard:
    """A My Number Card in software, powered from the start.

    ``on_change`` is called whenever a retry counter or a PIN value has changed, before the card answers:
    whoever keeps the card writes it down there. When it raises, the change is taken back, no PIN is verified
    by the command, and the card answers 6581 (memory failure), as a card does whose memory cannot be written.
    ``random`` makes challenges and salts.
    """

    def __init__(
        self,
        image: CardImage,
        *,
        settings: Settings = Settings(),  # noqa: B008 # frozen
        atr: bytes = CONTACTLESS_ATR,
        on_change: Callable[[], None] | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Put a card with this content on the table."""
        self.image = image
        self.settings = settings
        self._atr = atr
        self._state = CardState(image, settings, random, on_change)
        self._lock = threading.RLock()
        self._is_powered = True
        self._is_cold = True
        self._epoch = 0
        #: Commands that reached the card since it was made.
        self.apdu_count = 0
        #: Set it to a list to collect the commands as they came; they hold PINs, so only tests do this.
        self.command_log: list[bytes] | None = None

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Re-entrant lock that every way in holds while it talks to the card."""
        return self._lock

    @property
    def epoch(self) -> int:
        """Number of resets and power cuts so far."""
        return self._epoch

    @property
    def is_present(self) -> bool:
        """A card by itself is always there; only a fault takes it away."""
        return True

    @property
    def is_powered(self) -> bool:
        """Whether the card has power."""
        return self._is_powered

    def insert(self) -> None:
        """Do nothing, since a card by itself is always there."""

    def process(self, command: bytes | bytearray) -> bytes:
        """Execute one command APDU; without power there is no answer at all, not even a status word."""
        with self._lock:
            if not self._is_powered:
                return b""
            raw = bytes(command)
            self.apdu_count += 1
            if self.command_log is not None:
                self.command_log.append(raw)
            if self._is_cold:
                self._is_cold = False
                if self.settings.first_command_6f00:
                    return sw.NO_DIAGNOSIS
            return answer(self._state, raw)

    def reset(self) -> None:
        """Warm reset: the selection goes, and the security status on a contact card or where the settings say so."""
        with self._lock:
            clears = self.settings.reset_clears_status
            if clears is None:
                clears = interface_of(self._atr) == "contact"
            if clears:
                self._state.forget_all()
            else:
                self._state.forget_selection()
            self._epoch += 1

    def power_off(self) -> None:
        """Cut the power: selection and security status are gone for certain."""
        with self._lock:
            if self._is_powered:
                self._is_powered = False
                self._state.forget_all()
                self._epoch += 1

    def power_on(self) -> None:
        """Supply power; a card that has it notices nothing."""
        with self._lock:
            if not self._is_powered:
                self._is_powered = True
                self._is_cold = True
