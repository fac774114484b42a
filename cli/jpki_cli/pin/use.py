"""Using a PIN for a command: by the library's request, with what became of the PIN in the JSON object."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from jpki.pin import PinOptions, PinRequest

from .person import TerminalPerson

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, Pin
    from jpki.pin import PinPad, PinReport, Secret, TryPolicy
    from jpki_cli.app import AppContext
    from jpki_cli.results.common import PinIfUsedFacts, PinUseFacts, TryFacts
    from jpki_cli.results.pins import PinChangeResult, PinVerifyResult

    from .options import SecretOptions

T = TypeVar("T")


def pin_options(app: AppContext, options: SecretOptions) -> PinOptions:
    """What the command line allows, and its way back to a card that was lost."""
    from jpki_cli.process import shielded

    return PinOptions(
        use_last_try=options.use_last_try,
        use_hidden_counter=options.hidden_counter,
        with_pad=not options.no_pinpad,
        reopen=lambda seconds: app.open_card(wait=seconds),
        shield=shielded,
    )


class PinUse:
    """The one use of a PIN by a command; ``secret`` is a script's, None if a person is asked.

    However it ends, even by an interruption, ``note`` is called with how the PIN fared.
    """

    def __init__(
        self,
        app: AppContext,
        pin: Pin,
        options: SecretOptions,
        secret: Secret | None,
        note: Callable[[PinReport], object],
    ) -> None:
        """Prepare; nothing is asked yet."""
        self._app = app
        self._pin = pin
        self._options = options
        self._secret = secret
        self._note = note
        self._request: PinRequest | None = None

    @property
    def is_script(self) -> bool:
        """Whether the PIN is a script's, and nobody is asked."""
        return self._secret is not None

    def was_shown(self, certificate: bytes) -> bool:
        """As :meth:`jpki.pin.PinRequest.was_shown`, of the use that is under way."""
        return self._request is not None and self._request.was_shown(certificate)

    def run(self, card: MyNumberCard, work: Callable[[MyNumberCard], T]) -> T:
        """Present the PIN once and do the work in the same transaction."""
        return self._noted(card, lambda request: request.run(work))

    def run_in_turns(self, card: MyNumberCard, use: Callable[[Secret | PinPad, TryPolicy], T]) -> T:
        """Have the PIN entered, and used by a function that presents it itself, once in each turn at the card."""
        return self._noted(card, lambda request: request.use(use))

    def _noted(self, card: MyNumberCard, call: Callable[[PinRequest], T]) -> T:
        entry = self._secret or TerminalPerson(self._app)
        request = self._request = PinRequest(card, self._pin, entry, pin_options(self._app, self._options))
        with self._secret or nullcontext():
            try:
                return call(request)
            finally:
                self._note(request.report)


def note_use(result: PinUseFacts | PinIfUsedFacts, report: PinReport) -> None:
    """Say in the JSON object what became of a PIN."""
    result["pin"] = report.outcome.value
    _note_counter(result, report)


def note_outcome(result: PinVerifyResult | PinChangeResult, report: PinReport) -> None:
    """Say in the JSON object what became of a PIN that the command is about."""
    result["outcome"] = report.outcome.value
    _note_counter(result, report)


def _note_counter(result: TryFacts | PinIfUsedFacts, report: PinReport) -> None:
    result["retries_remaining"] = report.retries_remaining
    result["try_used"] = report.try_used.value
