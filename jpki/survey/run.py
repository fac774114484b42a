"""A survey of one card, from finding out whether it may be surveyed to the result."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from jpki.card import CardKind, MyNumberCard, PinState
from jpki.errors import CardError, CardRemovedError, TransportError
from jpki.identifiers import Application
from jpki.iso7816 import CommandApdu
from jpki.pin import TryPolicy, see

from .answers import ask, describe_atr, interface_of, word
from .gate import DEADLINE, SurveyGate
from .presenting import Presenter
from .reading import Reader
from .result import SurveyResult, Timing

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import Pin, PinStatus
    from jpki.pin import Secret, SeenCard
    from jpki.transport import CardConnection

_MILLISECONDS = 1000


class Survey:
    """Asks one card. To be closed in any case; :meth:`close` cuts the power where the card was held exclusively."""

    def __init__(
        self, connection: CardConnection, *, clock: Callable[[], float] = time.monotonic, seconds: float = DEADLINE
    ) -> None:
        """Survey the card of a connection, which may take ``seconds`` for all its answers together."""
        self._gate = SurveyGate(connection, clock=clock, seconds=seconds)
        # By SELECT only: whether the card takes short EF identifiers is one of the questions.
        self._card = MyNumberCard(self._gate, short_ef_ids=False)
        self._answers: dict[str, str] = {}
        self._reader = Reader(self._card.card, self._answers)
        self._presenter = Presenter(self._card, self._gate, self._answers)
        self._pins: list[str] = []
        self._seen: SeenCard | None = None
        self._counters: dict[Pin, PinStatus] = {}
        self._is_exclusive = False

    def identify(self) -> CardKind:
        """Find out what the card is; anything but a plain My Number Card is to be left alone.

        A phone says that it is one by its label. A card of this label without the text application is another kind.

        Raises:
            NotMyNumberCardError: the card has no JPKI application.
            CardError, DataError: it does not say what it is.
        """
        with self._card.transaction():
            first = ask(self._card.card, CommandApdu(0x00, 0xA4, 0x04, 0x0C, Application.JPKI.df_name))
            kind = self._card.read_token().kind
            if kind is not CardKind.CARD:
                return kind
            try:
                self._card.select(Application.TEXT)
            except CardError:
                return CardKind.UNKNOWN
            self._seen = see(self._card)
        self._answers["atr"] = describe_atr(self._gate.atr)
        self._answers["first_command"] = word(first)
        return kind

    def _require_plain(self) -> SeenCard:
        if self._seen is None:
            raise ValueError("only a plain My Number Card is surveyed")
        return self._seen

    def read(self) -> None:
        """Ask everything that needs no PIN.

        Raises:
            TransportError: the way to the card failed, or the card took too long.
        """
        self._require_plain()
        self._reader.read_all()

    def hold(self) -> None:
        """Keep the card from all other programs, so that it may be reset; its power is cut at the end.

        A counter that was read before has to be read again, since the card was opened again.

        Raises:
            ReaderBusyError: another program has it open.
            CardRemovedError: another card is there now.
            TransportError: this way to the card cannot do it.
        """
        before = self._require_plain()
        self._gate.take_exclusive()
        self._is_exclusive = self._presenter.restarts = True
        self._card.card.continuity = object()
        self._counters.clear()
        with self._card.transaction():
            self._seen = see(self._card)
        if self._seen.fingerprint != before.fingerprint:
            raise CardRemovedError("another card lies on the reader")

    def counter(self, pin: Pin) -> PinStatus:
        """Ask for the tries left of a PIN; it is presented only if they are all there (:func:`is_full`)."""
        self._require_plain()
        with self._card.transaction():
            status = self._counters[pin] = self._card.read_pin_status(pin)
        return status

    def present(self, pin: Pin, secret: Secret, check_interrupts: Callable[[], None] = lambda: None) -> None:
        """Present a PIN once to the card whose full counter was read, and ask what it opens.

        ``check_interrupts`` as for :class:`jpki.pin.presenting.TryPolicy`.

        Raises:
            ValueError: its counter was not read, or is not full; nothing was sent.
            JpkiError: as :meth:`jpki.survey.presenting.Presenter.present`.
        """
        seen, status = self._require_plain(), self._counters.pop(pin, None)
        if status is None or not is_full(status):
            raise ValueError("a survey presents a PIN with a full counter only")
        policy = TryPolicy(shown=status.retries_remaining, seen=seen, check_interrupts=check_interrupts)
        self._presenter.present(pin, secret, policy)
        self._pins.append(pin.value)

    def read_extended(self) -> None:
        """Try commands of extended length, which may end the connection; the last thing to ask."""
        self._require_plain()
        self._reader.read_extended()

    def result(self, program: str) -> SurveyResult:
        """Give what was found; ``program`` is the version of this one."""
        return SurveyResult(
            program,
            interface_of(self._gate.atr),
            tuple(self._pins),
            "auth.reset" in self._answers,
            dict(self._answers),
            {name: _timing(seconds) for name, seconds in self._gate.durations.items()},
        )

    def close(self) -> None:
        """Leave the card: without power where it was held exclusively, else as it is."""
        if not self._is_exclusive:
            return
        self._is_exclusive = False
        try:
            self._gate.unpower()
        except TransportError:
            return  # the card is gone, and its status with it


def is_full(status: PinStatus) -> bool:
    """Whether all tries of a PIN are left, which is when a survey may present it."""
    return status.state is PinState.FULL and status.retries_remaining == status.retry_limit


def _timing(seconds: list[float]) -> Timing:
    return Timing(len(seconds), round(median(seconds) * _MILLISECONDS), round(max(seconds) * _MILLISECONDS))
