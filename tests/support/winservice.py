"""The smart card service of Windows, as far as its rules concern this project, for the tests' own winscard.dll.

Every call of a program comes as a line over loopback (winscard.c, wincalls.py); its numbers are hexadecimal. The rules
are those of Microsoft's documentation of the smart card functions:

* a transaction without traffic for five seconds is ended and the card reset (SCardBeginTransaction);
* the service runs only while a reader is connected (Windows 8 and later): without one SCardEstablishContext gives
  SCARD_E_NO_SERVICE, and contexts that were open give SCARD_E_SERVICE_STOPPED;
* a program of the system may hold a card that was just inserted for itself: SCARD_E_SHARING_VIOLATION meanwhile;
* another program that resets or unpowers a card is reported to the others once, by SCARD_W_RESET_CARD;
* a handle that is not known is Windows' own error 6; handles are 64 bits wide; return codes are negative numbers;
* the high word of a reader's state counts insertions and removals.
"""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from winreader import POWER_OFF, POWER_ON, POWER_RESET, VirtualReader

if TYPE_CHECKING:
    from collections.abc import Callable

INVALID_HANDLE: Final = 0x6
CANCELLED: Final = 0x80100002
UNKNOWN_READER: Final = 0x80100009
TIMEOUT: Final = 0x8010000A
SHARING_VIOLATION: Final = 0x8010000B
NO_SMARTCARD: Final = 0x8010000C
NOT_TRANSACTED: Final = 0x80100016
NO_SERVICE: Final = 0x8010001D
SERVICE_STOPPED: Final = 0x8010001E
UNSUPPORTED_FEATURE: Final = 0x80100022
NO_READERS: Final = 0x8010002E
RESET_CARD: Final = 0x80100068
REMOVED_CARD: Final = 0x80100069

CHANGED, UNKNOWN, EMPTY, PRESENT, EXCLUSIVE, IN_USE = 0x2, 0x4, 0x10, 0x20, 0x80, 0x100
SHARE_EXCLUSIVE, T1 = 1, 2
LEAVE, RESET, UNPOWER = 0, 1, 2
_FOREVER: Final = 0xFFFFFFFF
_TICK: Final = 0.02


class ScardError(Exception):
    """A call that fails with a return code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:#x}")
        self.code = code


@dataclass(eq=False)
class Context:
    """A program's connection to the service."""

    number: int
    is_cancelled: bool = False
    is_stale: bool = False


@dataclass(eq=False)
class Handle:
    """A card that a program has open."""

    number: int
    context: Context
    reader: VirtualReader
    insertion: int
    is_exclusive: bool = False
    was_reset: bool = False


@dataclass
class Rules:
    """What a test may set."""

    idle_seconds: float = 5.0
    #: How long the system holds a card that was just inserted.
    hold_seconds: float = 0.0
    #: The code page of the A functions.
    code_page: str = "cp932"
    #: Return codes to give instead of carrying a call out, by its name, once each.
    failures: dict[str, list[int]] = field(default_factory=dict)


