"""Whether commands of extended length get through to the card, which some readers and drivers do not let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.errors import CardError, DataError, TransportError
from jpki.identifiers import Application, JpkiEf
from jpki.iso7816.apdu import CommandApdu

if TYPE_CHECKING:
    from jpki.card.my_number_card import MyNumberCard

_ALL: Final = 65536
_GOT_THROUGH: Final = frozenset({0x9000, 0x6282})  # 6282: the file is shorter than that, which it is


def takes_extended_length(card: MyNumberCard) -> bool:
    """Read the token label with an extended Le; False where reader, driver or card does not take that.

    Where nobody asks for it this library sends short commands, which all data fit. A failure can leave the connection
    unusable, so this is the last thing to be asked on it.
    """
    try:
        with card.transaction():
            card.select(Application.JPKI, again=True)
            card.card.select_ef(JpkiEf.TOKEN)
            response = card.card.exchange(CommandApdu(0x00, 0xB0, 0x00, 0x00, le=_ALL))
    except (TransportError, CardError, DataError):
        return False
    return int(response.sw) in _GOT_THROUGH and bool(response.data)
