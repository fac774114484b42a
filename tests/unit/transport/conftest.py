"""A PC/SC service in memory, in the place of pyscard's low-level module."""

from __future__ import annotations

import _thread
import sys
import threading
from functools import partial
from itertools import count
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from jpki.transport import PcscSystem, deadline, pcsc, pcsc_connection, pcsc_wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport.pcsc import PcscConnection

READER = "ACME Contactless 00 00"
ATR = bytes.fromhex("3BE000FF8131FE4514")
EMPTY, PRESENT = 0x12, 0x22
GARBAGE = [0xDE, 0xAD] * 16
CONSTANTS = {
    "SCARD_E_UNSUPPORTED_FEATURE": 0x8010001F,
    "SCARD_LEAVE_CARD": 0,
    "SCARD_PCI_T0": 1,
    "SCARD_PCI_T1": 2,
    "SCARD_PROTOCOL_T0": 1,
    "SCARD_PROTOCOL_T1": 2,
    "SCARD_RESET_CARD": 1,
    "SCARD_SCOPE_USER": 0,
    "SCARD_SHARE_EXCLUSIVE": 1,
    "SCARD_SHARE_SHARED": 2,
    "SCARD_UNPOWER_CARD": 2,
}


class FakeScard:
    """``smartcard.scard`` with readers that a test puts up, failures that it queues and calls that it blocks.

    Like the real one it answers ``[code, value…]``, or the code alone, and fills the values of a failure with garbage.
    """

    def __init__(self) -> None:
        self.readers: dict[str, tuple[int, bytes]] = {READER: (PRESENT, ATR)}
        self.constants = dict(CONSTANTS)
        self.is_windows = False
        #: Every call with a copy of its arguments.
        self.calls: list[tuple[Any, ...]] = []
        #: Codes to return, or exceptions to raise, once each, by function.
        self.failures: dict[str, list[int | Exception]] = {}
        #: What the card answers, in order; 9000 when nothing is left.
        self.answers: list[list[int]] = []
        self.protocol = 2
        #: Called by a function before it answers.
        self.hooks: dict[str, Callable[[], object]] = {}
        self._blocks: dict[str, tuple[threading.Event, threading.Event]] = {}
        self._pressed = ""
        self._handles = iter(range(1000, 2000))

    def __getattr__(self, name: str) -> Any:
        if name in self.constants:
            return self.constants[name]
        if name.startswith("SCard"):
            return partial(self._run, name)
        raise AttributeError(name)

    def named(self, *names: str) -> list[tuple[Any, ...]]:
        """The calls of these functions, in order."""
        return [call for call in self.calls if call[0] in names]

    def contexts(self, name: str) -> list[int]:
        """The contexts that a function was called with."""
        return [call[1] for call in self.named(name)]

    @property
    def names(self) -> list[str]:
        """Names of the functions that were called, in order."""
        return [call[0] for call in self.calls]

    @property
    def sent(self) -> list[list[int]]:
        """The commands that reached the card, in order."""
        return [call[3] for call in self.named("SCardTransmit")]

    def press_ctrl_c_in(self, name: str) -> None:
        """Let Ctrl-C reach the main thread when the function is called, and the function block."""
        self._pressed = name
        self.block(name)

    def block(self, name: str) -> threading.Event:
        """Let the function block until it is released; the event tells that it has been called."""
        entered, release = threading.Event(), threading.Event()
        self._blocks[name] = entered, release
        return entered

    def release(self, name: str) -> None:
        """Let the function go on, and block no more."""
        self._blocks.pop(name)[1].set()

    def release_all(self) -> None:
        """Let every function go on."""
        for name in list(self._blocks):
            self.release(name)

    def _run(self, name: str, *arguments: Any) -> Any:
        self.calls.append((name, *(list(a) if isinstance(a, list) else a for a in arguments)))
        self._pass_time(name)
        failure: int | Exception = 0
        if self.failures.get(name):
            failure = self.failures[name].pop(0)
        if isinstance(failure, Exception):
            raise failure
        code: int = failure
        values: Any = GARBAGE
        has_values = name not in {
            "SCardReleaseContext",
            "SCardBeginTransaction",
            "SCardEndTransaction",
            "SCardDisconnect",
        }
        if not failure and has_values:
            code, values = self._answer(name, arguments)
        if self.is_windows and code > 0x7FFFFFFF:
            code -= 1 << 32
        if not has_values:
            return code
        return [code, values, *([2] if name == "SCardConnect" else [])] if code else [code, *values]

    def _pass_time(self, name: str) -> None:
        if name == self._pressed:
            self._pressed = ""
            _thread.interrupt_main()
        if name in self._blocks:
            entered, release = self._blocks[name]
            entered.set()
            release.wait()
        if name in self.hooks:
            self.hooks[name]()

    def _answer(self, name: str, arguments: tuple[Any, ...]) -> tuple[int, Any]:
        if name == "SCardEstablishContext":
            return 0, [next(self._handles)]
        if name == "SCardListReaders":
            return (0, [list(self.readers)]) if self.readers else (0x8010002E, [])
        if name == "SCardGetStatusChange":
            return self._status(*arguments[1:])
        if name == "SCardConnect":
            event_state = self.readers[arguments[1]][0]
            return (0, [next(self._handles), self.protocol]) if event_state & 0x20 else (0x8010000C, GARBAGE)
        if name == "SCardReconnect":
            return 0, [self.protocol]
        if name == "SCardTransmit":
            return 0, [self.answers.pop(0) if self.answers else [0x90, 0x00]]
        assert name == "SCardControl"
        return 0, [[0xCA, 0xFE]]

    def _status(self, _timeout: int, known: list[tuple[str, int]]) -> tuple[int, Any]:
        if any(name not in self.readers for name, _ in known):
            return 0x80100009, GARBAGE
        found = [(name, self.readers[name][0], list(self.readers[name][1])) for name, _ in known]
        is_same = all(old & ~2 == new & ~2 for (_, old), (_, new, _) in zip(known, found, strict=True))
        return 0x8010000A if is_same else 0, [found]


