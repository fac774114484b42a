"""PIN pads: which reader has one that is to be used, and what the person is told to type on it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from jpki.pin.pad import PadStep, PinPad
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import Pin
    from jpki.pin.commands import TryPolicy
    from jpki.pin.secret import Secret
    from jpki_cli.app.context import AppContext
    from jpki_cli.pin.entry import SecretOptions

_STEPS: Final = {
    PadStep.CURRENT: M("Type the current PIN on the keys of the reader. Its cancel key stops."),
    PadStep.NEW_TWICE: M("Type the new PIN on the keys of the reader, twice. Its cancel key stops."),
    PadStep.NEW_AGAIN: M("Type the new PIN on the keys of the reader once more, to read it back."),
}


def with_pin_or_pad(
    app: AppContext,
    card: MyNumberCard,
    pin: Pin,
    options: SecretOptions,
    use: Callable[[Secret | PinPad, TryPolicy], None],
) -> None:
    """Have a person enter a PIN, here or on the reader's keys, and use it once.

    Raises:
        JpkiError: as :func:`jpki_cli.pin.entry.with_pin`; PinPadError where the reader ended the entry.
    """
    from jpki_cli.pin.entry import Presentation, present, with_pin

    pad = find_pad(app, card, pin, is_refused=options.no_pinpad)
    if pad is None:
        with_pin(app, card, pin, options, use)
    else:
        present(app, card, pin, options, Presentation(lambda: nullcontext(pad), use))


def find_pad(
    app: AppContext, card: MyNumberCard, pin: Pin, *, is_refused: bool, for_change: bool = False
) -> PinPad | None:
    """Find the keys of the reader, for a 4-digit PIN; None where the PIN is typed on the computer."""
    if is_refused or pin.is_password:
        return None
    from jpki.transport.pinpad import find_pin_pad

    reader = find_pin_pad(card.card.connection)
    if reader is None:
        return None
    pad = PinPad(reader, lambda step: app.note(_STEPS[step]))
    if for_change and not pad.can_modify:
        app.note(M("The keys of this reader cannot take a new PIN; it is typed here."))
        return None
    return pad
