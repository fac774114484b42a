"""Blocking calls end at their deadline or with Ctrl-C, and never hand out the answer to another call."""

from __future__ import annotations

import _thread
import subprocess
import sys
import threading
import weakref
from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardRemovedError, CardTimeoutError
from jpki.transport import deadline
from jpki.transport.deadline import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What the blocked calls of a test wait for; set at its end."""
    event = threading.Event()
    yield event
    event.set()


def _fail() -> None:
    raise CardRemovedError("gone", pcsc_code=0x80100069)


def test_a_call_runs_in_another_thread_and_returns_its_result() -> None:
    """Arguments and result pass through; the thread is a daemon and not the caller's."""
    worker = Worker("test")
    thread = worker.call(threading.current_thread, timeout=30)
    assert worker.call(divmod, 17, 5, timeout=30) == (3, 2)
    assert (thread.daemon, thread.name) == (True, "test")
    assert thread is worker.call(threading.current_thread, timeout=30) is not threading.current_thread()


def test_an_error_of_the_call_is_the_caller_s() -> None:
    """The very error is raised, and the thread goes on."""
    worker = Worker("test")
    with pytest.raises(CardRemovedError) as caught:
        worker.call(_fail, timeout=30)
    assert caught.value.pcsc_code == 0x80100069
    assert worker.call(int, "7", timeout=30) == 7


def test_a_missed_deadline_ends_the_wait_for_good(release: threading.Event) -> None:
    """Later calls are refused at once, and what they would have done is not done."""
    worker = Worker("test")
    done: list[int] = []
    with pytest.raises(CardTimeoutError):
        worker.call(release.wait, timeout=0.05)
    with pytest.raises(CardTimeoutError):
        worker.call(done.append, 1, timeout=30)
    assert worker.is_stuck
    release.set()
    finished = threading.Event()
    worker.post(finished.set)
    assert finished.wait(30)
    assert done == []


def test_what_is_posted_behind_a_blocked_call_is_done_when_it_comes_back(release: threading.Event) -> None:
    """So a card that opened too late is closed again; errors of posted calls disturb nobody."""
    worker = Worker("test")
    finished = threading.Event()
    with pytest.raises(CardTimeoutError):
        worker.call(release.wait, timeout=0.05)
    worker.post(_fail)
    worker.post(finished.set)
    worker.stop()
    assert not finished.is_set()
    release.set()
    assert finished.wait(30)


def test_ctrl_c_ends_the_wait_and_its_answer_goes_to_nobody(release: threading.Event) -> None:
    """The call after an interrupted one gets its own answer, never the late one."""
    worker = Worker("test")

    def interrupted() -> str:
        _thread.interrupt_main()
        release.wait()
        return "late"

    with pytest.raises(KeyboardInterrupt):
        worker.call(interrupted, timeout=30)
    assert not worker.is_free
    release.set()
    assert worker.call(str, "own", timeout=30) == "own"
    assert worker.is_free


def test_after_ctrl_c_a_call_that_cannot_begin_never_begins(
    release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets a short deadline of its own, and is taken out of the queue."""
    monkeypatch.setattr(deadline, "IN_DOUBT_TIMEOUT", 0.05)
    worker = Worker("test")
    done: list[int] = []

    def interrupted() -> None:
        _thread.interrupt_main()
        release.wait()

    with pytest.raises(KeyboardInterrupt):
        worker.call(interrupted, timeout=30)
    with pytest.raises(CardTimeoutError, match=r"0\.05 seconds"):
        worker.call(done.append, 1, timeout=30)
    release.set()
    finished = threading.Event()
    worker.post(finished.set)
    assert finished.wait(30)
    assert done == []


@pytest.mark.usefixtures("leaping")
def test_the_user_is_told_once_that_it_takes_long(release: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """``on_wait`` comes in the caller's thread while the call is blocked, and only once."""
    monkeypatch.setattr(deadline, "SLICE", 0.01)
    told: list[threading.Thread] = []
    with pytest.raises(CardTimeoutError):
        Worker("test").call(release.wait, timeout=30, on_wait=lambda: told.append(threading.current_thread()))
    assert told == [threading.current_thread()]


def test_an_error_of_the_notice_ends_the_wait(release: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller can end the wait from there, and the call counts as interrupted."""
    monkeypatch.setattr(deadline, "NOTICE_AFTER", 0.0)
    worker = Worker("test")

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.call(release.wait, timeout=30, on_wait=give_up)
    assert not worker.is_free


def test_an_idle_thread_keeps_nothing_of_the_last_call() -> None:
    """Neither the argument nor the result stays behind: one of them may have been a secret."""

    class Thing:
        """Something that a weak reference can watch."""

    worker = Worker("test")
    forgotten = threading.Event()
    thing: Thing | None = Thing()
    weakref.finalize(thing, forgotten.set)
    assert worker.call(lambda given: given, thing, timeout=30) is thing
    thing = None
    assert forgotten.wait(30)


def test_a_blocked_call_does_not_keep_the_interpreter_from_exiting() -> None:
    """A process with a call that never comes back ends by itself, with its own exit code."""
    script = """
import sys, threading
from jpki.errors import CardTimeoutError
from jpki.transport.deadline import Worker
worker = Worker("test")
try:
    worker.call(threading.Event().wait, timeout=0.05)
except CardTimeoutError:
    worker.post(print, "never")
    sys.exit(7)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (7, b"", b"")
