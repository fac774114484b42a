"""PIN pads: which reader has one that is to be used, and what the person is told to type on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.application.pin_pad import PadStep, PinPad
from jpki_cli.click_classes import Option
from jpki_cli.i18n import M

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import Pin
    from jpki_cli.context import AppContext

_STEPS: Final = {
    PadStep.CURRENT: M("Type the current PIN on the keys of the reader. Its cancel key stops."),
    PadStep.NEW_TWICE: M("Type the new PIN on the keys of the reader, twice. Its cancel key stops."),
    PadStep.NEW_AGAIN: M("Type the new PIN on the keys of the reader once more, to read it back."),
}


def pin_pad_option() -> Option:
    """Make the option that refuses the reader's keys."""
    return Option(["--no-pinpad"], is_flag=True, help=M("Type the PIN on this computer, not on the reader's keys."))


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
