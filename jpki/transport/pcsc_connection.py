"""A card that is open through PC/SC.

A command waits for no other program: outside a transaction it gets one of its own. So a deadline that was missed while
another program held the card means that nothing was sent and that nothing will be, whatever pcsc-lite does later, which
polls for the end of the other's transaction and then sends what it was given.

A transaction as a whole has the deadline of a command, so that a card which answers each one late does not keep the
reader. It ends with the first secret that is sent: from then on each command has only its own, because the one that
closes the card has to follow.
"""

from __future__ import annotations

from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.errors import CardRemovedError, CardTimeoutError, ReaderBusyError, ServiceHangsError, TransportError
from jpki.outside_text import OutsideText

from .deadline import NOTICE_AFTER, SILENT_AFTER, SLICE, Worker
from .pcsc_errors import E_SHARING_VIOLATION
from .pcsc_session import CardSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import TypeVar

    from .pcsc_calls import PcscCalls

    T = TypeVar("T")

#: How long closing waits for a card that does not let go; it is closed later then, or by the service when we exit.
_CLOSE_TIMEOUT: Final = 2.0


class Waiting(NamedTuple):
    """What is called when another program is waited for, or any answer; and whether the service answers others."""

    on_wait: Callable[[], None] | None
    on_silence: Callable[[], None] | None
    answers: Callable[[], bool]


