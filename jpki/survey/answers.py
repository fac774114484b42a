"""Turning what a card sent into answers that tell the kind of card and nothing about its holder.

Status words, lengths that the card fixes, classes of 256 bytes for all others, and tags out of a list. No byte of a
value ever becomes an answer (docs/survey.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.errors import DataError, TlvError
from jpki.iso7816 import MAX_HEADER, read_all, read_header

if TYPE_CHECKING:
    from jpki.iso7816 import CommandApdu, Iso7816Card, ResponseApdu, StatusWord

#: Where a card's answer has no status word.
NO_STATUS_WORD: Final = "no status word"
NO_DATA_OBJECT: Final = "no data object"
#: Status words after which data are there (docs/card.md, 3.2).
READ: Final = frozenset({0x9000, 0x6282})
_CLASS: Final = 256
_EF_MAX: Final = 0x7FFF
#: Tags that stand on every card (docs/card.md, 1.3 to 1.6 and 3.1); others are not named.
_TAGS: Final = frozenset(
    {0x6F, 0x84, 0xA5, 0x7F21, 0x5F4E, 0x5F37}
    | {0xFF20, 0xFF30, 0xFF40, 0xDF21, 0xDF31, 0xDF32, 0xDF33, 0xDF34, 0xDF35, 0xDF41, 0xDF42, 0xDF43}
)

#: Answers to reset of docs/card.md, 5.1.
KNOWN_ATRS: Final = frozenset(
    bytes.fromhex(atr)
    for atr in (
        "3BE000FF8131FE4514",
        "3BDA13FF8131FB468012392F31C173C601C03B",
        "3BC5FF8131FB458073C6010000",
        "3BF59100FF918171FE400042000100D1D6",
        "3BF59100FF918171FE4000420001B3A115",
        "3B888001000005E0B381A1007F",
        "3B888001000041E0B381A1003B",
        "3B888001004B51FF0081D100BC",
        "3B888001004B51FFB381D1000F",
        "3B888001000014E0B38191005E",
    )
)
#: How PC/SC begins the answer of every contactless card with eight historical bytes (docs/card.md, 5.1).
_CONTACTLESS: Final = bytes.fromhex("3B888001")


def interface_of(atr: bytes) -> str:
    """Tell how the card is read, by the form of the answer to reset that PC/SC makes for contactless cards."""
    return "contactless" if atr[:1] == b"\x3b" and atr[2:4] == _CONTACTLESS[2:] else "contact"


def describe_atr(atr: bytes) -> str:
    """Give an answer to reset of the list; of any other its first byte and its length only.

    Historical bytes are free for use, and a reader may put there what identifies one card.
    """
    if atr in KNOWN_ATRS:
        return atr.hex().upper()
    return f"not in the list, {len(atr)} bytes"


def size_class(length: int) -> str:
    """Give the class of 256 bytes that a length falls into."""
    if not 0 <= length <= _EF_MAX:
        return "longer than any file"
    if length == 0:
        return "0 bytes"
    first = (length - 1) // _CLASS * _CLASS + 1
    return f"{first} to {first + _CLASS - 1} bytes"


def ask(card: Iso7816Card, command: CommandApdu) -> ResponseApdu | None:
    """Send a command and take any answer; None if it has no status word or never ends.

    Raises:
        TransportError: the way to the card failed.
    """
    try:
        return card.exchange(command)
    except DataError:
        return None


def word(response: ResponseApdu | None) -> str:
    """Give the status word of an answer."""
    return NO_STATUS_WORD if response is None else status_text(response.sw)


def status_text(sw: StatusWord) -> str:
    """Give a status word; of those that carry a number about the file or the counter not the number."""
    if sw.sw1 in (0x61, 0x6C):
        return f"{sw.sw1:02X}xx"
    return str(sw)


def counter_text(response: ResponseApdu | None, limit: int | None) -> str:
    """Give the answer to an empty VERIFY; of a counter that is not full only that it is a counter.

    How many tries somebody has used is not about the card. Where no source states the limit the number is given.
    """
    if response is None:
        return NO_STATUS_WORD
    sw = response.sw
    if sw & 0xFFF0 == 0x63C0 and sw & 0xF and limit is not None and sw & 0xF < limit:
        return "63Cx"
    return status_text(sw)


def tags_text(data: bytes, depth: int = 1) -> str:
    """Name the tag of a data object and the tags in it, those that every card has; ``other`` for any other tag."""
    try:
        header = read_header(data[:MAX_HEADER])
        names = [_tag(header.tag)]
        if depth:
            names += [_tag(inner.tag) for inner in read_all(data[header.size : header.total])]
    except TlvError:
        return NO_DATA_OBJECT
    return " ".join(names[:16])


def _tag(tag: int) -> str:
    return f"{tag:X}" if tag in _TAGS else "other"
