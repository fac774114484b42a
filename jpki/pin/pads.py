"""The keys of a reader: whether they are to be used for a PIN, and what the person is asked to type on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import M

from .pad import PadStep, PinPad
from .person import Notice, NoticeKind

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin

    from .person import Person

_STEPS: Final = {
    PadStep.CURRENT: M("Type the current PIN on the keys of the reader. Press its cancel key to stop."),
    PadStep.NEW_TWICE: M("Type the new PIN twice on the keys of the reader. Press its cancel key to stop."),
    PadStep.NEW_AGAIN: M("To confirm the new PIN, type it once more on the keys of the reader."),
}
_CANNOT_CHANGE: Final = M("A new PIN cannot be entered on the keys of this reader; type it here.")
#: Said before a new PIN is typed there.
NOT_JUDGED: Final = M("The reader checks only the number of digits, not how easily they can be guessed.")


def find_pad(person: Person, card: MyNumberCard, pin: Pin, *, for_change: bool = False) -> PinPad | None:
    """Find the keys of the reader, for a 4-digit PIN; None if the PIN is typed on the computer."""
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
