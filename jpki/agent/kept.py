"""PINs that are kept for some minutes, each for one card and one program, and overwritten afterwards."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from jpki.card import Pin
    from jpki.pin import Secret

#: How long a login PIN is kept unless another time is set.
LOGIN_SECONDS: Final = 300.0
#: How long the signature password is kept for the second of two signatures.
TWICE_SECONDS: Final = 10.0


def boot_clock() -> float:
    """Seconds that go on while the computer sleeps, where the system counts them."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(slots=True)
class _Kept:
    fingerprint: bytes
    secret: Secret
    until: float
    uses: int | None


class KeptPins:
    """Holds PINs by owner (a client's process, a socket) and PIN; safe to use from several threads.

    A PIN is given only for the card that it was right for. Whoever gets it must not wipe it.
    """

    def __init__(self, clock: Callable[[], float] = boot_clock) -> None:
        """Keep nothing yet."""
        self._clock = clock
        self._lock = threading.RLock()
        self._kept: dict[tuple[Hashable, Pin], _Kept] = {}
        self._is_ended = False
        #: Set when a PIN is taken over: somebody has to watch its time and its card.
        self.has_new = threading.Event()

    def keep(
        self, owner: Hashable, pin: Pin, fingerprint: bytes, secret: Secret, seconds: float, *, uses: int | None = None
    ) -> None:
        """Take over a PIN; ``uses`` is how often it may be given, None: as often as it is asked for in this time."""
        with self._lock:
            if self._is_ended:
                secret.wipe()
                return
            self.wipe(owner, pin)
            self._kept[owner, pin] = _Kept(fingerprint, secret, self._clock() + seconds, uses)
        self.has_new.set()

    def has(self, owner: Hashable, pin: Pin, fingerprint: bytes | None) -> bool:
        """Whether a PIN is kept for this program and this card; it is not used up by that."""
        with self._lock:
            self.wipe_old()
            found = self._kept.get((owner, pin))
            return found is not None and found.fingerprint == fingerprint

    def get(self, owner: Hashable, pin: Pin, fingerprint: bytes | None) -> Secret | None:
        """Give the PIN that is kept for this program and this card; a copy, which the caller wipes."""
        from jpki.pin import Secret

        with self._lock:
            self.wipe_old()
            found = self._kept.get((owner, pin))
            if found is None or found.fingerprint != fingerprint:
                return None
            copy = Secret(bytearray(found.secret.reveal()))
            if found.uses is not None:
                found.uses -= 1
                if found.uses <= 0:
                    self.wipe(owner, pin)
            return copy

    def are_all_of(self, fingerprint: bytes | None) -> bool:
        """Whether everything that is kept is of this card."""
        with self._lock:
            return all(kept.fingerprint == fingerprint for kept in self._kept.values())

    def wipe_old(self) -> float | None:
        """Overwrite what has been kept long enough; seconds until the next one, None where nothing is kept."""
        with self._lock:
            now = self._clock()
            for key in [key for key, kept in self._kept.items() if kept.until <= now]:
                self._kept.pop(key).secret.wipe()
            return min((kept.until - now for kept in self._kept.values()), default=None)

    def wipe(self, owner: Hashable, pin: Pin | None = None) -> None:
        """Overwrite what is kept for an owner."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == owner and pin in (None, key[1])]:
                self._kept.pop(key).secret.wipe()

    def wipe_pin(self, pin: Pin) -> None:
        """Overwrite a PIN for every owner: the card has refused it."""
        with self._lock:
            for key in [key for key in self._kept if key[1] is pin]:
                self._kept.pop(key).secret.wipe()

    def end(self) -> None:
        """Overwrite everything, and whatever a signature that is under way would have kept: the agent ends."""
        with self._lock:
            self._is_ended = True
            self.wipe_all()

    def wipe_all(self) -> None:
        """Overwrite everything: the card went away, or the agent is locked."""
        with self._lock:
            for kept in self._kept.values():
                kept.secret.wipe()
            self._kept.clear()
