"""The reader's side of the link to vpcd, and a few messages that it sends."""

from __future__ import annotations

import socket
from typing import Final

from jpki_sim.card import CONTACTLESS_ATR, aids

SECONDS: Final = 20.0
OFF, ON, RESET, ATR = b"\0", b"\1", b"\2", b"\4"
SELECT_JPKI: Final = bytes.fromhex("00A4040C0A") + aids.JPKI_AID
VERIFY_SIGN: Final = bytes.fromhex("0020009B08") + b"SIMCARD1"
READ_SIGN: Final = bytes.fromhex("00B0810001")


class FakeVpcd:
    """The reader's side: listens, accepts a card, sends messages."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.settimeout(SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self.link: socket.socket | None = None

    def accept(self) -> None:
        """Wait for a card."""
        if self.link is not None:
            self.link.close()
        self.link, _ = self._listener.accept()
        self.link.settimeout(SECONDS)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def raw(self, data: bytes) -> None:
        """Send bytes as one segment."""
        assert self.link is not None
        self.link.sendall(data)

    def send(self, message: bytes) -> None:
        """Send one message."""
        self.raw(len(message).to_bytes(2) + message)

    def receive(self) -> bytes:
        """Receive one message; empty when the card has gone."""
        assert self.link is not None
        head = self._exactly(2)
        return self._exactly(int.from_bytes(head)) if head else b""

    def _exactly(self, size: int) -> bytes:
        assert self.link is not None
        data = b""
        while len(data) < size:
            try:
                received = self.link.recv(size - len(data))
            except ConnectionResetError:
                return b""
            if not received:
                return b""
            data += received
        return data

    def ask(self, message: bytes) -> bytes:
        """Send a message and receive its answer."""
        self.send(message)
        return self.receive()

    def close(self) -> None:
        """Go away."""
        if self.link is not None:
            self.link.close()
        self._listener.close()


def is_there(vpcd: FakeVpcd) -> bool:
    """Whether the card answers the presence poll."""
    return vpcd.ask(ATR) == CONTACTLESS_ATR
