"""Whether commands of extended length get through to the card, and whether the card takes them."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from jpki.errors import CardError, DataError, TransportError
from jpki.identifiers import Application, JpkiEf
from jpki.iso7816 import CommandApdu

if TYPE_CHECKING:
    from .my_number_card import MyNumberCard

_ALL: Final = 65536
_GOT_THROUGH: Final = frozenset({0x9000, 0x6282})  # 6282: the file is shorter than that, which it is


class ExtendedLength(enum.Enum):
    """What became of a command of extended length."""

    TAKEN = "taken"
    REFUSED_BY_CARD = "refused_by_card"  # it answered, with another status word, as 6700
    LOST = "lost"  # no answer of the card arrived: the reader or its driver did not let it through


def try_extended_length(card: MyNumberCard) -> ExtendedLength:
    """Read the token label with an extended Le, and tell who did not take it.

    Unless it is asked for, this library sends short commands, which all data fit. A failure can leave the connection
    unusable, so this is the last thing to be asked on it.
    """
    try:
        with card.transaction():
            card.select(Application.JPKI, again=True)
            card.card.select_ef(JpkiEf.TOKEN)
            response = card.card.exchange(CommandApdu(0x00, 0xB0, 0x00, 0x00, le=_ALL))
    except CardError:
        return ExtendedLength.REFUSED_BY_CARD
    except (TransportError, DataError):
        return ExtendedLength.LOST
    if int(response.sw) not in _GOT_THROUGH:
        return ExtendedLength.REFUSED_BY_CARD
    return ExtendedLength.TAKEN if response.data else ExtendedLength.LOST
