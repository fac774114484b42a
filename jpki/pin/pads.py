"""The keys of a reader: whether they are to be used for a PIN, and what the person is told to type on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import M

from .pad import PadStep, PinPad
from .person import Notice, NoticeKind

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin

    from .person import Person

_STEPS: Final = {
    PadStep.CURRENT: M("Type the current PIN on the keys of the reader. Its cancel key stops."),
    PadStep.NEW_TWICE: M("Type the new PIN on the keys of the reader, twice. Its cancel key stops."),
    PadStep.NEW_AGAIN: M("Type the new PIN on the keys of the reader once more, to read it back."),
}
_CANNOT_CHANGE: Final = M("The keys of this reader cannot take a new PIN; it is typed here.")
#: Said before a new PIN is typed there.
NOT_JUDGED: Final = M("The reader looks at the number of digits only, not at how easily they are guessed.")


def find_pad(person: Person, card: MyNumberCard, pin: Pin, *, for_change: bool = False) -> PinPad | None:
    """Find the keys of the reader, for a 4-digit PIN; None where the PIN is typed on the computer."""
    if pin.is_password:
        return None
    from jpki.transport import find_pin_pad

    reader = find_pin_pad(card.card.connection)
    if reader is None:
        return None
    pad = PinPad(reader, lambda step: person.tell(Notice(NoticeKind.PIN_PAD, _STEPS[step])))
    if for_change and not pad.can_modify:
        person.tell(Notice(NoticeKind.PIN_PAD, _CANNOT_CHANGE))
        return None
    return pad
