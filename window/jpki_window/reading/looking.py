"""From what comes and goes on the readers to what is known of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from jpki.errors import CardMuteError, NoCardError, NoReaderError, SeveralCardsError, UnknownReaderError
from jpki.transport import find_reader

from .glance import Glance
from .watcher import Watcher
from .worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from jpki.advice import Advice
    from jpki.card import CardStatus
    from jpki.client import Card, CardService
    from jpki.transport import ReaderState

    Read = tuple[str, CardStatus, tuple[Advice, ...], datetime]


class Looking(QObject):
    """Reads the card whenever readers or cards changed, and tells what is known of it; for the thread of the window."""

    #: A :class:`Glance`.
    seen = Signal(object)

    def __init__(self, service: CardService | None, clock: Callable[[], datetime]) -> None:
        """Start the card's thread; nothing is looked at before :meth:`start`."""
        super().__init__()
        self._clock = clock
        self._is_simulated = False
        self._chosen: str | None = None
        self._states: tuple[ReaderState, ...] = ()
        self._turn = 0
        self._begin(service)

    def _begin(self, service: CardService | None) -> None:
        self.service: CardService | None = service
        self.worker = Worker(service)
        self._watcher = Watcher(service)
        self._watcher.changed.connect(self._readers_changed)

    def start(self, reader: str | None = None) -> None:
        """Begin to watch the readers; a card on ``reader`` (a part of one name, or a number) is shown before others."""
        self._chosen = reader
        self._watcher.start()

    def stop(self) -> bool:
        """End the threads; tells whether all of them ended."""
        self._watcher.changed.disconnect(self._readers_changed)
        has_ended = self._watcher.stop()
        return self.worker.stop() and has_ended

    def use(self, service: CardService | None, *, is_simulated: bool) -> None:
        """Take cards from another service, or from PC/SC again (None)."""
        before, was_simulated = self.service, self._is_simulated
        self.stop()
        if was_simulated and before is not None:
            before.close()
        self._is_simulated = is_simulated
        self._chosen = None
        self._begin(service)
        self.seen.emit(Glance(is_simulated=is_simulated))
        self.start()

    def choose_reader(self, name: str | None) -> None:
        """Show the card on this reader; None is the only card that there is."""
        self._chosen = name
        self.look_again()

    def look_again(self) -> None:
        """Read the card anew."""
        self._look(self._states)

    def _readers_changed(self, found: tuple[ReaderState, ...] | BaseException) -> None:
        if isinstance(found, BaseException):
            self._states = ()
            self._tell(Glance(failure=found))
            return
        self._states = found
        self._look(found, is_another=True)

    def _look(self, states: tuple[ReaderState, ...], *, is_another: bool = False) -> None:
        """Read the card that is meant, or tell what is in the way; ``is_another``: not the one that is shown."""
        real = [state for state in states if not state.is_virtual] or list(states)
        with_card = tuple(state for state in real if state.is_card_present)
        present = tuple(state.name for state in with_card)
        self._chosen = _found(with_card, self._chosen)
        if not present:
            self._tell(Glance(failure=NoCardError("no card") if real else NoReaderError("no reader")))
            return
        self.worker.reader = self._chosen or (present[0] if len(present) == 1 else None)
        mute = next((s for s in real if s.name == self.worker.reader and s.is_mute), None)
        if mute is not None:
            self._tell(Glance(mute.name, failure=CardMuteError("mute"), readers=present))
            return
        if is_another:
            self._tell(Glance(readers=present))
        self._read(present)

    def _read(self, present: tuple[str, ...]) -> None:
        self._turn += 1
        turn = self._turn
        reader = self.worker.reader

        def done(found: Read) -> None:
            name, status, advice, at = found
            if turn == self._turn:
                self._emit(Glance(name, status, advice, None, present, at, self._is_simulated))

        def failed(exc: BaseException) -> None:
            if turn == self._turn:
                readers = exc.readers if isinstance(exc, SeveralCardsError) else present
                self._emit(Glance(reader, failure=exc, readers=readers, is_simulated=self._is_simulated))

        self.worker.submit(self._status, done, failed)

    def _status(self, card: Card) -> Read:
        from jpki import advise

        at = self._clock()
        status = card.status(at=at)
        return card.reader, status, advise(status, at=at), at

    def _tell(self, glance: Glance) -> None:
        """Tell something that needs no look at the card; a look that is under way counts no more."""
        from dataclasses import replace

        self._turn += 1
        self._emit(replace(glance, at=self._clock(), is_simulated=self._is_simulated))

    def _emit(self, glance: Glance) -> None:
        self.seen.emit(glance)


def _found(states: tuple[ReaderState, ...], wanted: str | None) -> str | None:
    """The name of the reader that was chosen, if a card lies on it."""
    if wanted is None:
        return None
    try:
        return find_reader(states, wanted).name
    except UnknownReaderError:
        return None
