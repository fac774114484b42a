"""What reaches the card, as one JSON object a line or as lines for people; redacted as every APDU that becomes text.

::

    {"n": 3, "at": 0.0123, "ms": 0.4, "command": "VERIFY 00 20 00 80 [hidden]", "response": "9000"}
    {"at": 1.5, "event": "reset"}

``n`` counts commands, ``at`` is seconds since the log began, ``ms`` how long the card took. ``error`` stands
in place of ``response`` where a staged fault left no answer. A raw log has ``command`` and ``response`` in
hex, PINs included; it is for cards with TEST secrets and is made on request only.

Lines for people are those of ``--trace`` (:class:`jpki.iso7816.trace.TraceWriter`), seen from the card's side.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from jpki.errors import ApduError, TransportError
from jpki.iso7816 import CommandApdu, describe_raw, describe_response
from jpki_sim.card import CardWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.iso7816 import TraceWriter
    from jpki_sim.card import CardPort

_STATUS_SIZE = 2


class LoggedCard(CardWrapper):
    """A card whose exchanges, resets and power changes are written down."""

    def __init__(
        self,
        inner: CardPort,
        write: Callable[[str], object],
        *,
        is_raw: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Log ``inner`` through ``write``, which gets one line with its line end at a time."""
        super().__init__(inner)
        self._write = write
        self._is_raw = is_raw
        self._clock = clock
        self._begin = clock()
        self._count = 0

    def process(self, command: bytes) -> bytes:
        """Execute a command and write down what came of it."""
        with self.lock:
            self._count += 1
            begin = self._clock()
            entry = {"n": self._count, "at": round(begin - self._begin, 6)}
            try:
                answer = self.inner.process(command)
            except TransportError as exc:
                self._put(entry, command=self._command(command), error=type(exc).__name__)
                raise
            elapsed = round((self._clock() - begin) * 1000, 3)
            self._put(entry, ms=elapsed, command=self._command(command), response=self._response(answer))
            return answer

    def reset(self) -> None:
        """Pass on and write down."""
        self._event("reset")
        self.inner.reset()

    def power_on(self) -> None:
        """Pass on and write down."""
        self._event("power on")
        self.inner.power_on()

    def power_off(self) -> None:
        """Pass on and write down."""
        self._event("power off")
        self.inner.power_off()

    def _event(self, name: str) -> None:
        self._put({"at": round(self._clock() - self._begin, 6)}, event=name)

    def _put(self, entry: dict[str, float], **more: float | str) -> None:
        self._write(json.dumps(entry | more) + "\n")

    def _command(self, command: bytes) -> str:
        if self._is_raw:
            return command.hex(" ").upper()
        try:
            return repr(CommandApdu.from_bytes(command))[1:-1]
        except ApduError:
            return describe_raw(command)

    def _response(self, answer: bytes) -> str:
        if self._is_raw:
            return answer.hex(" ").upper()
        if len(answer) < _STATUS_SIZE:
            return f"[no status word, {len(answer)} bytes]"
        return describe_response(answer[:-_STATUS_SIZE], int.from_bytes(answer[-_STATUS_SIZE:]))


class TracedCard(CardWrapper):
    """A card whose exchanges, resets and power changes are written down in lines for people."""

    def __init__(self, inner: CardPort, trace: TraceWriter) -> None:
        """Write ``inner`` down through ``trace``."""
        super().__init__(inner)
        self._trace = trace

    def process(self, command: bytes) -> bytes:
        """Execute a command and write down what came of it."""
        with self.lock:
            self._trace.command(command)
            try:
                answer = self.inner.process(command)
            except TransportError as exc:
                self._trace.error(exc)
                raise
            self._trace.answer(answer)
            return answer

    def reset(self) -> None:
        """Pass on and write down."""
        self._trace.event("reset")
        self.inner.reset()

    def power_on(self) -> None:
        """Pass on and write down."""
        self._trace.event("power on")
        self.inner.power_on()

    def power_off(self) -> None:
        """Pass on and write down."""
        self._trace.event("power off")
        self.inner.power_off()
