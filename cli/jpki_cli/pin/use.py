"""Using a PIN for a command: by the library's request, with what became of the PIN in the JSON object."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jpki.pin import PinOptions, PinRequest

from .person import TerminalPerson

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard, Pin
    from jpki.pin import PinPad, PinReport, Secret, TryPolicy
    from jpki_cli.app import AppContext

    from .options import SecretOptions

T = TypeVar("T")

#: Facts of a command that has not come to the card.
NOTHING_SENT: Final[dict[str, Any]] = {"pin": "not_sent", "retries_remaining": None, "try_used": "no"}


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

    However it ends, even by an interruption, the JSON object says under ``name`` how the PIN fared.
    """

    def __init__(
        self, app: AppContext, pin: Pin, options: SecretOptions, secret: Secret | None, *, name: str = "pin"
    ) -> None:
        """Prepare; nothing is asked yet."""
        self._app = app
        self._pin = pin
        self._options = options
        self._secret = secret
        self._name = name
        self._request: PinRequest | None = None

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
                self._app.result |= facts_of(request.report, name=self._name)


def facts_of(report: PinReport, *, name: str) -> dict[str, Any]:
    """What became of a PIN, as the JSON object has it."""
    return {
        name: report.outcome.value,
        "retries_remaining": report.retries_remaining,
        "try_used": report.try_used.value,
    }
