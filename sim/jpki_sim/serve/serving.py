"""A simulated card in the virtual PC/SC reader for the length of a ``with`` block, for scripts and tests."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.errors import NoReaderError
from jpki_sim.card import CardWrapper
from jpki_sim.files import open_card

from .vpcd import DEFAULT_PORT, VpcdSlot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jpki_sim.card import CardPort
    from jpki_sim.files import LoadedCard

    from .vpcd import SlotEvent

#: vpcd takes a card as soon as it listens, and pcscd looks for one every 0.4 s; longer than this it is not there.
_TIMEOUT: Final = 5.0
#: pcscd powers a new card up and, with no program using it, down again; by then every program sees it.
_SETTLE: Final = 0.5
_SLOTS_OF_ENTRY: Final = 2


class _WatchedCard(CardWrapper):
    """Tells when the service has looked at the card."""

    def __init__(self, inner: CardPort) -> None:
        super().__init__(inner)
        self.is_seen = threading.Event()
        self.is_left = threading.Event()

    def power_on(self) -> None:
        super().power_on()
        self.is_seen.set()

    def power_off(self) -> None:
        super().power_off()
        if self.is_seen.is_set():
            self.is_left.set()


@contextmanager
def in_virtual_reader(card: CardPort, *, port: int = DEFAULT_PORT, timeout: float = _TIMEOUT) -> Iterator[str]:
    """Put a card into vpcd's reader and give the reader's name; the card is out again afterwards.

    Raises:
        NoReaderError: vpcd does not listen on that port, or no service looks at its reader.
    """
    connected = threading.Event()

    def note(_port: int, event: SlotEvent) -> None:
        if event == "connected":
            connected.set()

    watched = _WatchedCard(card)
    slot = VpcdSlot(watched, port=port, on_event=note)
    slot.start()
    try:
        if not connected.wait(timeout):
            raise NoReaderError(f"vpcd does not listen on port {port}")
        if not watched.is_seen.wait(timeout):
            raise NoReaderError("no PC/SC service looks at the virtual reader")
        watched.is_left.wait(_SETTLE)
        yield _reader_name(port)
    finally:
        slot.stop()


def _reader_name(port: int) -> str:
    """Name that pcscd gives the slot: two for each entry of its configuration, named as in docs/simulator.md."""
    entry, slot = divmod(port - DEFAULT_PORT, _SLOTS_OF_ENTRY)
    number = "" if entry == 0 else f" {entry + 1}"
    return f"Virtual PCD{number} 00 {slot:02X}"


@dataclass(frozen=True, slots=True)
class ServedCard:
    """A card that every PC/SC program of this computer sees, and the name of the reader that holds it."""

    loaded: LoadedCard
    reader: str


@contextmanager
def served(
    name_or_path: str, *, port: int = DEFAULT_PORT, today: date | None = None, timeout: float = _TIMEOUT
) -> Iterator[ServedCard]:
    """Put a persona or a card file into vpcd's reader for the length of the block.

    Args:
        name_or_path: as for :func:`jpki_sim.files.loading.open_card`.
        port: where vpcd listens on this computer; its second reader has the port after the first.
        today: the day from which a persona's dates are counted.
        timeout: seconds to wait for vpcd, and for the service.

    Raises:
        NoReaderError: there is no vpcd, or no service with it.
        UnknownPersonaError, CardFileError: there is no such card.
    """
    with (
        open_card(name_or_path, today=today) as loaded,
        in_virtual_reader(loaded.card, port=port, timeout=timeout) as reader,
    ):
        yield ServedCard(loaded, reader)
