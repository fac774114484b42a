"""The one thread that talks to the card, and one for work without a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .tasks import Task, TaskThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.client import Card, CardService

T = TypeVar("T")


class Worker:
    """Takes jobs from the window and tells it how they ended; its methods are for the thread of the window.

    For each job the card is connected to and closed, so that it is left to other programs between two jobs, and a
    job that asks for a PIN keeps the connection on which the card was shown.
    """

    def __init__(self, service: CardService | None, reader: str | None = None) -> None:
        """Start the threads; ``service`` None is PC/SC, ``reader`` None the only card that there is."""
        self._service = service
        self._own: CardService | None = None
        self.reader = reader
        self._cards = TaskThread("card", self._close_own)
        self._others = TaskThread("work")

    def submit(
        self, job: Callable[[Card], T], done: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> Task[T]:
        """Have ``job`` done with the open card of the current reader, behind the jobs before it."""
        reader = self.reader
        return self._cards.hand_in(Task(lambda: self._with_card(job, reader), done, failed))

    def run(self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[BaseException], None]) -> Task[T]:
        """Have ``job`` done that needs no card, beside the thread of the card."""
        return self._others.hand_in(Task(job, done, failed))

    @property
    def is_idle(self) -> bool:
        """Whether no job waits or runs."""
        return self._cards.is_idle and self._others.is_idle

    def stop(self, timeout: float = 5.0) -> bool:
        """End both threads, each when its present job is done; tells whether they did within so many seconds each."""
        has_ended = self._cards.stop(timeout)
        return self._others.stop(timeout) and has_ended

    def _with_card(self, job: Callable[[Card], T], reader: str | None) -> T:
        from jpki import connect

        with connect(reader, service=self._opened()) as card:
            return job(card)

    def _opened(self) -> CardService:
        """The service of the thread of the card; PC/SC's is kept between jobs, so that a card is shown sooner."""
        if self._service is not None:
            return self._service
        if self._own is None:
            from jpki import PcscSystem

            self._own = PcscSystem()
        return self._own

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close()
