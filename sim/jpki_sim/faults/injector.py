"""A card that fails on command: lies around any card and follows a plan of :mod:`jpki_sim.faults.plan`.

Both ways in meet the same faults. In process they are errors of :class:`jpki.errors.TransportError`; over
vpcd they end the connection (see docs/simulator-protocol.md). At most one fault happens at a command: the
first of the plan.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, ClassVar, Final

from jpki.errors import CardRemovedError, CardResetError, CardTimeoutError, NoCardError, NoReaderError
from jpki_sim.card import CardWrapper, sw
from jpki_sim.card.commands import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jpki_sim.card import CardPort

    from .plan import Fault

_GET_RESPONSE: Final = b"\x00\xc0\x00\x00"
_SHORT_MAX: Final = 256
_STATUS_SIZE: Final = 2
# What endless data consists of: no tag of BER-TLV, no filler.
_ENDLESS_BYTE: Final = b"\xa5"


class FaultyCard(CardWrapper):
    """A card that follows a fault plan; commands are counted from its making on, over all connections."""

    def __init__(
        self,
        inner: CardPort,
        faults: Iterable[Fault],
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Lie around ``inner``; ``sleep`` and ``clock`` are where time comes from."""
        super().__init__(inner)
        self._faults = list(faults)
        self._sleep = sleep
        self._clock = clock
        self._is_away = False
        self._is_reader_away = False
        self._back_at: float | None = None
        # Rest of an answer that is being fetched with GET RESPONSE, and how much of it goes at a time.
        self._waiting = b""
        self._piece = 0
        # A command that was answered with 6Cxx, without its Le, and the answer it gets when it comes again.
        self._asked_again: tuple[bytes, bytes] | None = None

    @property
    def is_present(self) -> bool:
        """Whether the card is in the reader."""
        if self._is_away and self._back_at is not None and self._clock() >= self._back_at:
            self.insert()
        return not self._is_away and self.inner.is_present

    def insert(self) -> None:
        """Put the card back."""
        self._is_away = self._is_reader_away = False
        self._back_at = None
        self.inner.insert()

    def reset(self) -> None:
        """Warm reset; what waited for GET RESPONSE is gone."""
        self._forget()
        self.inner.reset()

    def power_off(self) -> None:
        """Cut the power; what waited for GET RESPONSE is gone."""
        self._forget()
        self.inner.power_off()

    def _forget(self) -> None:
        self._waiting = b""
        self._asked_again = None

    def power_on(self) -> None:
        """Power the card, unless the plan has something in the way.

        Raises:
            NoReaderError: the plan has unplugged the reader.
            NoCardError: the plan has taken the card away.
        """
        if not self.is_present:
            if self._is_reader_away:
                raise NoReaderError("the simulated reader was unplugged")
            raise NoCardError("no card lies on the simulated reader")
        self.inner.power_on()

    def process(self, command: bytes) -> bytes:
        """Execute one command APDU, or let happen what the plan says.

        Raises:
            TransportError: see :data:`jpki_sim.faults.plan.KINDS`.
        """
        with self.lock:
            if not self.is_present:
                raise CardRemovedError("the card was removed")
            due = [fault for fault in self._faults if fault.is_due(command)]
            if due:
                return self._HAPPENS[due[0].kind](self, command, due[0].value)
            return self._continue(command)

    def _continue(self, command: bytes) -> bytes:
        """Execute a command that no fault meets, or go on with an answer that an earlier fault has cut up."""
        if self._waiting and command[:4] == _GET_RESPONSE:
            return self._next_piece(command)
        self._waiting = b""
        if self._asked_again is not None:
            body, answer = self._asked_again
            self._asked_again = None
            if command[:-1] == body:
                return answer
        return self.inner.process(command)

    def _next_piece(self, command: bytes) -> bytes:
        parsed = parse(command)
        wanted = _SHORT_MAX if parsed is None or parsed.le is None else parsed.le
        data, status = self._waiting[:-_STATUS_SIZE], self._waiting[-_STATUS_SIZE:]
        size = min(wanted, self._piece or len(data))
        rest = data[size:]
        self._waiting = rest + status if rest else b""
        return data[:size] + (_more(len(rest)) if rest else status)

    def _take_away(self, seconds: float) -> None:
        self.power_off()
        self._is_away = True
        self._back_at = None if seconds < 0 else self._clock() + seconds

    def _remove(self, command: bytes, seconds: float) -> bytes:
        del command
        self._take_away(seconds)
        raise CardRemovedError("the card was removed")

    def _remove_after(self, command: bytes, seconds: float) -> bytes:
        self._continue(command)
        return self._remove(command, seconds)

    def _reader_gone(self, command: bytes, seconds: float) -> bytes:
        del command
        self._take_away(seconds)
        self._is_reader_away = True
        raise NoReaderError("the simulated reader was unplugged")

    def _mute(self, command: bytes, seconds: float) -> bytes:
        del command
        self._sleep(seconds)
        raise CardTimeoutError("the card did not answer")

    def _mute_after(self, command: bytes, seconds: float) -> bytes:
        self._continue(command)
        return self._mute(command, seconds)

    def _reset(self, command: bytes, _value: float) -> bytes:
        del command
        self.reset()
        raise CardResetError("the card was reset")

    def _unpower(self, command: bytes, _value: float) -> bytes:
        del command
        self.power_off()
        self.inner.power_on()
        raise CardResetError("the card was reset")

    def _slow(self, command: bytes, seconds: float) -> bytes:
        answer = self._continue(command)
        self._sleep(seconds)
        return answer

    def _sw(self, command: bytes, value: float) -> bytes:
        self._continue(command)
        return sw.of(int(value))

    def _sw_before(self, command: bytes, value: float) -> bytes:
        del command
        return sw.of(int(value))

    def _truncate(self, command: bytes, value: float) -> bytes:
        return self._continue(command)[: int(value)]

    def _empty(self, command: bytes, _value: float) -> bytes:
        self._continue(command)
        return b""

    def _garbage(self, command: bytes, value: float) -> bytes:
        return hashlib.shake_128(self._continue(command)).digest(int(value))

    def _endless(self, command: bytes, _value: float) -> bytes:
        data = self._continue(command)[:-_STATUS_SIZE]
        parsed = parse(command)
        wanted = 0 if parsed is None or parsed.le is None else parsed.le
        return data + _ENDLESS_BYTE * (wanted - len(data)) + sw.OK

    def _split(self, command: bytes, value: float) -> bytes:
        answer = self._continue(command)
        size = int(value)
        if len(answer) - _STATUS_SIZE <= size:
            return answer
        self._waiting = answer[size:]
        self._piece = size
        return answer[:size] + _more(len(self._waiting) - _STATUS_SIZE)

    def _wrong_le(self, command: bytes, _value: float) -> bytes:
        answer = self._continue(command)
        size = len(answer) - _STATUS_SIZE
        if not 0 < size <= _SHORT_MAX:
            return answer
        self._asked_again = command[:-1], answer
        return bytes((0x6C, size & 0xFF))

    _HAPPENS: ClassVar[dict[str, Callable[[FaultyCard, bytes, float], bytes]]] = {
        "remove": _remove,
        "remove-after": _remove_after,
        "reader-gone": _reader_gone,
        "mute": _mute,
        "mute-after": _mute_after,
        "reset": _reset,
        "unpower": _unpower,
        "slow": _slow,
        "sw": _sw,
        "sw-before": _sw_before,
        "truncate": _truncate,
        "empty": _empty,
        "garbage": _garbage,
        "endless": _endless,
        "split": _split,
        "wrong-le": _wrong_le,
    }


def _more(size: int) -> bytes:
    """61xx: so many bytes wait, 00 for 256 or more."""
    return bytes((0x61, size if size < _SHORT_MAX else 0))
