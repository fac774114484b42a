"""Errors of a PIN that is presented or changed."""

import enum

from .base import JpkiError


class PinError(JpkiError):
    """A PIN was not accepted, here or by the card; ``pin`` is its name on the command line."""

    def __init__(self, message: str, *, pin: str) -> None:
        """Keep the name of the PIN beside the sentence."""
        super().__init__(message)
        self.pin = pin


class PinFormatError(PinError):
    """The value cannot be this PIN; ``reason`` is a code of :class:`jpki.pin.rules.FormFault`."""

    code = "pin_format"

    def __init__(self, message: str, *, pin: str, reason: str) -> None:
        """Keep the reason beside the sentence."""
        super().__init__(message, pin=pin)
        self.reason = reason


class WrongPinError(PinError):
    """The card compared and refused; ``retries_remaining`` tries are left (1 or more), None if it does not say."""

    code = "wrong_pin"

    def __init__(self, message: str, *, pin: str, retries_remaining: int | None) -> None:
        """Keep the counter beside the sentence."""
        super().__init__(message, pin=pin)
        self.retries_remaining = retries_remaining


class PinBlockedError(PinError):
    """No try is left; ``by_this_call`` says whether the last one was used just now."""

    code = "pin_blocked"

    def __init__(self, message: str, *, pin: str, by_this_call: bool = False) -> None:
        """Keep who blocked it beside the sentence."""
        super().__init__(message, pin=pin)
        self.by_this_call = by_this_call


class PinNotInUseError(PinBlockedError):
    """The PIN answers as a blocked one, and is not locked: the certificate that it is for is not on the card."""

    code = "pin_not_in_use"


class LastTryError(PinError):
    """One try is left and the caller did not allow its use; nothing was sent."""

    code = "last_try"


class HiddenCounterError(PinError):
    """The card does not tell the tries left, so this may be the last one; its use was not allowed, nothing was sent."""

    code = "hidden_counter"


class WeakPinError(PinError):
    """A new PIN is easily guessed, and the caller did not allow that; nothing was sent.

    ``weaknesses`` are values of :class:`jpki.pin.rules.Weakness`.
    """

    code = "weak_pin"

    def __init__(self, message: str, *, pin: str, weaknesses: tuple[str, ...]) -> None:
        """Keep what is weak beside the sentence."""
        super().__init__(message, pin=pin)
        self.weaknesses = weaknesses


class AnotherCardError(PinError):
    """The card on the reader is not the one that was shown, or cannot be known to be; nothing was sent.

    ``is_certain`` is False of a card that shows nothing by which it could be known again and was away, or was reset,
    since it was shown.
    """

    code = "another_card"

    def __init__(self, message: str, *, pin: str, is_certain: bool = True) -> None:
        """Keep how sure that is beside the sentence."""
        super().__init__(message, pin=pin)
        self.is_certain = is_certain


class CounterChangedError(PinError):
    """The counter read now is not the one that the caller saw, or the PIN was presented since; nothing was sent."""

    code = "counter_changed"

    def __init__(self, message: str, *, pin: str, expected: int | None, found: int | None) -> None:
        """Keep both counters beside the sentence (None: not known)."""
        super().__init__(message, pin=pin)
        self.expected = expected
        self.found = found


class DeclinedError(PinError):
    """The person who was asked does not want to go on; nothing was sent."""

    code = "declined"


class NobodyToAskError(JpkiError):
    """A person was to be asked, but there is no terminal and no window; nothing was sent."""

    code = "nobody_to_ask"


class PadFault(enum.Enum):
    """Why a reader ended an entry; nothing reached the card."""

    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    MISMATCH = "mismatch"
    LENGTH = "length"
    REFUSED = "refused"


class PinPadError(JpkiError):
    """The reader's PIN pad ended the entry by itself: nothing reached the card."""

    def __init__(self, message: str, *, reason: PadFault) -> None:
        """Keep the reason beside the sentence."""
        super().__init__(message)
        self.code = f"pinpad_{reason.value}"
        self.reason = reason


class OutcomeUnknownError(JpkiError):
    """The answer to VERIFY was lost, so a try may have been used; the cause is in ``__cause__``.

    ``was_right`` says that the counter, which is full again, says that the PIN was right; what it was to open was not
    done anyway.
    """

    code = "outcome_unknown"
    was_right = False

    def __init__(self, message: str, *, pin: str, retries_remaining: int | None = None) -> None:
        """Keep the name of the PIN, and the counter where the card could still be asked."""
        super().__init__(message)
        self.pin = pin
        self.retries_remaining = retries_remaining


class PinChangeError(JpkiError):
    """A change of a PIN did not end in success; what is true of the PIN is in ``is_unknown``.

    ``is_unknown`` is False when the PIN is surely unchanged, True when the card may have changed it.
    ``retries_remaining`` is the counter as far as it could be read afterwards (0: blocked, None: not known).
    ``cause`` is what went wrong: an error of this tree, or an interruption. It is an OutcomeUnknownError where the
    answer to VERIFY was lost: the PIN is unchanged then, and a try may have been used.
    """

    def __init__(self, *, pin: str, is_unknown: bool, retries_remaining: int | None, cause: BaseException) -> None:
        """Keep the truth and its cause."""
        super().__init__(f"the PIN is {'in an unknown state' if is_unknown else 'unchanged'}")
        self.code = "outcome_unknown" if is_unknown else getattr(cause, "code", "interrupted")
        self.pin = pin
        self.is_unknown = is_unknown
        self.retries_remaining = retries_remaining
        self.cause = cause
