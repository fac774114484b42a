"""The PINs of a My Number Card: where each is, how many tries it has, and what its counter says."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.identifiers import Application, CommonEf, JpkiEf, JukiEf, TextEf, VisualEf
from jpki.iso7816 import RetryState, RetryStatus, StatusWord

if TYPE_CHECKING:
    from collections.abc import Sequence

#: More than any counter holds (63Cx has one hex digit).
_MANY: Final = 16


class Reference(NamedTuple):
    """An IEF with reference data: the application and the file."""

    application: Application
    ef_id: int


class Pin(enum.Enum):
    """The four PINs that a holder sets; the value is the name on the command line."""

    AUTH = "auth"  # 利用者証明用電子証明書の暗証番号
    SIGN = "sign"  # 署名用電子証明書の暗証番号
    INPUT = "input"  # 券面事項入力補助用の暗証番号
    JUKI = "juki"  # 住民基本台帳用の暗証番号

    @property
    def reference(self) -> Reference:
        """Where the PIN is (docs/card.md, 2.1)."""
        return _REFERENCES[self]

    @property
    def copies(self) -> tuple[Reference, ...]:
        """Every place of the PIN: the Basic Resident Register PIN is in two applications (docs/card.md, 1.5)."""
        if self is Pin.JUKI:
            return (self.reference, Reference(Application.COMMON, CommonEf.PIN))
        return (self.reference,)

    @property
    def retry_limit(self) -> int:
        """Wrong entries in a row that lock it (docs/card.md, 2.1)."""
        return _SIGN_TRIES if self is Pin.SIGN else _PIN_TRIES

    @property
    def is_password(self) -> bool:
        """Whether it is the 6 to 16 character password and not a 4-digit number."""
        return self is Pin.SIGN


_PIN_TRIES = 3
_SIGN_TRIES = 5
_REFERENCES = {
    Pin.AUTH: Reference(Application.JPKI, JpkiEf.AUTH_PIN),
    Pin.SIGN: Reference(Application.JPKI, JpkiEf.SIGN_PASSWORD),
    Pin.INPUT: Reference(Application.TEXT, TextEf.PIN),
    Pin.JUKI: Reference(Application.JUKI, JukiEf.PIN),
}
#: 照合番号 A and B, printed on the card and not chosen by anyone, by the name that JSON uses. Their limit is said to be
#: 10 for B and is not known for A (docs/card.md, section 10, #11), so none is stated here.
VERIFICATION_NUMBERS = {
    "text-a": Reference(Application.TEXT, TextEf.NUMBER_A),
    "text-b": Reference(Application.TEXT, TextEf.NUMBER_B),
    "visual-a": Reference(Application.VISUAL, VisualEf.NUMBER_A),
    "visual-b": Reference(Application.VISUAL, VisualEf.NUMBER_B),
}


class PinState(enum.Enum):
    """What is known about a PIN; the values are those of the JSON output, which says ``blocked`` of NOT_IN_USE.

    NOT_IN_USE answers as a blocked one does and has no use, because its certificate is not on the card
    (:mod:`jpki.card.pin_use`).
    """

    FULL = "full"
    USED = "used"
    LAST_TRY = "last_try"
    BLOCKED = "blocked"
    NOT_IN_USE = "not_in_use"
    VERIFIED = "verified"
    UNLIMITED = "unlimited"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PinStatus:
    """State of one PIN or verification number.

    ``retries_remaining`` is 0 when blocked or not in use, and None if the card did not say; ``retry_limit`` is None
    where no source states it; ``copies`` are the counters of each place of the PIN, where more than one was read.
    """

    name: str
    state: PinState
    retries_remaining: int | None
    retry_limit: int | None
    sw: StatusWord | None
    copies: tuple[int | None, ...] = ()

    @property
    def is_hidden(self) -> bool:
        """Whether the card answered the question for the counter, and not with a counter: 9000 or 6300."""
        return self.state in (PinState.VERIFIED, PinState.UNLIMITED)

    @property
    def can_try(self) -> bool:
        """Whether a try is left, as far as the card says."""
        return self.state not in (PinState.BLOCKED, PinState.NOT_IN_USE, PinState.ABSENT)


_STATES = {
    RetryState.BLOCKED: (PinState.BLOCKED, 0),
    RetryState.VERIFIED: (PinState.VERIFIED, None),
    RetryState.UNLIMITED: (PinState.UNLIMITED, None),
}


def interpret(name: str, retry_limit: int | None, status: RetryStatus) -> PinStatus:
    """Turn a counter into the state of a PIN."""
    if status.state is not RetryState.REMAINING:
        state, remaining = _STATES[status.state]
        return PinStatus(name, state, remaining, retry_limit, status.sw)
    left = status.remaining
    if left == 1:
        state = PinState.LAST_TRY
    elif retry_limit is None or left is None or left >= retry_limit:
        state = PinState.FULL
    else:
        state = PinState.USED
    return PinStatus(name, state, left, retry_limit, status.sw)


def absent(name: str, retry_limit: int | None, sw: StatusWord | None = None) -> PinStatus:
    """State of a PIN that this card does not have."""
    return PinStatus(name, PinState.ABSENT, None, retry_limit, sw)


def unknown(name: str, retry_limit: int | None, sw: StatusWord | None = None) -> PinStatus:
    """State of a PIN whose counter the card did not give."""
    return PinStatus(name, PinState.UNKNOWN, None, retry_limit, sw)


def _tries(status: PinStatus) -> int:
    """Tries by which places are compared: a hidden counter may be at the last one."""
    if status.retries_remaining is not None:
        return status.retries_remaining
    return 1 if status.is_hidden else _MANY


def lowest(found: Sequence[PinStatus]) -> PinStatus:
    """State of a PIN that is in several places, own place first: the lower counter decides."""
    there = [status for status in found if status.state is not PinState.ABSENT]
    if len(there) <= 1:
        return there[0] if there else found[0]
    least = min(there, key=_tries)
    return replace(least, copies=tuple(status.retries_remaining for status in there))