class PcscConnection:
    """A card that is open through PC/SC: the :class:`jpki.transport.base.CardConnection` of real readers.

    For one caller at a time. After a missed deadline it is lost: every later call raises CardTimeoutError at once, and
    :meth:`close` or :meth:`unpower` take effect when the blocked call comes back. After an interrupt (Ctrl-C) it goes
    on working once the interrupted command is finished, whose answer is lost. After CardResetError it goes on
    working with the next transaction, with nothing selected and nothing verified.
    """

    def __init__(
        self,
        calls: PcscCalls,
        reader: str,
        *,
        timeout: float,
        patience: float | None = None,
        waiting: Waiting,
    ) -> None:
        """Open the card; made by :meth:`jpki.transport.pcsc.PcscSystem.connect`."""
        self._reader = OutsideText(reader)
        self._timeout = timeout
        self._on_wait, self._on_silence, self._answers = waiting
        self._session = CardSession(calls, reader)
        self._worker = Worker("PC/SC card")
        self._is_closed = False
        self._transaction = _Transaction(self, timeout)
        try:
            self._await_free(self._session.open, timeout if patience is None else patience)
        except BaseException:
            self.close()
            raise

    @property
    def reader(self) -> OutsideText:
        """Name of the reader."""
        return self._reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._session.atr

    @property
    def protocol(self) -> int:
        """0 for T=0, 1 for T=1."""
        return 0 if self._session.is_t0 else 1

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one command APDU, exactly once, and return the response APDU.

        Raises:
            AnswerLostError: the card is there, its answer did not come; it may have carried the command out.
            CardRemovedError, CardResetError: the card is gone, or another program reset it.
            CardTimeoutError: no answer within the deadline; the card may still carry the command out. Or the
                transaction has lasted as long; nothing was sent.
            ReaderBusyError: another program kept the card; nothing was sent.
        """
        if not command:
            raise ValueError("an APDU has at least four bytes")
        with self._transaction:
            self._transaction.check(carries_secret=isinstance(command, bytearray))
            # pyscard takes a list only. It is made here, not in the thread, so that a caller who overwrites the command
            # after an interrupt cannot change what is sent; the thread overwrites the list.
            # What is said may block (a terminal after ^S); nothing may stand between a secret and the card's closing.
            tell = None if self._transaction.has_secret else self._on_silence
            return self._call(self._session.transmit, list(command), on_wait=tell, notice_after=SILENT_AFTER)

    def transaction(self) -> AbstractContextManager[None]:
        """Keep other programs from the card inside the ``with`` block; blocks inside each other count as one.

        That the end fails is not reported: what was done inside is done, and the next call will tell what is wrong.

        Raises:
            ReaderBusyError: another program kept the card until the deadline.
            CardResetError: another program reset the card; nothing is selected or verified any more.
        """
        return self._transaction

    def take_exclusive(self) -> None:
        """Keep every other program from the card until the connection ends.

        Raises:
            ReaderBusyError: another program has the card open.
        """
        self._call(self._session.take_exclusive)

    def restart(self, *, is_cold: bool) -> None:
        """Reset the card, or cut its power and supply it again; only after :meth:`take_exclusive`.

        Raises:
            TransportError: PC/SC reports that it failed.
        """
        self._call(partial(self._session.restart, is_cold=is_cold))

    def control(self, code: int, data: bytes | bytearray, *, timeout: float | None = None) -> bytes:
        """Send a control code to the reader itself; ``timeout`` for what a person does there (a PIN pad).

        Raises:
            TransportError: the reader has no such function (SCARD_E_UNSUPPORTED_FEATURE), or it failed.
        """
        self._transaction.check(carries_secret=bool(data))  # what is typed on its keys goes to the card
        return self._call(self._session.control, code, list(data), timeout=timeout)

    def unpower(self) -> None:
        """Cut the card's power and close the connection.

        Raises:
            TransportError: PC/SC reports that it failed, or the connection was lost or closed before.
        """
        self._close(unpower=True)

    def close(self) -> None:
        """Close the connection and leave the card as it is; nothing is reported, a second call does nothing."""
        if not self._is_closed:
            try:
                self._close(unpower=False)
            except TransportError:
                self._is_closed = True  # the card or the service is gone, which closes it as well

    def begin(self) -> None:
        """Begin a transaction; :meth:`transaction` is the way to it."""
        was_free = self._worker.is_free
        try:
            self._await_free(self._session.begin, self._timeout)
        except CardTimeoutError as exc:
            if not was_free:
                raise
            if not self._answers():
                raise ServiceHangsError("the PC/SC service does not answer", pcsc_code=exc.pcsc_code) from exc
            # Only the wait for other programs takes long here. Should it succeed later, closing undoes it.
            raise ReaderBusyError("another program is using the card", pcsc_code=exc.pcsc_code) from exc

    def end(self) -> None:
        """End a transaction; what fails is not reported, and nothing is waited for after an interrupt."""
        if self._is_closed:
            return
        if not self._worker.is_free:
            self._worker.post(self._session.end)
            return
        try:
            self._call(self._session.end)
        except TransportError:
            return

    def _await_free(self, function: Callable[[], T], patience: float) -> T:
        """Call a function that sends nothing to the card until no other program has the card for itself.

        PC/SC does not wait for such a program, as it does for one in a transaction: it refuses at once. Windows and
        macOS hold a card for themselves for a moment after it was laid down.
        """
        start = monotonic()
        tell = _Once(self._on_wait)
        tell_who = partial(self._tell_who, tell) if self._on_wait else None

        refused: ReaderBusyError | None = None
        while True:
            try:
                left = self._timeout - (monotonic() - start)
                return self._call(function, timeout=max(SLICE, left), on_wait=tell_who)
            except ReaderBusyError as exc:
                refused = exc
                passed = monotonic() - start
                if exc.pcsc_code != E_SHARING_VIOLATION or passed >= patience:
                    raise
            except CardTimeoutError as exc:
                if refused is None:
                    raise
                raise refused from exc  # the last of many tries had too little time left: it is the holder all the same
            if passed >= NOTICE_AFTER:
                tell()
            sleep(SLICE)

    def _tell_who(self, tell: Callable[[], None]) -> None:
        """A service that hangs looks like another program that keeps the card."""
        if self._answers():
            tell()
        elif self._on_silence:
            self._on_silence()

    def _close(self, *, unpower: bool) -> None:
        if self._is_closed:
            raise CardRemovedError("the connection to the card is closed")
        self._is_closed = True
        closing = self._session.unpower if unpower else self._session.close
        try:
            if unpower or self._worker.is_free:
                self._worker.call(closing, timeout=min(self._timeout, _CLOSE_TIMEOUT))
        finally:
            self._worker.post(closing)
            self._worker.stop()

    def _call(
        self,
        function: Callable[..., T],
        *arguments: object,
        timeout: float | None = None,
        on_wait: Callable[[], None] | None = None,
        notice_after: float | None = None,
    ) -> T:
        if self._is_closed:
            raise CardRemovedError("the connection to the card is closed")
        seconds = self._timeout if timeout is None else timeout
        return self._worker.call(function, *arguments, timeout=seconds, on_wait=on_wait, notice_after=notice_after)


class _Transaction:
    """The transaction of one connection: begun by the outermost ``with`` block, ended with it."""

    __slots__ = ("_connection", "_deadline", "_depth", "_timeout")

    def __init__(self, connection: PcscConnection, timeout: float) -> None:
        self._connection = connection
        self._timeout = timeout
        self._deadline: float | None = None
        self._depth = 0

    def __enter__(self) -> None:
        if not self._depth:
            self._connection.begin()
            self._deadline = monotonic() + self._timeout
        self._depth += 1

    @property
    def has_secret(self) -> bool:
        """Whether a secret was sent in it, or is about to be."""
        return self._deadline is None

    def check(self, *, carries_secret: bool) -> None:
        """Refuse a command to a card that has had its time, but for a secret and what follows one.

        Of a secret it would not be told apart whether it was sent and its answer lost.

        Raises:
            CardTimeoutError: nothing was sent.
        """
        if carries_secret:
            self._deadline = None
        elif self._deadline is not None and monotonic() > self._deadline:
            raise CardTimeoutError(f"the card has taken {self._timeout:g} seconds for one transaction")

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._depth -= 1
        if not self._depth:
            self._deadline = None
            self._connection.end()


class _Once:
    """Calls a function at the first call, if there is one."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[], None] | None) -> None:
        self._function = function

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()
