"""Reading the application 券面事項入力補助 once its PIN is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.errors import CardError, DataError
from jpki.identifiers import TextEf

if TYPE_CHECKING:
    from jpki.card import MyNumberCard

#: Name and address take some 400 bytes where they are long; a card that claims more than this is not believed.
MAX_ATTRIBUTES: Final = 4096
#: EF 0003 has 336 bytes and EF 0004 has 568 (docs/card.md, 1.3).
_MAX_OTHERS: Final = 2048
#: The physical EF 0001, of which EF 0003 holds the hash: 15 bytes and two of filler (docs/card.md, 1.3).
_MY_NUMBER_BYTES: Final = 17


@dataclass(frozen=True, slots=True)
class TextFiles:
    """Files of the application as the card gave them out; None for one that was not asked for or not given."""

    attributes: bytes
    my_number: bytes | None
    integrity: bytes | None
    cv_certificate: bytes | None

    def __repr__(self) -> str:
        return "<TextFiles>"


def read_text_files(card: MyNumberCard, *, with_my_number: bool = False, with_integrity: bool = True) -> TextFiles:
    """Read the attributes, and what the card says for their truth ``with_integrity``: some five commands more.

    EF 0001 is read only ``with_my_number``.

    The PIN of the application has just been verified, in the same transaction (:class:`jpki.pin.request.PinRequest`).

    Raises:
        FileNotFoundOnCardError: the card has no such application, as phones have none.
        DataError: a file holds something else.
    """
    attributes = card.card.read_ef(TextEf.ATTRIBUTES, limit=MAX_ATTRIBUTES)
    my_number = card.card.read_start(TextEf.MY_NUMBER, _MY_NUMBER_BYTES) if with_my_number else None
    if not with_integrity:
        return TextFiles(attributes, my_number, None, None)
    return TextFiles(
        attributes, my_number, _read_if_there(card, TextEf.INTEGRITY), _read_if_there(card, TextEf.CV_CERTIFICATE)
    )


def _read_if_there(card: MyNumberCard, ef_id: int) -> bytes | None:
    try:
        return card.card.read_ef(ef_id, limit=_MAX_OTHERS)
    except (CardError, DataError):
        return None
