"""The relay: bytes from a pipe to the agent's socket and back, until either end is closed."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .sockets import Socket

_CHUNK: Final = 64 * 1024
#: Python answers a signal that comes right before a wait once that wait is over: so no wait is longer than this.
_TURN_SECONDS: Final = 1.0


def relay(source: int, sink: int, connection: Socket) -> None:
    """Copy what comes in at ``source`` to the socket, and what comes from there to ``sink``."""
    while True:
        ready = select.select([source, connection.fileno()], [], [], _TURN_SECONDS)[0]
        if source in ready:
            received = os.read(source, _CHUNK)
            if not received:
                return
            try:
                connection.sendall(received)
            except OSError:
                return
        if connection.fileno() in ready:
            try:
                received = connection.recv(_CHUNK)
            except OSError:  # the agent ended before it had read everything
                return
            if not received or not _write(sink, received):
                return


def _write(sink: int, data: bytes) -> bool:
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(sink, left) :]
    except OSError:
        return False
    return True