@pytest.fixture
def scard(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeScard]:
    """The low-level module of pyscard that ``jpki.transport.pcsc`` will import."""
    fake = FakeScard()
    package: Any = ModuleType("smartcard")
    package.scard = fake
    monkeypatch.setitem(sys.modules, "smartcard", package)
    monkeypatch.setitem(sys.modules, "smartcard.scard", fake)
    monkeypatch.setattr(pcsc, "load_library", lambda: None)
    monkeypatch.setattr(pcsc_wide, "with_wide_names", lambda scard: scard)  # on Windows too it is this one alone
    yield fake
    fake.release_all()


@pytest.fixture
def system(scard: FakeScard) -> Iterator[PcscSystem]:
    """The readers of the fake service, with a deadline that no test reaches unless it wants to."""
    with PcscSystem(timeout=30) as opened:
        yield opened


@pytest.fixture
def leaping(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock for waits that is six seconds further at each look.

    What blocks has had its 30 seconds after a few looks, and a call that does not is not late on a machine that stands
    still for a moment.
    """
    for module in (deadline, pcsc_connection):
        monkeypatch.setattr(module, "monotonic", count(0.0, 6.0).__next__)


@pytest.fixture
def hasty(leaping: None, scard: FakeScard) -> Iterator[PcscSystem]:
    """The same with a deadline that is reached at once, for calls that block."""
    with PcscSystem(timeout=30) as opened:
        yield opened


@pytest.fixture
def card(system: PcscSystem, scard: FakeScard) -> PcscConnection:
    """An open card; what opening it took is not in the record of calls."""
    connection = system.connect(READER)
    scard.calls.clear()
    return connection
