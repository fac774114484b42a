"""Serves PKCS #11 clients: reads frames, answers quick calls at once and slow ones in threads of their own.

One connection carries all threads of a client, and answers are matched by the call id: while a dialog is open, the
other threads of a browser go on.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.agent.signing import Client

from .calls import error
from .constants import Rv
from .frames import VERSION, FrameError, FrameReader, write_frame
from .module import Module, is_slow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jpki.agent.cards import Cards
    from jpki.agent.peers import Peer
    from jpki.agent.signing import Signer
    from jpki.agent.sockets import Connection

    from .frames import Frame
    from .tokens import Slot

#: Slow calls of one client at the same time.
MAX_SLOW: Final = 32


@dataclass(frozen=True, slots=True)
class Service:
    """What is offered to the clients of one socket; ``who`` tells for whom a client asks (a relay asks for another)."""

    slots: Sequence[Slot]
    cards: Cards
    signer: Signer
    who: Callable[[Peer], Peer] = lambda peer: peer

    def serve(self, connection: Connection) -> None:
        """Serve a client until it hangs up; what it left open is dropped then."""
        peer = self.who(connection.peer)
        owner = ("pkcs11", peer.pid, peer.started) if peer.started else ("pkcs11", id(connection))
        client = Client(peer, connection.is_open, owner)
        conversation = _Conversation(connection, Module(self.slots, self.cards, self.signer, client))
        try:
            conversation.run()
        finally:
            conversation.module.end()
            conversation.await_slow()


class _Conversation:
    def __init__(self, connection: Connection, module: Module) -> None:
        self._connection = connection
        self.module = module
        self._slow = threading.BoundedSemaphore(MAX_SLOW)
        self._has_greeted = False

    def run(self) -> None:
        reader = FrameReader()
        while received := self._connection.receive():
            try:
                for frame in reader.feed(received):
                    self._greet(reader)
                    self._take(frame)
            except FrameError:
                return
            self._greet(reader)

    def _greet(self, reader: FrameReader) -> None:
        """Answer the version before anything else: it may have come together with the first call."""
        if not self._has_greeted and reader.client_version is not None:
            self._has_greeted = True
            self.module.greet(reader.client_version)
            self._connection.send(bytes((VERSION,)))

    def _take(self, frame: Frame) -> None:
        if not is_slow(frame.body):
            self._answer(frame)
        elif not self._slow.acquire(blocking=False) or not self._starts(frame):
            self._connection.send(write_frame(frame.call_id, error(Rv.HOST_MEMORY)))

    def _starts(self, frame: Frame) -> bool:
        """Start the thread of a slow call; False where the system gives out no more."""
        try:
            threading.Thread(target=self._answer_slowly, args=(frame,), name="call", daemon=True).start()
        except RuntimeError:
            self._slow.release()
            return False
        return True

    def _answer_slowly(self, frame: Frame) -> None:
        try:
            self._answer(frame)
        finally:
            self._slow.release()

    def await_slow(self) -> None:
        """Wait for what is still being answered: whoever ends the agent must leave no dialog on the screen."""
        for _ in range(MAX_SLOW):
            self._slow.acquire()

    def _answer(self, frame: Frame) -> None:
        try:
            answer = self.module.answer(frame.body)
        finally:
            if frame.body is not None:
                frame.body[:] = bytes(len(frame.body))  # a PIN may have been in it
        self._connection.send(write_frame(frame.call_id, answer))
