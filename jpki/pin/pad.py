"""A PIN typed on the reader's own keys: it takes the place of a secret and never comes to this computer.

Only the 4-digit PINs: form, capitals and weakness of the signature password cannot be looked at there.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.card import Pin
from jpki.errors import PadFault, PinPadError
from jpki.iso7816 import CHANGE_KEY, CHANGE_REFERENCE_DATA, VERIFY, CommandApdu, ResponseApdu
from jpki.words import M

from .person import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard
    from jpki.iso7816 import StatusWord
    from jpki.transport import PinPadReader

    from .person import Person

_DIGITS: Final = 4
#: Where the reader puts the digits; a byte that no PIN can have, should it ever be left there.
_PLACE: Final = b"\xff" * _DIGITS


class PadStep(enum.Enum):
    """What the person is to type on the keys."""

    CURRENT = "current"
    NEW_TWICE = "new_twice"
    NEW_AGAIN = "new_again"


# PC/SC part 10, 2.5.2 and 2.5.3. A card that sent one of the first itself would mean by it that nothing was changed.
_FAULTS: Final = {
    0x6400: PadFault.TIMEOUT,
    0x6401: PadFault.CANCELLED,
    0x6402: PadFault.MISMATCH,
    0x6403: PadFault.LENGTH,
    0x6B80: PadFault.REFUSED,
}

_STEPS: Final = {
    PadStep.CURRENT: M("Type the current PIN on the keys of the reader. Press its cancel key to stop."),
    PadStep.NEW_TWICE: M("Type the new PIN twice on the keys of the reader. Press its cancel key to stop."),
    PadStep.NEW_AGAIN: M("To confirm the new PIN, type it once more on the keys of the reader."),
}
_CANNOT_CHANGE: Final = M("A new PIN cannot be entered on the keys of this reader; type it here.")
#: Said before a new PIN is typed there.
NOT_JUDGED: Final = M("The reader checks only the number of digits, not how easily they can be guessed.")


@dataclass(frozen=True, slots=True)
class PinPad:
    """Used instead of a secret; ``announce`` is to be called before each entry, to say what to type."""

    reader: PinPadReader
    announce: Callable[[PadStep], None]

    @property
    def can_modify(self) -> bool:
        """Whether a new PIN can be typed there, too."""
        return self.reader.modify_code is not None

    def verify(self) -> StatusWord:
        """Have a PIN typed and presented to the current IEF: VERIFY, once.

        Raises:
            PinPadError: the reader ended the entry; nothing was sent.
            ApduError: the answer is not a status word, so it is unknown what the card did.
        """
        return _status_word(self.reader.verify(_template(VERIFY), _DIGITS))

    def change(self, pin: Pin) -> StatusWord:
        """Have a new PIN typed twice and set for the current IEF, once, with the command that this PIN needs.

        Raises:
            PinPadError, ApduError: as :meth:`verify`.
        """
        header = CHANGE_KEY if pin is Pin.JUKI else CHANGE_REFERENCE_DATA
        return _status_word(self.reader.modify(_template(header), _DIGITS))


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


def _template(header: tuple[int, int, int, int]) -> bytes:
    return bytes(CommandApdu(*header, _PLACE))


def _status_word(answer: bytes) -> StatusWord:
    sw = ResponseApdu.from_bytes(answer).sw
    fault = _FAULTS.get(sw)
    if fault is not None:
        raise PinPadError("the PIN pad ended the entry", reason=fault)
    return sw
