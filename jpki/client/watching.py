"""Readers, and the cards that are put on and taken off."""

from __future__ import annotations

import enum
from collections import deque
from threading import Event
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from jpki.errors import NoReaderError
from jpki.transport import has_changed

from .service import open_service, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.transport import ReaderState

    from .service import CardService

#: How long one wait lasts, in seconds: how soon :meth:`Watch.close` is noticed by another thread.
_SLICE: Final = 0.5


def readers(*, service: CardService | None = None) -> tuple[ReaderState, ...]:
    """List the readers, and whether a card is on each; () if there are none. No card is touched.

    Raises:
        TransportError: there is no PC/SC service, or it cannot be used.
    """
    with opened(service) as system:
        return _list(system)


class ReaderChange(enum.Enum):
    """What happened to a reader."""

    READER_ADDED = "reader_added"
    READER_REMOVED = "reader_removed"
    CARD_INSERTED = "card_inserted"
    CARD_REMOVED = "card_removed"


class ReaderEvent(NamedTuple):
    """One change, and the reader as it is after it (as it was, where it is gone)."""

    change: ReaderChange
    reader: ReaderState


class Watch:
    """What comes and goes, one :class:`ReaderEvent` after the other; the readers and cards of the beginning come first.

    An iterator that waits for the next event, and a context manager. It ends when :meth:`close` is called, which any
    thread may do.
    """

    def __init__(self, service: CardService | None = None) -> None:
        """Wait for nothing yet."""
        self._service, self._is_own = open_service(service)
        self._known: tuple[ReaderState, ...] = ()
        self._events: deque[ReaderEvent] = deque()
        self._has_begun = False
        self._closed = Event()

    def __iter__(self) -> Self:
        """The watch is its own iterator, so there is one sequence of events."""
        return self

    def __next__(self) -> ReaderEvent:
        """Wait for the next event.

        Raises:
            StopIteration: the watch was closed.
            TransportError: there is no PC/SC service, or it went away.
        """
        while not self._closed.is_set():
            if self._events:
                return self._events.popleft()
            self._look()
        self._release()
        raise StopIteration

    def close(self) -> None:
        """End the watch within half a second; a second call does nothing."""
        self._closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._release()

    def _look(self) -> None:
        found = self._service.wait_for_change(self._known, _SLICE) if self._has_begun else _list(self._service)
        self._has_begun = True
        if found is not self._known:
            self._events.extend(_events(self._known, found))
            self._known = found

    def _release(self) -> None:
        if self._is_own:
            self._service.close()


def watch(*, service: CardService | None = None) -> Watch:
    """Watch readers and cards come and go."""
    return Watch(service)


def _list(system: CardService) -> tuple[ReaderState, ...]:
    try:
        return system.readers()
    except NoReaderError:
        return ()


def _events(before: tuple[ReaderState, ...], after: tuple[ReaderState, ...]) -> Iterator[ReaderEvent]:
    """The changes that lead from one state to another, removals first."""
    old = {state.name: state for state in before}
    new = {state.name: state for state in after}
    for name, state in old.items():
        now = new.get(name)
        if state.is_card_present and (now is None or not now.is_card_present or _is_another_card(state, now)):
            yield ReaderEvent(ReaderChange.CARD_REMOVED, now or state)
        if now is None:
            yield ReaderEvent(ReaderChange.READER_REMOVED, state)
    for name, state in new.items():
        was = old.get(name)
        if was is None:
            yield ReaderEvent(ReaderChange.READER_ADDED, state)
        if state.is_card_present and (was is None or not was.is_card_present or _is_another_card(was, state)):
            yield ReaderEvent(ReaderChange.CARD_INSERTED, state)


def _is_another_card(before: ReaderState, after: ReaderState) -> bool:
    """Whether a card was taken off and one was put down between two looks: another answer to reset, or the counter."""
    return has_changed((_still(before),), (_still(after),))


def _still(state: ReaderState) -> ReaderState:
    """A reader's state without what other programs do with the card."""
    from dataclasses import replace

    return replace(state, is_in_use=False, is_exclusive=False, is_mute=False, index=0)
