"""What a card's holder can do about a PIN, asked of the same rules as ``status`` where a use of it has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.errors import HiddenCounterError, JpkiError, LastTryError, PinBlockedError, PinChangeError, PinNotInUseError

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.card import MyNumberCard

    from .rules import Advice

_NEW_CARD: Final = "card_expired"


def pin_in_trouble(exc: BaseException) -> str | None:
    """The PIN that an error says is locked or has one try left; None for every other error."""
    cause = exc.cause if isinstance(exc, PinChangeError) else exc
    if isinstance(cause, (LastTryError, HiddenCounterError)) or (
        isinstance(cause, PinBlockedError) and not isinstance(cause, PinNotInUseError)
    ):
        return cause.pin
    return None


def advice_about(card: MyNumberCard, pin: str, at: datetime) -> tuple[Advice, ...]:
    """Read the card and say what can be done about a PIN; nothing where the card does not answer any more.

    Needs no PIN and uses no try.
    """
    from jpki.card import read_status

    from .card_rules import Action
    from .rules import advise_status

    try:
        status = read_status(card, at=at, with_issuer=False)
    except JpkiError:
        return ()
    found = [a for a in advise_status(status, at) if pin in a.pins or a.code == _NEW_CARD]
    return tuple(a._replace(pins=(pin,)) if a.rule.action is Action.STOP else a for a in found)
