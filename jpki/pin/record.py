"""What is true of a PIN at any instant of the command that presents it (docs/architecture.md, invariant 3).

After a call that failed, the exception carries it.
"""

from __future__ import annotations

import enum
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.errors import PinChangeError, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import Pin

_ATTRIBUTE: Final = "_jpki_pin_report"


class TryUse(enum.Enum):
    """Whether a try was used; the values are those of the JSON output.

    YES: the counter read afterwards is lower. NO: nothing was sent, or the counter is equal or full. UNKNOWN: it could
    not be read.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class PinOutcome(enum.Enum):
    """What became of a PIN that was to be presented or changed; the values are those of the JSON output.

    CHANGED and UNCHANGED are said of a change only. UNKNOWN: the answer was lost, or says nothing.
    """

    NOT_SENT = "not_sent"
    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class PinReport(NamedTuple):
    """What is true of a PIN after a call: what became of it, whether a try was used, and the tries left.

    ``retries_remaining`` is None if it could not be read, 0 when the PIN is blocked. ``was_sent`` says whether a
    VERIFY with this PIN left this computer.
    """

    pin: Pin
    outcome: PinOutcome
    try_used: TryUse
    retries_remaining: int | None
    was_sent: bool


class PinRecord:
    """Written while a PIN is presented, and true whatever interrupts that: unknown between command and answer.

    ``outcome`` is that of the last VERIFY. ``retries_remaining`` is the counter as it was last read or reported, 0 when
    blocked, and None if it is not known.
    """

    def __init__(self) -> None:
        """Nothing is known and nothing was sent."""
        self.outcome = PinOutcome.NOT_SENT
        self.retries_remaining: int | None = None
        self._before: int | None = None
        self._was_used = False
        self._was_sent = self._sent_before = False

    @property
    def is_lost(self) -> bool:
        """Whether a PIN was sent and the card's answer is not known."""
        return self.outcome is PinOutcome.UNKNOWN

    @property
    def had_counter(self) -> bool:
        """Whether the card showed the counter before the PIN was sent."""
        return self._before is not None

    def does_fit(self, left: int, retry_limit: int) -> bool:
        """Whether a counter named with a refusal is the one that has to follow: one try less than before."""
        return left == self._before - 1 if self._before is not None else left <= retry_limit

    def is_less(self, left: int) -> bool:
        """Whether a counter is lower than before; True where that is not known."""
        return self._before is None or left < self._before

    @property
    def try_used(self) -> TryUse:
        """Whether a try was used."""
        if self._was_used:
            return TryUse.YES
        if self.outcome in (PinOutcome.NOT_SENT, PinOutcome.RIGHT):
            return TryUse.NO
        if self.retries_remaining is None:
            return TryUse.UNKNOWN
        if self._before is None:
            # A refusal uses a try; without one, only an earlier counter shows it.
            return TryUse.YES if self.outcome is PinOutcome.WRONG else TryUse.UNKNOWN
        return TryUse.YES if self.retries_remaining < self._before else TryUse.NO

    def count(self, left: int | None) -> None:
        """Note the counter as it is before a PIN is sent."""
        self._was_used = self.try_used is TryUse.YES
        self.outcome = PinOutcome.NOT_SENT
        self._before = self.retries_remaining = left

    def report(self, pin: Pin) -> PinReport:
        """What is true now of the PIN that this record is of."""
        return PinReport(pin, self.outcome, self.try_used, self.retries_remaining, self._was_sent)

    def send(self) -> None:
        """Note that a PIN is being sent: from now on the outcome is unknown, until the card answers."""
        self._sent_before, self._was_sent = self._was_sent, True
        self.outcome = PinOutcome.UNKNOWN
        self.retries_remaining = None

    def take_back(self) -> None:
        """Note that it was not sent after all."""
        self._was_sent = self._sent_before
        self.outcome = PinOutcome.NOT_SENT
        self.retries_remaining = self._before

    def accept(self, retry_limit: int) -> None:
        """Note that the card found it right, which fills the counter (docs/card.md, 2.4)."""
        self.outcome = PinOutcome.RIGHT
        self.retries_remaining = retry_limit

    def refuse(self, left: int | None) -> None:
        """Note that the card found it wrong, and the tries that are left."""
        self.outcome = PinOutcome.WRONG
        self.retries_remaining = left

    def read_again(self, left: int | None) -> None:
        """Note the counter as the card shows it after an answer that was lost or says nothing of the PIN."""
        self.retries_remaining = left


def pin_report(exc: BaseException) -> PinReport | None:
    """Tell what is true of the PIN after a call that ended with an exception, KeyboardInterrupt included.

    None if the exception has nothing to do with a PIN.
    """
    seen: set[int] = set()
    current: BaseException | None = exc
    while current is not None and id(current) not in seen:
        report = getattr(current, _ATTRIBUTE, None)
        if isinstance(report, PinReport):
            return report
        seen.add(id(current))
        current = current.__cause__ or current.__context__
    return None


@contextmanager
def reported(report: Callable[[], PinReport]) -> Iterator[None]:
    """Put the report of a PIN on whatever exception leaves the block."""
    try:
        yield
    except BaseException as exc:
        attach(exc, report())
        raise


def attach(exc: BaseException, report: PinReport) -> None:
    """Put the report of a PIN on an exception, and on one of the way to the card that the PIN was not sent."""
    setattr(exc, _ATTRIBUTE, report)
    ended = exc.cause if isinstance(exc, PinChangeError) else exc
    if isinstance(ended, TransportError):
        ended.is_pin_unsent = not report.was_sent
