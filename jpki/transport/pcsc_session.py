"""What the PC/SC threads do and keep: a context for the readers, and a context with a card for each open card.

Everything here blocks, and runs in the one thread that its owner keeps for it. A card has a context of its own, because
pcsc-lite locks a context while a call waits in it: a call that hangs must not take the list of readers with it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.errors import (
    AnswerLostError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    NoReaderError,
    TransportError,
)

from .pcsc_errors import E_UNKNOWN_READER, STALE_CONTEXT
from .reader_state import ReaderState, is_card_present

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.outside_text import OutsideText

    from .pcsc_calls import PcscCalls

T = TypeVar("T")

#: pcscd looks at a reader about twice a second: for so long a card that was pulled can still count as present.
_REMOVAL_NOTICED_AFTER: Final = 1.0
_LISTING_ATTEMPTS: Final = 3
#: Numbers for connections to the service.
_numbers: Final = count(1)


class ServiceSession:
    """One context for the readers and their states; a stale one is replaced by a fresh one."""

    def __init__(self, calls: PcscCalls) -> None:
        """Connect to nothing yet."""
        self._calls = calls
        self._context: int | None = None
        self._number = 0

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers and what is on them now, without touching a card."""
        return self._with_context(self._read_states)

    def changed_readers(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """All readers, as soon as something may have changed or after ``timeout`` seconds."""
        return self._with_context(lambda context: self._wait(context, known, timeout))

    def close(self) -> None:
        """Give the context up."""
        context, self._context = self._context, None
        if context is not None:
            with suppress(TransportError):  # a context that is no longer valid is as good as released
                self._calls.release(context)

    def _with_context(self, operation: Callable[[int], T]) -> T:
        if self._context is not None:
            try:
                return operation(self._context)
            except TransportError as exc:
                if exc.pcsc_code not in STALE_CONTEXT:
                    raise
            self.close()
        self._context, self._number = self._calls.establish(), next(_numbers)
        return operation(self._context)

    def _read_states(self, context: int, attempts: int = _LISTING_ATTEMPTS) -> tuple[ReaderState, ...]:
        names = self._calls.list_readers(context)
        askable = [(name, 0) for name in names if self._calls.can_ask(name)]
        try:
            events = self._calls.reader_events(context, askable) if askable else []
        except TransportError as exc:
            if exc.pcsc_code != E_UNKNOWN_READER or attempts == 1:
                raise
            return self._read_states(context, attempts - 1)  # a reader was unplugged between the two calls
        found = {name: (event_state, atr) for name, event_state, atr in events}
        return tuple(
            ReaderState.from_event(name, i, *found.get(name, (0, b"")), service=self._number)
            for i, name in enumerate(names)
        )

    def _wait(self, context: int, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        # Readers that are plugged in are noticed by listing them in every slice: the special reader name for this does
        # not exist everywhere.
        names = self._calls.list_readers(context)
        askable = [(state.name, state.event_state) for state in known if self._calls.can_ask(state.name)]
        if names == tuple(state.name for state in known):
            if not askable:
                time.sleep(timeout)
                return known
            with suppress(CardTimeoutError, NoReaderError):
                self._calls.reader_events(context, askable, timeout=timeout)
        return self._read_states(context)


class CardSession:
    """A card that is open, with the context that it was opened in."""

    def __init__(self, calls: PcscCalls, reader: str) -> None:
        """Open nothing yet."""
        self._calls = calls
        self._reader = reader
        self._context: int | None = None
        self._card: int | None = None
        self._protocol = 0
        self._is_in_transaction = False
        self._was_reset = False
        self.atr = b""

    @property
    def is_t0(self) -> bool:
        """Whether the card is spoken to in T=0."""
        return self._calls.is_t0(self._protocol)

    def open(self) -> None:
        """Open the card; blocks while another program is in a transaction. Can be tried again."""
        if self._context is None:
            self._context = self._calls.establish()
        self._card, self._protocol = self._calls.connect(self._context, self._reader)
        # Not from SCardStatus, which blocks while another program is in a transaction.
        for _, _, atr in self._events(0):
            self.atr = atr

    def begin(self) -> None:
        """Begin a transaction; one that is still open (its beginning was interrupted) is kept."""
        if self._is_in_transaction:
            return
        if self._was_reset:
            # Without this PC/SC refuses every call. The caller was informed by CardResetError.
            self._protocol = self._calls.reconnect(self._open_card())
            self._was_reset = False
        self._noting_resets(self._calls.begin, self._open_card())
        self._is_in_transaction = True

    def end(self) -> None:
        """End the transaction, so that other programs can use the card."""
        self._is_in_transaction = False
        self._noting_resets(self._calls.end, self._open_card())

    def transmit(self, command: list[int]) -> bytes:
        """Send one APDU once; the list is overwritten."""
        try:
            return self._noting_resets(self._calls.transmit, self._open_card(), self._protocol, command)
        except AnswerLostError as exc:
            if self._is_card_gone():
                raise CardRemovedError("the card was removed before it answered", pcsc_code=exc.pcsc_code) from exc
            raise
        finally:
            command[:] = bytes(len(command))

    def take_exclusive(self) -> None:
        """Keep other programs from the card until it is closed; where one has it open, it stays shared.

        The card is opened again for that: pcsc-lite has SCardReconnect wait for the others forever.
        """
        card, context = self._open_card(), self._context
        if context is None:
            raise CardRemovedError("the connection to the card is closed")
        self._card = None
        self._calls.disconnect(card, unpower=False)
        try:
            self._card, self._protocol = self._calls.connect(context, self._reader, is_exclusive=True)
        except TransportError:
            self._card, self._protocol = self._calls.connect(context, self._reader)
            raise

    def restart(self, *, is_cold: bool) -> None:
        """Reset the card, or cut its power and supply it again."""
        self._protocol = self._calls.restart(self._open_card(), is_cold=is_cold)

    def control(self, code: int, data: list[int]) -> bytes:
        """Send data to the reader; the list is overwritten."""
        try:
            return self._noting_resets(self._calls.control, self._open_card(), code, data)
        finally:
            data[:] = bytes(len(data))

    def close(self) -> None:
        """Close the card and leave it as it is, whatever has been reached; a second call does nothing."""
        self._close(unpower=False)

    def unpower(self) -> None:
        """Close the card and cut its power."""
        self._close(unpower=True)

    def _close(self, *, unpower: bool) -> None:
        card, self._card = self._card, None
        context, self._context = self._context, None
        try:
            if card is not None:
                if self._is_in_transaction:
                    with suppress(TransportError):  # closing the card ends its transaction as well
                        self._calls.end(card)
                self._calls.disconnect(card, unpower=unpower)
        finally:
            self._is_in_transaction = False
            if context is not None:
                with suppress(TransportError):  # what counts is what became of the card
                    self._calls.release(context)

    def _open_card(self) -> int:
        if self._card is None:
            raise CardRemovedError("the connection to the card is closed")
        return self._card

    def _noting_resets(self, function: Callable[..., T], *arguments: object) -> T:
        try:
            return function(*arguments)
        except CardResetError:
            self._was_reset = True
            raise

    def _events(self, known: int, timeout: float = 0.0) -> list[tuple[OutsideText, int, bytes]]:
        if self._context is None or not self._calls.can_ask(self._reader):
            return []
        return self._calls.reader_events(self._context, [(self._reader, known)], timeout=timeout)

    def _is_card_gone(self) -> bool:
        try:
            events = self._events(0)
            if events and is_card_present(events[0][1]):
                events = self._events(events[0][1], _REMOVAL_NOTICED_AFTER)
        except CardTimeoutError:
            return False  # nothing has changed: the card is still there
        except NoReaderError:
            return True
        except TransportError:
            return False  # the service went away: nothing is known about the card
        return any(not is_card_present(event_state) for _, event_state, _ in events)
