"""Jobs behind the window: in order, told in the thread of the window, and ended in good order."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QObject, Signal
from windowdesk import wait_until

from jpki_sim.serve import SimulatedReaders
from jpki_window.reading import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from jpki import Card


class Ears(QObject):
    """What the window was told, with the thread in which it was told."""

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.threads: list[str] = []

    def done(self, result: object) -> None:
        """Keep a result or an error."""
        self.results.append(result)
        self.threads.append(threading.current_thread().name)
        self.told.emit()

    def wait(self, count: int) -> None:
        """Wait for so many results."""
        wait_until(lambda: len(self.results) >= count, self.told)


@pytest.fixture
def worker(application: QApplication) -> Iterator[Worker]:
    """The threads, with one reader."""
    with SimulatedReaders({"A": "adult"}) as readers:
        made = Worker(readers)
        yield made
        assert made.stop()


def test_jobs_are_done_in_their_thread_and_told_in_ours(worker: Worker) -> None:
    """The card's job runs in the card's thread with the card; what came of it is told in the thread of the window."""
    ears = Ears()

    def job(card: Card) -> tuple[str, str]:
        return card.reader, threading.current_thread().name

    worker.submit(job, ears.done, ears.done)
    worker.run(lambda: threading.current_thread().name, ears.done, ears.done)
    ears.wait(2)
    assert sorted(ears.results, key=str) == [("A", "card"), "work"]
    assert set(ears.threads) == {threading.main_thread().name}
    assert worker.is_idle


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_job_holds_is_let_go_of_in_our_thread(worker: Worker, *, fails: bool) -> None:
    """Widgets, in truth: the thread of the card must not be the last to hold one."""
    ears, ended = Ears(), []

    class Held:
        """Something that only the window's thread may take apart."""

        def __del__(self) -> None:
            ended.append(threading.current_thread().name)

    def hand_in(count: int) -> None:
        held = Held()

        def job() -> int:
            return count // (0 if fails else 1)

        def told(result: object) -> None:
            assert held
            ears.done(result)

        worker.run(job, told, told)

    for count in range(20):
        hand_in(count)
        ears.wait(count + 1)
    ears.results.clear()  # an error holds what ran when it was raised
    gc.collect()
    assert ended == [threading.main_thread().name] * 20


def test_jobs_wait_for_each_other(worker: Worker) -> None:
    """One card, one job at a time, in the order in which they came."""
    ears = Ears()
    numbers = iter(range(5))
    for _ in range(5):
        worker.submit(lambda _card: next(numbers), ears.done, ears.done)
    assert not worker.is_idle
    ears.wait(5)
    assert ears.results == [0, 1, 2, 3, 4]


def test_a_failure_is_told_as_what_it_is(worker: Worker) -> None:
    """An exception comes to ``failed``, and the thread goes on."""
    ears = Ears()

    def broken(_card: Card) -> None:
        raise KeyError("of the job")

    worker.submit(broken, lambda _: pytest.fail("done"), ears.done)
    worker.submit(lambda _card: "next", ears.done, ears.done)
    ears.wait(2)
    assert isinstance(ears.results[0], KeyError)
    assert ears.results[1] == "next"


def test_without_a_card_the_job_never_begins(application: QApplication) -> None:
    """What keeps the card from being opened is the job's failure."""
    ears = Ears()
    with SimulatedReaders({"A": None}) as readers:
        worker = Worker(readers)
        worker.submit(lambda _card: pytest.fail("no card"), ears.done, ears.done)
        ears.wait(1)
        assert worker.stop()
    assert getattr(ears.results[0], "code", None) == "no_card"


def test_what_has_not_begun_can_be_cancelled(worker: Worker) -> None:
    """A job behind another never begins; the one that runs is told of as it ends, and knows that it was cancelled."""
    ears = Ears()
    goes_on = threading.Event()
    has_begun = threading.Event()

    def long(_card: Card) -> bool:
        has_begun.set()
        goes_on.wait(30)
        return first.is_cancelled

    first = worker.submit(long, ears.done, ears.done)
    second = worker.submit(lambda _card: pytest.fail("it was cancelled"), ears.done, ears.done)
    assert has_begun.wait(30)
    first.cancel()
    second.cancel()
    goes_on.set()
    ears.wait(2)
    assert ears.results[0] is True
    assert isinstance(ears.results[1], CancelledError)


def test_a_widget_that_is_gone_is_not_told(worker: Worker) -> None:
    """What asked may have been closed in the meantime."""
    import shiboken6

    gone, ears = Ears(), Ears()
    worker.submit(lambda _card: 1, gone.done, gone.done)
    shiboken6.delete(gone)
    worker.submit(lambda _card: 2, ears.done, ears.done)
    ears.wait(1)
    assert ears.results == [2]
