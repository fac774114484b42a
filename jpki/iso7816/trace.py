"""What goes to a card and comes back, as redacted lines that a person can follow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from jpki.errors import ApduError, TransportError
from jpki.transport import ReaderControl, RestartableConnection

from .apdu import CommandApdu, ResponseApdu
from .redact import SECRET_INSTRUCTIONS, command_name, describe_raw, describe_response, is_shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from jpki.transport import CardConnection

_HEADER = 4
_FAILED = "verification failed, "


class CommandNamer(Protocol):
    """Says in a few words what a command is about, which takes knowing what was selected before it.

    Whoever knows the card's applications and files implements this; here nothing is known of them.
    """

    def about(self, header: bytes, data: bytes) -> str:
        """Name the application or file that a command is about; empty if that is not known.

        ``data`` is empty for every command that may carry a secret.
        """
        ...

    def answered(self, sw: int) -> None:
        """Take note of the status word that the card gave to the last command."""
        ...

    def reset(self) -> None:
        """Take note that nothing is selected any more."""
        ...


class TraceWriter:
    """Writes one line before and one after each APDU, redacted by :mod:`jpki.iso7816.redact`.

    ``show_data`` adds response data, until the first command that carries a secret has been sent: from then on the card
    gives out what the secret protects. ``now`` puts the time of day before each line, ``namer`` a file's name behind
    each command.

    A trace that cannot be written (disk full, pipe closed) ends there, and ``failure`` says why: raising it would lose
    the answer to a command that the card has carried out.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        *,
        show_data: bool = False,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] | None = None,
        namer: CommandNamer | None = None,
    ) -> None:
        """Write through ``write``, which gets one line without line end at a time."""
        self._write_line = write
        self._show_data = show_data
        self._clock = clock
        self._now = now
        self._namer = namer
        self._begin = 0.0
        self._is_query = False
        self.failure: OSError | ValueError | None = None

    def command(self, command: bytes | bytearray) -> None:
        """Write a command that is about to be sent."""
        if len(command) > _HEADER and command[1] in SECRET_INSTRUCTIONS:
            self._show_data = False
        # Without data VERIFY asks how many tries are left, and nothing has failed (docs/card.md, 2.3).
        self._is_query = len(command) == _HEADER
        about = self._about(command)
        self._write(f"> {_describe(command)}{f' ({about})' if about else ''}")
        self._begin = self._clock()

    def answer(self, answer: bytes) -> None:
        """Write the answer to it, and how long that took."""
        try:
            response = ResponseApdu.from_bytes(answer)
        except ApduError:
            text = f"[no status word, {len(answer)} bytes]"
        else:
            text = describe_response(response.data, response.sw, show_data=self._show_data)
            meaning = response.sw.meaning
            text = f"{text} {meaning.removeprefix(_FAILED) if self._is_query else meaning}".rstrip()
            if self._namer is not None:
                self._namer.answered(response.sw)
        self._write(f"< {text} {self._elapsed()}")

    def control(self, code: int, *, has_data: bool) -> None:
        """Write that a control code is about to be sent to the reader; its data are never shown."""
        if has_data:  # perhaps a PIN is typed there, and the card gives out what it protects
            self._show_data = False
        self._write(f"> reader control {code:08X}{' [hidden]' if has_data else ''}")
        self._begin = self._clock()

    def controlled(self, answer: bytes) -> None:
        """Write how much the reader answered."""
        self._write(f"< [{len(answer)} bytes] {self._elapsed()}")

    def error(self, error: TransportError) -> None:
        """Write that there was no answer."""
        self._write(f"! {type(error).__name__} {self._elapsed()}")

    def event(self, text: str) -> None:
        """Write what happened to the card beside commands: it has no file selected afterwards."""
        if self._namer is not None:
            self._namer.reset()
        self._write(f"! {text}")

    def _about(self, command: bytes | bytearray) -> str:
        if self._namer is None or len(command) < _HEADER:
            return ""
        return self._namer.about(bytes(command[:_HEADER]), _harmless_data(command))

    def _write(self, line: str) -> None:
        if self.failure is not None:
            return
        if self._now is not None:
            line = f"{self._now():%H:%M:%S.%f}"[:-3] + f" {line}"
        try:
            self._write_line(line)
        except (OSError, ValueError) as exc:  # ValueError is what a closed file raises
            self.failure = exc

    def _elapsed(self) -> str:
        return f"({(self._clock() - self._begin) * 1000:.1f} ms)"


class TracingConnection:
    """Passes everything on to another connection and has a :class:`TraceWriter` write it down."""

    def __init__(
        self,
        inner: CardConnection,
        write: Callable[[str], object],
        *,
        show_data: bool = False,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] | None = None,
        namer: CommandNamer | None = None,
    ) -> None:
        """Trace ``inner``; the other arguments are those of :class:`TraceWriter`."""
        self._inner = inner
        self._trace = TraceWriter(write, show_data=show_data, clock=clock, now=now, namer=namer)

    @property
    def failure(self) -> OSError | ValueError | None:
        """Why the trace ended before its time."""
        return self._trace.failure

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._inner.reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._inner.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass one command on and report it, its answer and the time between."""
        self._trace.command(command)
        try:
            answer = self._inner.transmit(command)
        except TransportError as exc:
            self._trace.error(exc)
            raise
        self._trace.answer(answer)
        return answer

    def control(self, code: int, data: bytes | bytearray, *, timeout: float | None = None) -> bytes:
        """Pass a control code on to the reader and report it.

        Raises:
            TransportError: the connection inside has no way to its reader, or the reader refuses.
        """
        if not isinstance(self._inner, ReaderControl):
            raise TransportError("there is no way to the reader itself")
        self._trace.control(code, has_data=bool(data))
        try:
            answer = self._inner.control(code, data, timeout=timeout)
        except TransportError as exc:
            self._trace.error(exc)
            raise
        self._trace.controlled(answer)
        return answer

    def transaction(self) -> AbstractContextManager[None]:
        """Pass on."""
        return self._inner.transaction()

    def take_exclusive(self) -> None:
        """Pass on.

        Raises:
            TransportError: the connection inside cannot keep the card to itself.
        """
        self._restartable().take_exclusive()

    def restart(self, *, is_cold: bool) -> None:
        """Pass on and report.

        Raises:
            TransportError: the connection inside cannot restart the card, or failed.
        """
        self._trace.event("card power cut and supplied again" if is_cold else "card reset")
        self._restartable().restart(is_cold=is_cold)

    def _restartable(self) -> RestartableConnection:
        if not isinstance(self._inner, RestartableConnection):
            raise TransportError("this connection cannot restart the card")
        return self._inner

    def unpower(self) -> None:
        """Pass on and report."""
        self._trace.event("card unpowered")
        self._inner.unpower()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


def _harmless_data(command: bytes | bytearray) -> bytes:
    """Data field of a command that is shown as it is; empty for every other one."""
    if not is_shown(command[0], command[1]):
        return b""
    try:
        return CommandApdu.from_bytes(bytes(command)).data
    except ApduError:
        return b""


def _describe(command: bytes | bytearray) -> str:
    if len(command) >= _HEADER and command[1] in SECRET_INSTRUCTIONS:
        # Not decoded: a CommandApdu would keep a copy of the secret.
        header = bytes(command[:_HEADER]).hex(" ").upper()
        return f"{command_name(command[0], command[1])} {header}{' [hidden]' if len(command) > _HEADER else ''}"
    try:
        return repr(CommandApdu.from_bytes(bytes(command)))[1:-1]
    except ApduError:
        return describe_raw(bytes(command))
