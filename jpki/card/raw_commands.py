"""Commands that the user wrote: sent as they are, in one transaction, and the card left closed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.iso7816.apdu import ResponseApdu
from jpki.iso7816.redact import SECRET_INSTRUCTIONS, command_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jpki.card.my_number_card import MyNumberCard

#: UNLOCK KEY of JICSAP (docs/card.md, section 2), and ENVELOPE, which can hold any command (ISO/IEC 7816-4, 11.7).
_UNLOCK_KEY: Final = 0x54
_ENVELOPE: Final = (0xC2, 0xC3)
#: Commands that use a try, replace a secret or reset a counter, whatever their class: chained and secured ones, and
#: those of other logical channels, have the same INS.
RISKY_INSTRUCTIONS: Final = SECRET_INSTRUCTIONS | {_UNLOCK_KEY, *_ENVELOPE}
_HEADER: Final = 4


@dataclass(frozen=True, slots=True)
class RawExchange:
    """A command by its name and header, without its data, and what the card answered."""

    name: str
    response: ResponseApdu


def is_risky(command: bytes | bytearray) -> bool:
    """Whether a command may use a try, replace a PIN or reset a counter."""
    return len(command) >= _HEADER and command[1] in RISKY_INSTRUCTIONS


def send_raw(
    card: MyNumberCard, commands: Iterable[bytes | bytearray], on_answer: Callable[[RawExchange], None]
) -> None:
    """Send each command once, in one transaction, and hand over each answer as it comes.

    Nothing is fetched with GET RESPONSE and nothing is asked again with another Le: the sender does that. If a command
    that may carry a secret was sent, the security status is dropped at the end, whatever happened.

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
