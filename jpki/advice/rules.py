"""Rules from the state of a card to codes of what its holder can do next.

The sentences for the codes are the user interface's business. Sources: docs/certificates.md, 3.3, 3.4, 5.2 and 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.application.pin import Pin, PinState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jpki.application.pin import PinStatus


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do or to know; ``pin`` and ``certificate`` say what it is about."""

    code: str
    pin: str | None = None
    certificate: str | None = None


#: PINs that a convenience-store terminal can reset, and the one that must be known for it (docs/certificates.md, 5.3).
_KIOSK: Final = {Pin.SIGN.value: Pin.AUTH.value, Pin.AUTH.value: Pin.SIGN.value}
_USABLE: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.VERIFIED)
_CERTIFICATE_CODES: Final = {
    "expired": "certificate_expired",
    "renewable": "certificate_renewable",
    "not_yet_valid": "certificate_not_yet_valid",
    "absent": "certificate_absent",
}


def advise(pins: Iterable[PinStatus], certificates: Mapping[str, str]) -> tuple[Advice, ...]:
    """Say what follows from the PINs' states and the certificates' states.

    Args:
        pins: the states that were read.
        certificates: by kind, a state of the JSON output of ``status``, or ``absent``.
    """
    states = {status.name: status.state for status in pins}
    found = [Advice(_blocked_code(name, states), pin=name) for name, s in states.items() if s is PinState.BLOCKED]
    found += [Advice("pin_last_try", pin=name) for name, s in states.items() if s is PinState.LAST_TRY]
    if any(state in (PinState.USED, PinState.LAST_TRY) for state in states.values()):
        found.append(Advice("counter_resets_with_right_entry"))
    for kind, state in certificates.items():
        code = _CERTIFICATE_CODES.get(state)
        if code is not None:
            found.append(Advice(code, certificate=kind))
    return tuple(found)


def _blocked_code(name: str, states: Mapping[str, PinState]) -> str:
    """Offer the convenience-store terminal only where the PIN that it asks for can still be entered."""
    other = _KIOSK.get(name)
    if other is not None and states.get(other) in _USABLE:
        return "pin_blocked_kiosk_possible"
    return "pin_blocked"
