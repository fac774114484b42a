"""Blocking calls with a deadline, which Ctrl-C ends at once.

PC/SC calls can block without limit while another program holds the card, and Python delivers a signal only after the
call has come back. They therefore run in one daemon thread, which lives as long as its connection: a thread for every
call would cost several times as much. The caller waits in short slices, because a wait for a lock cannot be
interrupted on Windows.

A call that does not come back cannot be stopped. It stays behind in its thread, which does not keep the interpreter
from exiting, and what was posted behind it is carried out if it ever comes back. Every call has an answer slot of its
own, so that the late answer to one is never taken for the answer to the next.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

from jpki.errors import CardTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: Seconds after which a signal is noticed at the latest where a wait cannot be interrupted.
SLICE: Final = 0.1
#: Seconds of blocking after which the caller's ``on_wait`` is called.
NOTICE_AFTER: Final = 1.0
#: Seconds without an answer, of the service or of the card, after which it is said that one is waited for.
SILENT_AFTER: Final = 3.0
#: Seconds that a call gets while one that was interrupted has not come back: who pressed Ctrl-C does not want to wait.
IN_DOUBT_TIMEOUT: Final = 2.0


class _Call(Generic[T]):
    """One call on its way through the queue."""

    __slots__ = ("_arguments", "_claim", "_error", "_function", "_result", "done")

    def __init__(self, function: Callable[..., T], arguments: tuple[object, ...]) -> None:
        self._function = function
        self._arguments = arguments
        self._claim = threading.Lock()
        self._result: T | None = None
        self._error: BaseException | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def run(self) -> None:
        """Carry the call out, unless it was withdrawn first."""
        if not self._claim.acquire(blocking=False):
            return
        try:
            self._result = self._function(*self._arguments)
        except BaseException as exc:  # noqa: BLE001 - whatever it is belongs to the thread that waits for it
            self._error = exc
        finally:
            self._arguments = ()
            self.done.release()

    def withdraw(self) -> bool:
        """Take the call back; False when it has already begun."""
        return self._claim.acquire(blocking=False)

    def outcome(self) -> T:
        """Result or error of the finished call."""
        error, self._error = self._error, None
        if error is None:
            return cast("T", self._result)
        try:
            raise error
        finally:
            del error  # breaks the cycle of the error, its traceback and this frame


class Worker:
    """A thread that carries out blocking calls one after the other; one caller at a time.

    ``is_stuck`` turns true for good when a call missed its deadline: later calls are refused, except posted ones.
    """

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self.is_stuck = False
        self._is_in_doubt = False
        self._calls: SimpleQueue[_Call[object] | None] = SimpleQueue()
        threading.Thread(target=_work, args=(self._calls,), name=name, daemon=True).start()

    def call(
        self,
        function: Callable[..., T],
        *arguments: object,
        timeout: float,
        on_wait: Callable[[], None] | None = None,
        notice_after: float | None = None,
    ) -> T:
        """Return what ``function`` returns, or raise what it raises.

        ``on_wait`` is called once, in the caller's thread, after about a second of blocking, or after ``notice_after``
        seconds. An exception in the waiting thread, KeyboardInterrupt above all, ends the wait at once.

        Raises:
            CardTimeoutError: ``timeout`` seconds have passed, or did so in an earlier call.
        """
        if self.is_stuck:
            raise CardTimeoutError("an earlier call to the card has not come back; this connection is lost")
        if self._is_in_doubt:
            timeout = min(timeout, IN_DOUBT_TIMEOUT)
        call = _Call(function, arguments)
        try:
            self._calls.put(cast("_Call[object]", call))
            is_done = _wait(call.done, timeout, on_wait, NOTICE_AFTER if notice_after is None else notice_after)
        except BaseException:
            self._is_in_doubt = not call.withdraw() or self._is_in_doubt
            raise
        if not is_done:
            self.is_stuck = True
            call.withdraw()
            raise CardTimeoutError(f"no answer within {timeout:g} seconds")
        self._is_in_doubt = False
        return call.outcome()

    def post(self, function: Callable[..., object], *arguments: object) -> None:
        """Call ``function`` after all earlier calls, without waiting for it; its result and its errors are lost."""
        self._calls.put(_Call(function, arguments))

    def stop(self) -> None:
        """End the thread after all calls before this one."""
        self._calls.put(None)

    @property
    def is_free(self) -> bool:
        """Whether a call would not have to wait for one that was given up."""
        return not self.is_stuck and not self._is_in_doubt


def _work(calls: SimpleQueue[_Call[object] | None]) -> None:
    while (call := calls.get()) is not None:
        call.run()
        del call  # an idle thread keeps neither a command nor an answer


def _wait(done: threading.Lock, timeout: float, on_wait: Callable[[], None] | None, notice_after: float) -> bool:
    start = monotonic()
    left = timeout
    while not done.acquire(timeout=max(0.0, min(SLICE, left))):
        passed = monotonic() - start
        left = timeout - passed
        if left <= 0:
            return done.acquire(blocking=False)
        if on_wait is not None and passed >= notice_after:
            on_wait()
            on_wait = None
    return True
