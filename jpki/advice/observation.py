"""What was observed of a card, as words that rules can be matched with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jpki.card.pin import Pin, PinState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The PIN that has to be known to reset another one at a convenience store (docs/certificates.md, 5.3).
_OTHER: Final = {Pin.SIGN.value: Pin.AUTH.value, Pin.AUTH.value: Pin.SIGN.value}
_USABLE: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.VERIFIED, PinState.UNLIMITED)
_UNUSABLE: Final = (PinState.BLOCKED, PinState.ABSENT)
_TRIES_USED: Final = (PinState.USED, PinState.LAST_TRY)
_IN_PERIOD: Final = ("in_period", "renewable")
_UNFIT: Final = ("expired", "not_yet_valid", "missing")


@dataclass(frozen=True, slots=True)
class Observation:
    """States of the PINs and of the certificates by name, and what kind of card it is.

    ``certificates`` has a state of the JSON output of ``status``, ``absent``, or ``missing``: there by the card's
    flags, and without a file. ``present`` says whether a certificate is on the card, None where the card does not say;
    where it is left out, the state tells. ``card`` is the state of the period of the card itself, ``unknown`` where it
    was not read. ``new`` are the certificates that were issued less than a day ago.
    """

    pins: Mapping[str, PinState]
    certificates: Mapping[str, str]
    kind: str = "card"
    present: Mapping[str, bool | None] = field(default_factory=dict)
    card: str = "unknown"
    new: frozenset[str] = frozenset()

    def subjects(self) -> Iterator[dict[str, str]]:
        """Describe each PIN, the counters together, the card, and each certificate with its issue."""
        for pin, state in self.pins.items():
            own = self.presence(pin) if pin in _OTHER else "none"
            yield {
                "about": "pin",
                "which": pin,
                "state": state.value,
                "kind": self.kind,
                "own_certificate": own,
                "store": self.store(pin),
            }
        used = any(state in _TRIES_USED for state in self.pins.values())
        yield {"about": "counters", "kind": self.kind, "tries": "used" if used else "whole"}
        yield {"about": "card", "kind": self.kind, "state": self.card}
        for which, certificate in self.certificates.items():
            tries = "there" if self.pins.get(which) in _USABLE else "none"
            yield {"about": "certificate", "which": which, "state": certificate, "kind": self.kind, "pin_tries": tries}
            age = "new" if which in self.new else "unknown"
            yield {"about": "issue", "which": which, "state": certificate, "kind": self.kind, "age": age}

    def presence(self, which: str) -> str:
        """Whether a certificate is on the card: ``there``, ``absent`` or ``unknown``."""
        state = self.certificates.get(which, "unknown")
        told = self.present.get(which)
        if state == "absent" or told is False:
            return "absent"
        return "there" if told or state != "unknown" else "unknown"

    def store(self, pin: str) -> str:
        """Whether a convenience store can reset a PIN, as far as the card shows (docs/certificates.md, 5.3).

        ``offered``, ``excluded``, ``other_absent`` (the other PIN's certificate is not on the card), or ``unknown``.
        The terminal needs the PIN of the other certificate, both certificates good, and the holder's data unchanged.
        """
        other = _OTHER.get(pin)
        if other is None or self.kind != "card":
            return "excluded"
        if self.presence(other) == "absent":
            return "other_absent"
        states = [self.certificates.get(which, "unknown") for which in _OTHER]
        if self.pins.get(other) in _UNUSABLE or any(state in _UNFIT for state in states):
            return "excluded"
        is_offered = (
            self.pins.get(other) in _USABLE
            and all(self.presence(which) == "there" for which in _OTHER)
            and self.certificates.get(Pin.AUTH.value) in _IN_PERIOD
        )
        return "offered" if is_offered else "unknown"
