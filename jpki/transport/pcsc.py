"""Readers and cards through PC/SC; the one module that imports pyscard, and only when a reader is wanted.

Every call to PC/SC runs in a thread of its own with a deadline (deadline.py). The opening of a card, and a transaction,
can be held up by another program: ``on_wait`` can say so to the user after a second, and the deadline ends it.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from jpki.errors import (
    CardTimeoutError,
    NoReaderError,
    PcscLibraryMissingError,
    ReaderBusyError,
    ServiceHangsError,
    ServiceStoppedError,
    TransportError,
)

from .deadline import SILENT_AFTER, Worker
from .pcsc_calls import PcscCalls
from .pcsc_connection import PcscConnection, Waiting
from .pcsc_errors import E_NO_READERS_AVAILABLE
from .pcsc_host import load_library, starts_with_a_reader
from .pcsc_session import ServiceSession
from .reader_state import ReaderState, has_changed

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self, TypeVar

    T = TypeVar("T")

__all__ = ["PcscConnection", "PcscSystem", "ReaderState"]

#: How long one look at the readers lasts while a change is waited for.
_WATCH_SLICE: Final = 0.25
#: How long the service may take to say who holds a card, when the deadline for opening it has been missed.
_WHO_TIMEOUT: Final = 2.0


def _load_calls() -> PcscCalls:
    load_library()
    try:
        import smartcard.scard
    except ImportError as exc:
        raise PcscLibraryMissingError(f"pyscard cannot be imported: {exc}", component="pyscard") from exc
    from .pcsc_wide import with_wide_names  # loads ctypes

    return PcscCalls(with_wide_names(smartcard.scard))


class PcscSystem:
    """The PC/SC service of this computer: which readers there are, what is on them, and the way to a card.

    ``timeout`` is the number of seconds that one operation may take. ``on_wait`` is called with the reader's name when
    an operation has waited about a second for another program, ``on_silence`` when the service, or a card that has been
    sent no secret yet, has not answered for about three. Cards opened here are closed by their owner.
    """

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        on_wait: Callable[[str], None] | None = None,
        on_silence: Callable[[], None] | None = None,
    ) -> None:
        """Load and connect to nothing yet."""
        self._timeout = timeout
        self._on_wait = on_wait
        self._on_silence = on_silence
        self._calls: PcscCalls | None = None
        self._worker: Worker | None = None
        self._session: ServiceSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def readers(self) -> tuple[ReaderState, ...]:
        """List the readers and what is on them, without touching a card.

        Raises:
            PcscLibraryMissingError, ServiceMissingError, ServiceStoppedError, PermissionDeniedError: no way to them.
            NoReaderError: the service runs and has no reader, with PC/SC's code for it.
            ServiceHangsError: the service does not answer.
        """
        states = self._ask(lambda session: session.readers())
        if not states:
            raise NoReaderError("no reader is connected", pcsc_code=E_NO_READERS_AVAILABLE)
        return states

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """Wait until a reader or a card is added or removed; return all readers, ``known`` after ``timeout`` seconds.

        No reader is an empty tuple here, before and after.
        """
        deadline = monotonic() + timeout
        seen = known
        while True:
            left = deadline - monotonic()
            seen = self._watch(seen, max(0.0, min(_WATCH_SLICE, left)))
            if has_changed(known, seen):
                return seen
            if left <= 0:
                return known

    def _watch(self, seen: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        try:
            return self._ask(lambda session: session.changed_readers(seen, timeout), self._timeout + timeout)
        except ServiceStoppedError:
            if not starts_with_a_reader():
                raise
            from time import sleep

            sleep(timeout)
            return ()

    def connect(self, reader: str, *, patience: float | None = None) -> PcscConnection:
        """Open the card on a reader for shared use, in the protocol that it has.

        ``patience`` is the number of seconds to wait for a program that has the card for itself, if not the timeout.

        Raises:
            NoReaderError, NoCardError, CardMuteError: nothing to open.
            ReaderBusyError: another program holds the card, and did so all the time.
            CardTimeoutError: the card did not answer, or the service (ServiceHangsError).
        """
        calls = self._loaded()
        notify = self._on_wait
        on_wait = None if notify is None else lambda: notify(reader)
        waiting = Waiting(on_wait, self._on_silence, self._answers)
        try:
            return PcscConnection(calls, reader, timeout=self._timeout, patience=patience, waiting=waiting)
        except CardTimeoutError as exc:
            if self._is_in_use(reader):
                raise ReaderBusyError("another program is using the card", pcsc_code=exc.pcsc_code) from exc
            raise

    def close(self) -> None:
        """Give up the connection to the service; the next call makes a new one."""
        worker, session = self._worker, self._session
        self._worker = self._session = None
        if worker and session:
            worker.post(session.close)
            worker.stop()

    def _is_in_use(self, reader: str) -> bool:
        try:
            states = self._ask(lambda session: session.readers(), _WHO_TIMEOUT)
            return any(state.is_in_use for state in states if state.name == reader)
        except ServiceHangsError:
            raise
        except TransportError:
            return False

    def _answers(self) -> bool:
        """Whether the service answers in a thread of its own; a connection asks, which may outlive this object."""
        with PcscSystem() as other:
            other._calls = self._calls
            try:
                other._ask(lambda session: session.readers(), _WHO_TIMEOUT)
            except ServiceHangsError:
                return False
            except TransportError:
                return True  # an answer, too
            return True

    def _loaded(self) -> PcscCalls:
        if self._calls is None:
            self._calls = _load_calls()
        return self._calls

    def _ask(self, question: Callable[[ServiceSession], T], timeout: float | None = None) -> T:
        if self._worker is None or self._session is None:
            self._session = ServiceSession(self._loaded())
            self._worker = Worker("PC/SC readers")
        seconds = self._timeout if timeout is None else timeout
        try:
            return self._worker.call(
                question, self._session, timeout=seconds, on_wait=self._on_silence, notice_after=SILENT_AFTER
            )
        except CardTimeoutError as exc:
            raise ServiceHangsError("the PC/SC service does not answer", pcsc_code=exc.pcsc_code) from exc
        finally:
            if not self._worker.is_free:
                self.close()  # the next question gets a thread and a context that are not blocked
