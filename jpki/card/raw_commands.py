"""Commands that the user wrote: sent as they are, in one transaction, and the card left closed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.iso7816 import ResponseApdu, command_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .my_number_card import MyNumberCard

#: What only looks (ISO/IEC 7816-4, 11): SELECT, READ BINARY, READ RECORD, GET DATA, GET CHALLENGE, GET RESPONSE.
_LOOKING: Final = frozenset({0xA4, 0xB0, 0xB1, 0xB2, 0xB3, 0xCA, 0xCB, 0x84, 0xC0})
#: Classes without chaining, secure messaging or another logical channel: ISO's, and the one of JICSAP.
_PLAIN_CLASSES: Final = frozenset({0x00, 0x80})
_VERIFY: Final = 0x20
_HEADER: Final = 4


@dataclass(frozen=True, slots=True)
class RawExchange:
    """A command by its name and header, without its data, and what the card answered."""

    name: str
    response: ResponseApdu


def is_risky(command: bytes | bytearray) -> bool:
    """Whether a command may use a try, replace a PIN or reset a counter: every one that is not known only to look.

    A VERIFY of four bytes has no PIN and asks for the counter (docs/card.md, section 2).
    """
    if len(command) < _HEADER or command[0] not in _PLAIN_CLASSES:
        return True
    return command[1] not in _LOOKING and not (command[1] == _VERIFY and len(command) == _HEADER)


def send_raw(
    card: MyNumberCard, commands: Iterable[bytes | bytearray], on_answer: Callable[[RawExchange], None]
) -> None:
    """Send each command once, in one transaction, and hand over each answer as it comes.

    Nothing is fetched with GET RESPONSE and nothing is asked again with another Le: the sender does that. If a command
    that does not only look was sent (:func:`is_risky`), the security status is dropped at the end, whatever happened.

    Raises:
        ApduError: an answer without a status word; the rest is not sent.
        TransportError: the way to the card failed.
    """
    was_risky = False
    with card.transaction():
        try:
            for command in commands:
                was_risky = was_risky or is_risky(command)
                answer = card.card.connection.transmit(command)
                on_answer(RawExchange(command_name(command[0], command[1]), ResponseApdu.from_bytes(answer)))
        finally:
            if was_risky:
                card.drop_security_status()
