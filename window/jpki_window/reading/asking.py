"""From the thread that talks to the card to the thread of the windows, and back with an answer."""

from __future__ import annotations

from collections import deque
from threading import Event
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Reply(Generic[T]):
    """An answer that somebody waits for, given once: by the person, or by whatever takes the question away."""

    def __init__(self) -> None:
        """Wait for nothing yet."""
        self._given = Event()
        self._answer: T | None = None
        self._error: BaseException | None = None

    @property
    def is_given(self) -> bool:
        """Whether nobody waits any more."""
        return self._given.is_set()

    def answer(self, answer: T) -> None:
        """Give the answer; a second one is dropped."""
        if not self.is_given:
            self._answer = answer
            self._given.set()

    def refuse(self, error: BaseException) -> None:
        """End the wait with an error."""
        if not self.is_given:
            self._error = error
            self._given.set()

    def wait(self) -> T:
        """Wait, in the other thread.

        Raises:
            BaseException: what :meth:`refuse` was given.
        """
        self._given.wait()
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]  # answer() was called with a T


class GuiThread(QObject):
    """Runs functions in the thread that it was made in, in the order in which they were given to it.

    A function holds widgets, which nobody but the thread of the windows may let go of: so none travels in a signal,
    where the last hold of it may be the sender's.
    """

    _called = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Belong to the thread of the windows."""
        super().__init__(parent)
        self._functions: deque[Callable[[], None]] = deque()
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, function: Callable[[], None]) -> None:
        """Have a function run; do not wait."""
        self._functions.append(function)
        del function
        self._called.emit()

    def ask(self, show: Callable[[Reply[T]], None]) -> T:
        """Have a question shown, and wait for its answer.

        Raises:
            BaseException: what the reply was refused with.
        """
        reply: Reply[T] = Reply()
        self.post(lambda: show(reply))
        return reply.wait()

    def _run(self) -> None:
        self._functions.popleft()()
