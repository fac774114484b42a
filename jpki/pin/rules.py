"""What a PIN may look like, and what makes a new one weak; judged without any card.

Form: docs/certificates.md, 5.1. Form is refused, weakness is named and left to the holder to decide.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from jpki.errors import PinFormatError, WeakPinError

from .secret import Secret

if TYPE_CHECKING:
    from jpki.card import Pin

_DIGITS: Final = 4
_PASSWORD_MIN: Final = 6
_PASSWORD_MAX: Final = 16
_MONTHS: Final = 12
_DAYS: Final = 31
_YEARS: Final = range(1900, 2100)
_NUMBERS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# After 9 comes 0, as on a keypad; after Z comes nothing.
_DIGITS_IN_A_ROW: Final = 10
_NO_PERIOD: Final = 256


class FormFault(enum.Enum):
    """Why a value cannot be this PIN."""

    NOT_FOUR_DIGITS = "not_four_digits"
    PASSWORD_LENGTH = "password_length"
    PASSWORD_CHARACTERS = "password_characters"
    PASSWORD_NEEDS_LETTER_AND_DIGIT = "password_needs_letter_and_digit"


class Weakness(enum.Enum):
    """Why a new PIN is easily guessed, or no change at all."""

    SAME_AS_OLD = "same_as_old"
    REPETITION = "repetition"
    RUN = "run"
    DATE = "date"
    YEAR = "year"


class Conversion(enum.Enum):
    """What was done to an input so that it has the form of a PIN."""

    FULL_WIDTH = "full_width"
    LOWER_CASE = "lower_case"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A secret in the form in which it is sent, and what was converted to get there."""

    secret: Secret
    conversions: frozenset[Conversion]


def normalise(pin: Pin, entered: Secret) -> Normalised:
    """Narrow full-width characters, and write the letters of the signature password as capitals.

    The card compares bytes and holds capitals (docs/card.md, 2.2), so the lower-case input of a right password would
    cost a try. The entered secret is overwritten.
    """
    raw = entered.reveal()
    conversions = set()
    if not raw.isascii():
        # A str cannot be overwritten afterwards; only input with full-width characters goes through one.
        narrowed = bytearray(unicodedata.normalize("NFKC", raw.decode(errors="replace")).encode())
        if narrowed != raw:
            conversions.add(Conversion.FULL_WIDTH)
        raw = narrowed
    written = raw.upper() if pin.is_password else raw
    if written != raw:
        conversions.add(Conversion.LOWER_CASE)
    result = Secret(written)
    Secret(raw).wipe()  # takes the buffer over, so that nothing is left in it
    entered.wipe()
    return Normalised(result, frozenset(conversions))


def form_fault(pin: Pin, secret: Secret, *, is_new: bool) -> FormFault | None:
    """Return why a value cannot be this PIN, or None if it can.

    The rule of at least one letter and one digit is asked of a new password only: other programs may have set one
    without, and its holder must be able to change it.
    """
    raw = secret.reveal()
    characters = frozenset(raw)
    if not pin.is_password:
        fits = len(raw) == _DIGITS and characters <= _NUMBERS
        return None if fits else FormFault.NOT_FOUR_DIGITS
    if not characters <= _LETTERS | _NUMBERS:
        return FormFault.PASSWORD_CHARACTERS
    if not _PASSWORD_MIN <= len(raw) <= _PASSWORD_MAX:
        return FormFault.PASSWORD_LENGTH
    if is_new and not (characters & _LETTERS and characters & _NUMBERS):
        return FormFault.PASSWORD_NEEDS_LETTER_AND_DIGIT
    return None


def require_form(pin: Pin, secret: Secret, *, is_new: bool) -> None:
    """Refuse a value that cannot be this PIN.

    Raises:
        PinFormatError: with the value of a :class:`FormFault` as its reason.
    """
    fault = form_fault(pin, secret, is_new=is_new)
    if fault is not None:
        raise PinFormatError("the value cannot be this PIN", pin=pin.value, reason=fault.value)


def weaknesses(pin: Pin, new: Secret, *, current: Secret | None = None) -> tuple[Weakness, ...]:
    """Name what makes a new PIN weak, in the order of :class:`Weakness`.

    Raises:
        PinFormatError: the value cannot be this PIN at all.
    """
    require_form(pin, new, is_new=True)
    raw = new.reveal()
    found = []
    if current is not None and new == current:
        found.append(Weakness.SAME_AS_OLD)
    if _is_repetition(raw):
        found.append(Weakness.REPETITION)
    if all(_is_run(part) for part in _by_kind(raw)):
        found.append(Weakness.RUN)
    if not pin.is_password:
        found += _date_weaknesses(raw)
    return tuple(found)


def require_strong(pin: Pin, new: Secret, *, current: Secret) -> None:
    """Refuse a script's new PIN that is easily guessed.

    Raises:
        WeakPinError: it is.
        PinFormatError: the value cannot be this PIN at all.
    """
    found = weaknesses(pin, new, current=current)
    if found:
        raise WeakPinError("the new PIN is easily guessed", pin=pin.value, weaknesses=tuple(w.value for w in found))


def _by_kind(raw: bytearray) -> list[list[int]]:
    """Digits and letters of a value, each in their order; a kind that does not occur is left out."""
    parts = [[c for c in raw if c in kind] for kind in (_NUMBERS, _LETTERS)]
    return [part for part in parts if part]


def _is_repetition(raw: bytearray) -> bool:
    """Whether it has one digit and one letter at most (AAAAA1), or a shorter part fills the whole (1212, ABC1ABC1)."""
    if all(len(set(part)) == 1 for part in _by_kind(raw)):
        return True
    return any(raw[:n] * (len(raw) // n) == raw for n in range(2, len(raw) // 2 + 1))


def _is_run(part: list[int]) -> bool:
    """Whether each of some digits or letters follows the one before it: 1234, 9876, 7890; a single one always does."""
    period = _DIGITS_IN_A_ROW if part[0] in _NUMBERS else _NO_PERIOD
    steps = {(after - before) % period for before, after in pairwise(part)}
    return steps <= {1} or steps <= {period - 1}


def _date_weaknesses(raw: bytearray) -> list[Weakness]:
    smaller, larger = sorted((int(raw[:2]), int(raw[2:])))
    found = []
    if 1 <= smaller <= _MONTHS and larger <= _DAYS:
        found.append(Weakness.DATE)
    if int(raw) in _YEARS:
        found.append(Weakness.YEAR)
    return found
