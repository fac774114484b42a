"""Work of a thread behind the window, and its way back into the thread of the window."""

from __future__ import annotations

import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from .asking import GuiThread

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Task(Generic[T]):
    """One piece of work that was handed in.

    The thread of the window hands it in and is told of its end, by ``done`` or by ``failed``; never by both, and by
    neither if the widget that wanted to know is gone.
    """

    def __init__(
        self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> None:
        """Keep what is to be done; nothing runs yet."""
        self._job = job
        self._done = done
        self._failed = failed
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop: a job that takes long asks between its steps."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask to stop: what has not begun never begins (CancelledError); what has begun is told of as it ends."""
        self._cancelled.set()

    def perform(self) -> Callable[[], None]:
        """Do the work, in the thread behind the window; returns what the thread of the window has to call."""
        if self.is_cancelled:
            from concurrent.futures import CancelledError  # its package loads logging

            cancelled = CancelledError()
            return lambda: _tell(self._failed, cancelled)
        try:
            result = self._job()
        except BaseException as exc:  # noqa: BLE001 - whatever ended it is told in the window
            error = exc
            return lambda: _tell(self._failed, error)
        return lambda: _tell(self._done, result)


def _tell(callback: Callable[[T], None], value: T) -> None:
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, QObject) and not isValid(owner):
        return
    callback(value)


class TaskThread:
    """A thread that does one task after the other, in the order in which they were handed in."""

    def __init__(self, name: str, before_end: Callable[[], None] = lambda: None) -> None:
        """The thread starts with its first task; it calls ``before_end`` last, to let go of what is its own."""
        self._gui = GuiThread()
        self._tasks: queue.SimpleQueue[Task[object] | None] = queue.SimpleQueue()
        self._before_end = before_end
        self._waiting = 0
        self._has_begun = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_idle(self) -> bool:
        """Whether every task was told of; asked in the thread of the window."""
        return self._waiting == 0

    def hand_in(self, task: Task[T]) -> Task[T]:
        """Put a task behind the others."""
        if not self._has_begun:
            self._has_begun = True
            self._thread.start()
        self._waiting += 1
        self._tasks.put(task)  # type: ignore[arg-type] # a queue of tasks of any result
        return task

    def stop(self, timeout: float = 5.0) -> bool:
        """End the thread when what it does is done; tells whether it did within so many seconds."""
        self._has_begun = True
        if self._thread.ident is None:  # it never had a task
            return True
        self._tasks.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            tell = [partial(self._deliver, task.perform())]
            del task  # what it holds belongs to the thread of the window, which lets go of it last
            self._gui.post(tell.pop())
        self._before_end()

    def _deliver(self, tell: Callable[[], None]) -> None:
        self._waiting -= 1
        tell()
