"""Readers with simulated cards in them, in this process: what a program sees of a desk, without PC/SC."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from jpki.errors import NoCardError, NoReaderError
from jpki.transport import ReaderState, has_changed
from jpki_sim.card import CardWrapper, SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jpki_sim.card import CardPort
    from jpki_sim.files import LoadedCard


class _Inserted(CardWrapper):
    """A card in a reader, which is there until it is taken out."""

    def __init__(self, inner: CardPort, is_in: Callable[[], bool]) -> None:
        """Lie around a card; ``is_in`` tells whether it is in its reader still."""
        super().__init__(inner)
        self._is_in = is_in

    @property
    def is_present(self) -> bool:
        """Whether it was not taken out, as a reader tells it; a card by itself knows of a reset only."""
        return self._is_in() and super().is_present


class SimulatedReaders:
    """Readers by name, each empty (None) or with a simulated card: a persona's name or a card file.

    It has what programs use of :class:`jpki.transport.pcsc.PcscSystem`, and may stand in its place: readers,
    waiting for a change, connecting. :meth:`insert` and :meth:`remove` are what a person does; another thread may.
    """

    def __init__(self, cards: Mapping[str, str | None]) -> None:
        """Set the readers up, with the cards in them.

        Raises:
            UnknownPersonaError, CardFileError: there is no such simulated card.
        """
        self._changed = threading.Condition()
        self._cards: dict[str, LoadedCard | None] = dict.fromkeys(cards)
        # Insertions and removals, as PC/SC counts them: a card exchanged between two looks is another card.
        self._events = dict.fromkeys(cards, 1)
        for reader, card in cards.items():
            if card is not None:
                self.insert(reader, card)

    def insert(self, reader: str, card: str) -> None:
        """Put a card into a reader, in place of one that was in it.

        Raises:
            NoReaderError: there is no reader of this name.
            UnknownPersonaError, CardFileError: there is no such simulated card.
        """
        self._require(reader)
        self.remove(reader)
        loaded = open_card(card)
        with self._changed:
            self._cards[reader] = loaded
            self._events[reader] += 1
            self._changed.notify_all()

    def remove(self, reader: str) -> None:
        """Take the card out, if there is one; its connections end, and a persona forgets what was done to it.

        Raises:
            NoReaderError: there is no reader of this name.
        """
        with self._changed:
            loaded = self._require(reader)
            self._cards[reader] = None
            self._events[reader] += loaded is not None
            self._changed.notify_all()
        if loaded is not None:
            loaded.card.power_off()
            loaded.close()

    def readers(self) -> tuple[ReaderState, ...]:
        """List the readers and whether a card is in each.

        Raises:
            NoReaderError: no reader is connected.
        """
        states = self._states()
        if not states:
            raise NoReaderError("no reader is connected")
        return states

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """Wait until a card is added or removed; return all readers, ``known`` after ``timeout`` seconds."""
        with self._changed:
            has_come = self._changed.wait_for(lambda: has_changed(known, self._states()), timeout)
            return self._states() if has_come else known

    def connect(self, reader: str, *, patience: float | None = None) -> SimulatedConnection:  # noqa: ARG002 - no one else has it
        """Open the card in a reader.

        Raises:
            NoReaderError: there is no reader of this name.
            NoCardError: no card is in it.
        """
        with self._changed:
            loaded = self._require(reader)
        if loaded is None:
            raise NoCardError("no card is in the reader")
        return SimulatedConnection(_Inserted(loaded.card, lambda: self._cards[reader] is loaded), reader)

    def close(self) -> None:
        """Take all cards out; a second call does nothing."""
        for reader in self._cards:
            self.remove(reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _require(self, reader: str) -> LoadedCard | None:
        if reader not in self._cards:
            raise NoReaderError("no reader has this name")
        return self._cards[reader]

    def _states(self) -> tuple[ReaderState, ...]:
        return tuple(
            ReaderState(
                name,
                index,
                is_card_present=loaded is not None,
                atr=loaded.card.atr if loaded else b"",
                event_state=self._events[name] << 16,
            )
            for index, (name, loaded) in enumerate(self._cards.items())
        )
