"""Frames of p11-kit's remote procedure calls: a byte with the version, then messages, each way.

::

    uint32 call id, uint32 length of options, uint32 length of body, options, body

The call id is the client's, and comes back with the answer, so that answers may come in any order. The options of a
request hold the name of the module file that the client read (``client`` where it was none).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The version that is answered: every release of p11-kit takes it, and the later ones change two calls that are not
#: answered here.
VERSION: Final = 0
#: Longer bodies are skipped and refused. C_Sign with everything in one call is the longest that programs send;
#: C_SignUpdate has no limit.
MAX_BODY: Final = 1024 * 1024
#: The name of a module file is all that is in there.
MAX_OPTIONS: Final = 4096
#: More than this is not even skipped: the connection is closed.
MAX_SKIPPED: Final = 64 * 1024 * 1024

_HEADER: Final = struct.Struct(">III")


class FrameError(Exception):
    """What comes is no frame; nothing that follows can be read."""


class Frame(NamedTuple):
    """A message of a client; ``body`` is None where it was too long to be kept. It may hold a PIN."""

    call_id: int
    options: bytes
    body: bytearray | None

    def __repr__(self) -> str:
        return f"<Frame {self.call_id}>"


class FrameReader:
    """Takes bytes as they come and gives the whole frames in them; keeps at most one frame."""

    def __init__(self) -> None:
        """Start before the version byte."""
        self._received = bytearray()
        self._skip = 0
        self._skipped_id = 0
        #: The version that the client speaks; None before it came.
        self.client_version: int | None = None

    def feed(self, data: bytes | bytearray) -> Iterator[Frame]:
        """Take bytes, and overwrite them where they are a ``bytearray``; give each frame that they complete.

        Raises:
            FrameError: a length that no message has.
        """
        self._received += data
        if isinstance(data, bytearray):
            data[:] = bytes(len(data))
        if self.client_version is None and self._received:
            self.client_version = self._received.pop(0)
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if self._skip:
            return self._skipped()
        if len(self._received) < _HEADER.size:
            return None
        call_id, options, body = _HEADER.unpack_from(self._received)
        end = _HEADER.size + options + body
        if options > MAX_OPTIONS or body > MAX_BODY:
            if end > MAX_SKIPPED:
                raise FrameError("a message has an impossible length")
            self._skip, self._skipped_id = end, call_id
            return self._skipped()
        if len(self._received) < end:
            return None
        start = _HEADER.size + options
        frame = Frame(call_id, bytes(self._received[_HEADER.size : start]), self._received[start:end])
        self._received[:end] = bytes(end)  # a PIN may be in there, and deleting leaves the bytes where they are
        del self._received[:end]
        return frame

    def _skipped(self) -> Frame | None:
        dropped = min(self._skip, len(self._received))
        del self._received[:dropped]
        self._skip -= dropped
        return None if self._skip else Frame(self._skipped_id, b"", None)


def write_frame(call_id: int, body: bytes) -> bytes:
    """Write an answer with its header: call code, length of the options, length of the body."""
    return _HEADER.pack(call_id, 0, len(body)) + body