class Service:
    """The service; one method for each call, which gives the words of the answer or raises its code."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.readers: list[VirtualReader] = []
        self.calls: list[str] = []  # names of the calls, in order
        self._changed = threading.Condition()
        self._contexts: dict[int, Context] = {}
        self._handles: dict[int, Handle] = {}
        self._numbers = itertools.count(1)
        self._passed = 0.0

    # What a test does

    def plug(self, name: str) -> VirtualReader:
        """Plug a reader in; the first one starts the service."""
        reader = VirtualReader(self, name)
        with self._changed:
            self.readers.append(reader)
            self._changed.notify_all()
        return reader

    def unplug(self, reader: VirtualReader) -> None:
        """Unplug a reader; with the last one the service stops, and every context with it."""
        reader.close()
        with self._changed:
            self.readers.remove(reader)
            if not self.readers:
                for context in self._contexts.values():
                    context.is_stale = True
            self._changed.notify_all()

    def reset(self, reader: VirtualReader, how: int = RESET) -> None:
        """Let another program reset the card."""
        with self._changed:
            self._reset(reader, None, how)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the rules that count it."""
        with self._changed:
            self._passed += seconds
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something is so."""
        with self._changed:
            if not self._changed.wait_for(condition, seconds):
                raise AssertionError(f"not within {seconds} s; calls: {self.calls[-20:]}")

    # What a reader sees

    def insert(self, reader: VirtualReader, atr: bytes) -> None:
        """Take note of a card."""
        with self._changed:
            reader.atr = atr
            reader.events += 1
            reader.insertion += 1
            reader.inserted_at = self._now()
            self._changed.notify_all()

    def remove(self, reader: VirtualReader) -> None:
        """Take note that the card has gone."""
        with self._changed:
            reader.atr = b""
            reader.events += 1
            reader.owner, reader.depth = None, 0
            self._changed.notify_all()

    # Calls

    def establish(self, _scope: str) -> str:
        """Connect a program."""
        with self._changed:
            if not self.readers:
                raise ScardError(NO_SERVICE)
            context = Context(0xCD12 << 48 | next(self._numbers))
            self._contexts[context.number] = context
            return f"{context.number:x}"

    def release(self, number: str) -> str:
        """Let a program go."""
        with self._changed:
            self.forget(int(number, 16), required=True)
            return ""

    def forget(self, number: int, *, required: bool = False) -> None:
        """Give a context up, with the cards that are open in it; one in a transaction is reset."""
        with self._changed:
            context = self._contexts.pop(number, None)
            if context is None:
                if required:
                    raise ScardError(INVALID_HANDLE)
                return
            for handle in [handle for handle in self._handles.values() if handle.context is context]:
                del self._handles[handle.number]
                if handle.reader.owner is handle:
                    handle.reader.owner, handle.reader.depth = None, 0
                    self._reset(handle.reader, None, RESET)
            self._changed.notify_all()

    def valid(self, number: str) -> str:
        """Tell whether a context is known."""
        self._context(number)
        return ""

    def cancel(self, number: str) -> str:
        """End the wait of a context."""
        with self._changed:
            self._context(number).is_cancelled = True
            self._changed.notify_all()
            return ""

    def list_readers(self, number: str, encode: Callable[[str], bytes]) -> str:
        """Name the readers."""
        with self._changed:
            self._context(number)
            if not self.readers:
                raise ScardError(NO_READERS)
            names = b"".join(encode(reader.name + "\0") for reader in self.readers) + encode("\0")
            return f"x{names.hex()}"

    def change(self, number: str, timeout: str, asked: list[tuple[str, int]]) -> str:
        """Wait until a reader's state is not the known one."""
        milliseconds = int(timeout, 16)
        with self._changed:
            context = self._context(number)
            context.is_cancelled = False
            until = time.monotonic() + milliseconds / 1000
            for name, known in asked:
                if not known:
                    self._reader(name)
            while True:
                if context.is_cancelled:
                    raise ScardError(CANCELLED)
                self._context(number)
                now = [self._state(name) for name, _ in asked]
                changed = [
                    not known or known & ~CHANGED != state for (_, known), (state, _) in zip(asked, now, strict=True)
                ]
                if any(changed):
                    return " ".join(
                        f"{state | CHANGED * is_changed:x} x{atr.hex()}"
                        for (state, atr), is_changed in zip(now, changed, strict=True)
                    )
                if milliseconds != _FOREVER and time.monotonic() >= until:
                    raise ScardError(TIMEOUT)
                self._wait()

    def connect(self, number: str, name: str, share: str, _protocols: str) -> str:
        """Open a card."""
        with self._changed:
            context = self._context(number)
            reader = self._reader(name)
            while True:
                self._context(number)
                if not reader.atr:
                    raise ScardError(NO_SMARTCARD)
                open_now = self._open_on(reader)
                is_alone = int(share, 16) == SHARE_EXCLUSIVE
                if self._is_held(reader) or any(h.is_exclusive for h in open_now) or (is_alone and open_now):
                    raise ScardError(SHARING_VIOLATION)
                if reader.owner is None:
                    break
                self._wait()
            handle = Handle(0xEA01 << 48 | next(self._numbers), context, reader, reader.insertion, is_alone)
            self._handles[handle.number] = handle
            self._changed.notify_all()
            return f"{handle.number:x} {T1:x}"

    def reconnect(self, number: str, _share: str, _protocols: str, how: str) -> str:
        """Take note of a reset, and reset or unpower the card if asked to."""
        with self._changed:
            handle = self._handle(number, may_be_reset=True)
            self._reset(handle.reader, handle, int(how, 16))
            handle.was_reset = False
            return f"{T1:x}"

    def disconnect(self, number: str, how: str) -> str:
        """Close a card."""
        with self._changed:
            handle = self._handles.pop(int(number, 16), None)
            if handle is None:
                raise ScardError(INVALID_HANDLE)
            if handle.reader.owner is handle:
                handle.reader.owner, handle.reader.depth = None, 0
            self._reset(handle.reader, handle, int(how, 16))
            self._changed.notify_all()
            return ""

    def begin(self, number: str) -> str:
        """Begin a transaction, when that of another program is over."""
        with self._changed:
            handle = self._handle(number)
            reader = handle.reader
            while reader.owner not in (None, handle):
                self._wait()
                self._handle(number)
            reader.owner = handle
            reader.depth += 1
            reader.used_at = self._now()
            return ""

    def end(self, number: str, how: str) -> str:
        """End a transaction."""
        with self._changed:
            handle = self._handle(number)
            if handle.reader.owner is not handle:
                raise ScardError(NOT_TRANSACTED)
            handle.reader.depth -= 1
            if not handle.reader.depth:
                handle.reader.owner = None
                self._reset(handle.reader, handle, int(how, 16))
            self._changed.notify_all()
            return ""

    def transmit(self, number: str, _protocol: str, command: str) -> str:
        """Send a command to the card."""
        with self._changed:
            handle = self._handle(number)
            reader = handle.reader
            while reader.owner not in (None, handle) or reader.is_busy:
                self._wait()
                self._handle(number)
            reader.is_busy = True
        answer = reader.exchange(bytes.fromhex(command[1:]))
        with self._changed:
            reader.is_busy = False
            reader.used_at = self._now()
            self._changed.notify_all()
            if answer is None:
                raise ScardError(REMOVED_CARD)
            return f"x{answer.hex()}"

    def control(self, number: str, _code: str, _data: str) -> str:
        """Refuse what is for the reader itself."""
        with self._changed:
            self._handle(number)
            raise ScardError(UNSUPPORTED_FEATURE)

    # What the calls share; all with the condition held

    def _now(self) -> float:
        return time.monotonic() + self._passed

    def _wait(self) -> None:
        self._changed.wait(_TICK)
        self._expire()

    def _expire(self) -> None:
        """End every transaction in which nothing has happened for too long."""
        for reader in self.readers:
            if reader.owner and not reader.is_busy and self._now() - reader.used_at > self.rules.idle_seconds:
                self._reset(reader, None, RESET)

    def _is_held(self, reader: VirtualReader) -> bool:
        return self._now() - reader.inserted_at < self.rules.hold_seconds

    def _open_on(self, reader: VirtualReader) -> list[Handle]:
        return [handle for handle in self._handles.values() if handle.reader is reader]

    def _reset(self, reader: VirtualReader, by: Handle | None, how: int) -> None:
        """Reset or unpower the card, end its transaction, and have all but ``by`` told."""
        if how == LEAVE or not reader.atr:
            return
        if how == UNPOWER:
            reader.power(POWER_OFF)
        reader.power(POWER_ON if how == UNPOWER else POWER_RESET)
        if reader.owner is not by:
            reader.owner, reader.depth = None, 0
        for handle in self._open_on(reader):
            handle.was_reset = handle is not by
        self._changed.notify_all()

    def _context(self, number: str) -> Context:
        context = self._contexts.get(int(number, 16))
        if context is None:
            raise ScardError(INVALID_HANDLE)
        if context.is_stale:
            raise ScardError(SERVICE_STOPPED)
        return context

    def _handle(self, number: str, *, may_be_reset: bool = False) -> Handle:
        self._expire()
        handle = self._handles.get(int(number, 16))
        if handle is None:
            raise ScardError(INVALID_HANDLE)
        if handle.context.is_stale:
            raise ScardError(SERVICE_STOPPED)
        if not handle.reader.atr or handle.reader.insertion != handle.insertion:
            raise ScardError(REMOVED_CARD)
        if handle.was_reset and not may_be_reset:
            raise ScardError(RESET_CARD)
        return handle

    def _reader(self, name: str) -> VirtualReader:
        for reader in self.readers:
            if reader.name == name:
                return reader
        raise ScardError(UNKNOWN_READER)

    def _state(self, name: str) -> tuple[int, bytes]:
        try:
            reader = self._reader(name)
        except ScardError:
            return UNKNOWN, b""
        state = (reader.events & 0xFFFF) << 16 | (PRESENT if reader.atr else EMPTY)
        handles = self._open_on(reader)
        if reader.atr and (self._is_held(reader) or any(handle.is_exclusive for handle in handles)):
            state |= EXCLUSIVE | IN_USE
        elif handles:
            state |= IN_USE
        return state, reader.atr
