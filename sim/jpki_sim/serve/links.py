"""How long a command takes on the way to a real card and back: bytes at the rate of the link, and what lies between.

The figures are computed from the standards' timing, not measured on a card; no source publishes measurements
(docs/card.md, section 8). Two are assumptions: how long the card and reader take to turn around
(``turnaround``), and that blocks are as long as the card allows. A signature's computing time is not
included.

Contact, T=1 (ISO/IEC 7816-3): a character takes 12 etu, start bit, eight data bits, parity and two of guard
time, or 11 when the card's TC1 is FF, as in ``3BE000FF8131FE4514``; one etu is the inverse of the bit rate. A
block adds NAD, PCB and LEN before at most 254 bytes and one byte of LRC after them, and 22 etu pass between
blocks in opposite directions. An APDU that does not fit goes in several blocks, each but the last answered by
a block of four bytes. ``contact-9600`` is the rate after reset with a clock of 3.5712 MHz; ``contact-115200``
assumes a card and reader that agree on F/D = 31.

Contactless, Type B (ISO/IEC 14443-3 and -4): a character takes 10 etu, with no extra guard time assumed; a
frame begins with SOF (at most 14 etu) and ends with EOF (at most 11 etu); one etu is 128/fc at 106 kbit/s and
32/fc at 424 kbit/s, fc being 13.56 MHz. A block adds PCB before and two bytes of CRC_B after at most 253
bytes, for frames of 256 bytes without CID: protocol info ``B3 81 A1`` in ``3B888001000005E0B381A1007F``
allows that size and rates up to 424 kbit/s. TR0 and TR1 (64 and 80 periods of the subcarrier fc/16) pass
before the card's answer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki_sim.card import CardWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import CardPort

_CARRIER: Final = 13_560_000.0
_ASSUMED_TURNAROUND: Final = 0.005


@dataclass(frozen=True, slots=True)
class Link:
    """Timing of one way to a card; times in seconds, sizes in bytes.

    ``character`` is one byte on the line, ``frame`` what a block adds besides its bytes, ``overhead`` the
    bytes that it adds, ``block`` how many it carries, ``acknowledgement`` the bytes of the block that answers
    a part, ``gap`` the time between blocks in opposite directions, ``turnaround`` the time that card and
    reader need for one command.
    """

    character: float = 0.0
    frame: float = 0.0
    overhead: int = 0
    block: int = 0
    acknowledgement: int = 0
    gap: float = 0.0
    turnaround: float = 0.0

    def seconds(self, command: int, response: int) -> float:
        """Time for a command and its response of these lengths."""
        return self._one_way(command) + self._one_way(response) + self.turnaround

    def _one_way(self, size: int) -> float:
        blocks = max(1, -(-size // self.block)) if self.block else 0
        acknowledgements = max(0, blocks - 1)
        characters = size + blocks * self.overhead + acknowledgements * self.acknowledgement
        frames = blocks + acknowledgements
        return characters * self.character + frames * (self.frame + self.gap)


def _contact(bits_per_second: float) -> Link:
    etu = 1 / bits_per_second
    # The last character of a block is followed by the gap in place of its own guard time.
    return Link(
        character=11 * etu,
        overhead=4,
        block=254,
        acknowledgement=4,
        gap=(22 - 11) * etu,
        turnaround=_ASSUMED_TURNAROUND,
    )


def _contactless(cycles_per_etu: int) -> Link:
    etu = cycles_per_etu / _CARRIER
    subcarrier = 16 / _CARRIER
    return Link(
        character=10 * etu,
        frame=(14 + 11) * etu,
        overhead=3,
        block=253,
        acknowledgement=3,
        gap=(64 + 80) * subcarrier,
        turnaround=_ASSUMED_TURNAROUND,
    )


#: Links by the names that they have on the command line.
LINKS: Final[dict[str, Link]] = {
    "none": Link(),
    "contact-9600": _contact(9600),
    "contact-115200": _contact(115200),
    "nfc-106": _contactless(128),
    "nfc-424": _contactless(32),
}


class LinkedCard(CardWrapper):
    """A card at the end of a link: each answer arrives when it would there."""

    def __init__(self, inner: CardPort, link: Link, *, sleep: Callable[[float], object] = time.sleep) -> None:
        """Put ``inner`` at the end of ``link``; ``sleep`` is how time passes."""
        super().__init__(inner)
        self._link = link
        self._sleep = sleep

    def process(self, command: bytes) -> bytes:
        """Execute a command and take the time that it needs on the link."""
        with self.lock:
            answer = self.inner.process(command)
            self._sleep(self._link.seconds(len(command), len(answer)))
            return answer
