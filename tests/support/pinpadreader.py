"""A reader with keys of its own around a simulated card; it takes PC/SC part 10's structures apart by itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jpki.errors import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from jpki.transport import CardConnection

# CM_IOCTL_GET_FEATURE_REQUEST of Windows, and of pcsc-lite and macOS.
GET_FEATURES = 0x00313520 if sys.platform == "win32" else 0x42000D48
VERIFY_CODE, MODIFY_CODE = 0x42330006, 0x42330007
BOTH = bytes.fromhex("0604423300060704423300070A044233000A")
VERIFY_ONLY = bytes.fromhex("060442330006")
UNSUPPORTED = TransportError("the reader or its driver cannot do this", pcsc_code=0x8010001F)

#: What a person does on the keys: types digits and confirms them, or one of these.
NOTHING, CANCEL = "nothing", "cancel"


class PinPadConnection:
    """A connection to a simulated card through a reader with keys.

    ``typed`` is what is entered, in order. ``controls`` keeps every control code with its data, and ``sent`` the
    commands that reached the card from the reader.
    """

    def __init__(
        self,
        inner: CardConnection,
        typed: Iterable[str] = (),
        *,
        features: bytes | TransportError = BOTH,
        refuses: Callable[[bytes], bool] = lambda _command: False,
    ) -> None:
        """Put keys on the reader; ``refuses`` tells which commands its firmware does not take."""
        self._inner = inner
        self._typed = list(typed)
        self._features = features
        self._refuses = refuses
        self.controls: list[tuple[int, bytes, float | None]] = []
        self.sent: list[bytes] = []

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return "Reader with keys"

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._inner.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on."""
        return self._inner.transmit(command)

    def transaction(self) -> AbstractContextManager[None]:
        """Pass on."""
        return self._inner.transaction()

    def unpower(self) -> None:
        """Pass on."""
        self._inner.unpower()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()

    def control(self, code: int, data: bytes | bytearray, *, timeout: float | None = None) -> bytes:
        """Do what the reader's firmware does."""
        raw = bytes(data)
        self.controls.append((code, raw, timeout))
        if code == GET_FEATURES:
            if isinstance(self._features, TransportError):
                raise self._features
            return self._features
        if code == VERIFY_CODE:
            return self._enter(raw[19:], length_at=15, structure=raw, limits=raw[5:7], times=1)
        assert code == MODIFY_CODE
        assert raw[9] == 0x01, "the new PIN twice, without the current one"
        return self._enter(raw[24:], length_at=20, structure=raw, limits=raw[7:9], times=2)

    def _enter(self, command: bytes, *, length_at: int, structure: bytes, limits: bytes, times: int) -> bytes:
        assert int.from_bytes(structure[length_at : length_at + 4], "little") == len(command)
        assert structure[2] == 0x82, "bytes, at the first data byte, on the left, ASCII"
        longest, shortest = limits
        if self._refuses(command):
            return b"\x6b\x80"
        entries = [self._typed.pop(0) for _ in range(times)]
        if NOTHING in entries:
            return b"\x64\x00"
        if CANCEL in entries:
            return b"\x64\x01"
        if len(set(entries)) > 1:
            return b"\x64\x02"
        if not shortest <= len(entries[0]) <= longest:
            return b"\x64\x03"
        filled = command[:5] + entries[0].encode() + command[5 + structure[3] :]
        self.sent.append(filled)
        return self._inner.transmit(filled)
