"""Watches readers and cards come and go, in a thread of its own that sleeps until PC/SC tells of a change."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from jpki.errors import JpkiError, NoReaderError
from jpki.transport import has_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.client import CardService
    from jpki.transport import ReaderState

#: How long one wait lasts, in seconds: how soon the end of the window is noticed.
_SLICE: Final = 0.25
#: Seconds until the next look where there is no service that could tell of its coming.
_WITHOUT_SERVICE: Final = 3.0


class Watcher(QObject):
    """Tells the thread of the window which readers there are, at the beginning and after each change."""

    #: A tuple of :class:`jpki.ReaderState`, or the error that keeps them from being listed.
    changed = Signal(object)

    def __init__(self, service: CardService | None) -> None:
        """Begin at :meth:`start`; ``service`` None is PC/SC."""
        super().__init__()
        self._service = service
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Look, and go on looking."""
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """End the watch; tells whether it did within so many seconds."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        told: str | None = None
        while not self._stopped.is_set():
            try:
                self._watch()
            except JpkiError as exc:
                if told != repr(exc):
                    self.changed.emit(exc)
                told = repr(exc)
                self._stopped.wait(_WITHOUT_SERVICE)
            else:
                told = None

    def _watch(self) -> None:
        """Tell of each change until the service goes away."""
        with _opened(self._service) as system:
            shown: tuple[ReaderState, ...] | None = None
            current = _list(system)
            while not self._stopped.is_set():
                if shown is None or has_changed(_unused(shown), _unused(current)):
                    self.changed.emit(current)
                shown = current
                current = system.wait_for_change(current, _SLICE)


@contextmanager
def _opened(service: CardService | None) -> Iterator[CardService]:
    if service is not None:
        yield service
        return
    from jpki import PcscSystem

    with PcscSystem() as system:
        yield system


def _list(system: CardService) -> tuple[ReaderState, ...]:
    try:
        return system.readers()
    except NoReaderError:
        return ()


def _unused(states: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
    """Leave out whether a card is in use: the window's own use is a change too."""
    return tuple(replace(state, is_in_use=False, is_exclusive=False) for state in states)
