"""A connection that reports every exchange as redacted text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jpki.errors import ApduError, TransportError
from jpki.iso7816.apdu import CommandApdu, ResponseApdu
from jpki.iso7816.redact import SECRET_INSTRUCTIONS, command_name, describe_raw, describe_response

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from jpki.transport.base import CardConnection

_HEADER = 4


class TracingConnection:
    """Passes everything on to another connection and writes one line before and one after each APDU.

    Lines are redacted by :mod:`jpki.iso7816.redact`. ``show_data`` adds response data, until the first command that
    carries a secret has been sent: from then on the card gives out what the secret protects.

    A trace that cannot be written (disk full, pipe closed) ends there, and ``failure`` says why: raising it would lose
    the answer to a command that the card has carried out.
    """

    def __init__(
        self,
        inner: CardConnection,
        write: Callable[[str], None],
        *,
        show_data: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Trace ``inner`` through ``write``, which gets one line without line end at a time."""
        self._inner = inner
        self._write_line = write
        self._show_data = show_data
        self._clock = clock
        self.failure: OSError | ValueError | None = None

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
        if len(command) > _HEADER and command[1] in SECRET_INSTRUCTIONS:
            self._show_data = False
        self._write(f"> {_describe(command)}")
        begin = self._clock()
        try:
            answer = self._inner.transmit(command)
        except TransportError as exc:
            self._write(f"! {type(exc).__name__} {self._elapsed(begin)}")
            raise
        self._write(f"< {self._describe_answer(answer)} {self._elapsed(begin)}")
        return answer

    def _write(self, line: str) -> None:
        if self.failure is not None:
            return
        try:
            self._write_line(line)
        except (OSError, ValueError) as exc:  # ValueError is what a closed file raises
            self.failure = exc

    def _elapsed(self, begin: float) -> str:
        return f"({(self._clock() - begin) * 1000:.1f} ms)"

    def _describe_answer(self, answer: bytes) -> str:
        try:
            response = ResponseApdu.from_bytes(answer)
        except ApduError:
            return f"[no status word, {len(answer)} bytes]"
        text = describe_response(response.data, response.sw, show_data=self._show_data)
        return f"{text} {response.sw.meaning}".rstrip()

    def transaction(self) -> AbstractContextManager[None]:
        """Pass on."""
        return self._inner.transaction()

    def unpower(self) -> None:
        """Pass on and report."""
        self._write("! card unpowered")
        self._inner.unpower()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


def _describe(command: bytes | bytearray) -> str:
    if len(command) >= _HEADER and command[1] in SECRET_INSTRUCTIONS:
        # Not decoded: a CommandApdu would keep a copy of the secret.
        header = bytes(command[:_HEADER]).hex(" ").upper()
        return f"{command_name(command[0], command[1])} {header}{' [hidden]' if len(command) > _HEADER else ''}"
    try:
        return repr(CommandApdu.from_bytes(bytes(command)))[1:-1]
    except ApduError:
        return describe_raw(bytes(command))
