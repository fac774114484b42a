"""Frames of the vpcd protocol, read and written exactly, however the peer cuts them into segments.

Every message, either way, is a length of two bytes (big-endian) and as many bytes; what they mean is in the
table of :mod:`jpki_sim.serve.vpcd`.
"""

from __future__ import annotations

import socket
from typing import Final

_LENGTH_FIELD: Final = 2
#: The longest message that the length field can announce.
FRAME_MAX: Final = 0xFFFF
#: Seconds that a peer may take to complete a message that it has begun, or to take one.
FRAME_TIMEOUT: Final = 10.0
_CHUNK: Final = 65536
# Linux falls back to delayed acknowledgements by itself; vpcd sends length and body apart, so each delay is 40 ms.
_QUICKACK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)


class FrameLink:
    """One connection to a vpcd, with what has been received of the next messages."""

    def __init__(self, link: socket.socket) -> None:
        """Take over a connected socket."""
        link.settimeout(FRAME_TIMEOUT)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._link = link
        self._buffer = bytearray()

    def receive(self) -> bytes | None:
        """Wait for the next message; None when the peer has closed the connection between two messages.

        Raises:
            OSError: the connection broke, or stalled inside a message.
        """
        while not self._buffer:
            try:
                if not self._fill():
                    return None
            except TimeoutError:
                continue  # between messages a peer may be silent for as long as it likes
        self._need(_LENGTH_FIELD)
        size = int.from_bytes(self._buffer[:_LENGTH_FIELD])
        end = _LENGTH_FIELD + size
        self._need(end)
        message = bytes(self._buffer[_LENGTH_FIELD:end])
        self._buffer[:end] = bytes(end)  # it may have held a PIN
        del self._buffer[:end]
        return message

    def send(self, message: bytes) -> None:
        """Send one message of at most 65535 bytes.

        Raises:
            OSError: the connection broke, or the peer does not take the message.
        """
        self._link.sendall(len(message).to_bytes(_LENGTH_FIELD) + message)

    def _need(self, size: int) -> None:
        while len(self._buffer) < size:
            if not self._fill():
                raise ConnectionError("the connection ended inside a message")

    def _fill(self) -> bool:
        if _QUICKACK is not None:
            self._link.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        received = self._link.recv(_CHUNK)
        self._buffer += received
        return bool(received)
