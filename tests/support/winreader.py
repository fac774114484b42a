"""A virtual reader of the tests' own smart card service, and the port that a card connects to (docs/simulator.md)."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from winservice import Handle

POWER_OFF, POWER_ON, POWER_RESET = b"\0", b"\1", b"\2"
_GET_ATR: Final = b"\4"
_TICK: Final = 0.02


class CardListener(Protocol):
    """Hears of cards."""

    def insert(self, reader: VirtualReader, atr: bytes) -> None:
        """Take note of a card."""
        ...

    def remove(self, reader: VirtualReader) -> None:
        """Take note that the card has gone."""
        ...


class VirtualReader:
    """A reader, the port that a card connects to, and what is on it."""

    def __init__(self, service: CardListener, name: str) -> None:
        self.name = name
        self._service = service
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.link: socket.socket | None = None
        self.atr = b""
        self.events = 0
        self.insertion = 0
        self.inserted_at = 0.0
        self.owner: Handle | None = None  # of the transaction
        self.depth = 0
        self.used_at = 0.0
        self.is_busy = False
        self._io = threading.Lock()
        self._is_closed = False
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Unplug it."""
        self._is_closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        link = self.link
        if link is not None:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def exchange(self, message: bytes, *, answers: bool = True) -> bytes | None:
        """Send a message to the card and give its answer; None when the card went away instead."""
        with self._io:
            link = self.link
            if link is None:
                return None
            try:
                link.sendall(len(message).to_bytes(2, "big") + message)
                if not answers:
                    return b""
                head = self._exactly(link, 2)
                return self._exactly(link, int.from_bytes(head, "big"))
            except OSError:
                return None

    @staticmethod
    def _exactly(link: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = link.recv(size - len(data))
            if not part:
                raise OSError("the card went away")
            data += part
        return data

    def power(self, how: bytes) -> None:
        """Cut the card's power, or give it again."""
        self.exchange(how, answers=False)

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.link = link
            self.power(POWER_ON)
            atr = self.exchange(_GET_ATR)
            if atr is not None:
                self._service.insert(self, atr)
                self._await_end(link)
            self.link = None
            link.close()
            if atr is not None:
                self._service.remove(self)

    def _await_end(self, link: socket.socket) -> None:
        while True:
            if not select.select([link], [], [], _TICK)[0]:
                continue
            with self._io:
                try:
                    if select.select([link], [], [], 0)[0] and not link.recv(1, socket.MSG_PEEK):
                        return
                except (OSError, ValueError):
                    return
