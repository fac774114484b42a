"""Puts simulated cards into the virtual readers of vpcd, so that every PC/SC program of the machine can use them.

vpcd is a reader driver of pcscd; it listens (port 35963 for its first slot, the next port for the next), and
the card connects to it. Being connected is being inserted. A message is a length of two bytes (big-endian)
and as many bytes:

=====================  ==========================  ========================
message of the reader  meaning                     answer of the card
=====================  ==========================  ========================
``00 01 00``           power off                   none
``00 01 01``           power on                    none
``00 01 02``           warm reset                  none
``00 01 04``           ATR, also "are you there?"  length and ATR
``LL LL`` and APDU     command, 2 bytes or more    length and response APDU
=====================  ==========================  ========================

A message of another single byte, or of none, is ignored. A card that gives no answer at all closes the
connection, as does a removed one: vpcd waits without limit and would hold up pcscd. Staged faults are mapped
to this in docs/simulator-protocol.md.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Final, Literal, Self

from jpki.errors import CardResetError, CardTimeoutError, TransportError
from jpki_sim.card import sw

from .frames import FRAME_MAX, FrameLink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from jpki_sim.card import CardPort

_log = logging.getLogger(__name__)

#: Where vpcd listens for its first slot, unless it is built or set up otherwise.
DEFAULT_PORT: Final = 35963
#: pcscd looks for a card every 0.4 seconds; a gap between two cards has to be longer, or it sees no removal.
SWAP_GAP: Final = 1.0
_PORT_MAX: Final = 65535
_BACKOFF_FIRST: Final = 0.05
#: How long a card at most waits before it looks for vpcd again.
RETRY_SECONDS: Final = 2.0
_CONNECT_TIMEOUT: Final = 5.0
# How often a card that a fault took away is asked whether it is back.
_PRESENCE_INTERVAL: Final = 0.05

_OFF: Final = b"\x00"
_ON: Final = b"\x01"
_RESET: Final = b"\x02"
_ATR: Final = b"\x04"

SlotEvent = Literal["connected", "disconnected", "unreachable"]


class VpcdSlot:
    """One virtual reader and the card in it; a thread of its own keeps the two connected.

    ``on_event`` hears of connection changes with the slot's port, from that thread; ``unreachable`` only once
    until the next connection.
    """

    def __init__(
        self,
        card: CardPort | None,
        *,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        on_event: Callable[[int, SlotEvent], None] | None = None,
        allow_remote: bool = False,
    ) -> None:
        """Prepare a slot, empty or with a card; nothing is connected before ``start``.

        Raises:
            ValueError: the host is not this machine and ``allow_remote`` is not set, or there is no such port.
        """
        if not 1 <= port <= _PORT_MAX:
            raise ValueError(f"there is no port {port}")
        if not allow_remote and not _is_loopback(host):
            raise ValueError("a simulated card connects to this machine only, unless it is told otherwise")
        self.port = port
        self._host = host
        self._on_event = on_event or (lambda _port, _event: None)
        self._card = card
        self._is_inserted = card is not None
        self._is_stopping = False
        self._not_before = 0.0
        self._link: socket.socket | None = None
        # Guards all of the above, and wakes the thread when one of them changes.
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"vpcd-{port}", daemon=True)

    @property
    def card(self) -> CardPort | None:
        """The card that is in the slot or was in it last."""
        return self._card

    @property
    def is_inserted(self) -> bool:
        """Whether a card is in the slot, whether or not vpcd is there."""
        with self._changed:
            return self._is_inserted and self._card is not None and self._card.is_present

    @property
    def is_connected(self) -> bool:
        """Whether vpcd has the card now."""
        return self._link is not None

    def start(self) -> None:
        """Begin to look for vpcd."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; a second call does nothing."""
        with self._changed:
            self._is_stopping = True
            self._disconnect()
        if self._thread.is_alive():
            self._thread.join()

    def insert(self, card: CardPort | None = None) -> None:
        """Put a card into an empty slot; without an argument the one that was there.

        Raises:
            ValueError: a card is in the slot, or there never was one.
        """
        with self._changed:
            if self.is_inserted:
                raise ValueError("a card is in the slot already")
            self._put(card or self._card)

    def remove(self) -> None:
        """Take the card out; an empty slot stays empty."""
        with self._changed:
            self._is_inserted = False
            self._disconnect()

    def swap(self, card: CardPort, *, gap: float = SWAP_GAP) -> None:
        """Take the card out and put another in, ``gap`` seconds later so that pcscd sees both."""
        with self._changed:
            self._disconnect()
            self._not_before = time.monotonic() + gap
            self._put(card)

    def _put(self, card: CardPort | None) -> None:
        if card is None:
            raise ValueError("there never was a card in this slot")
        card.insert()
        self._card = card
        self._is_inserted = True
        self._changed.notify_all()

    def _disconnect(self) -> None:
        if self._link is not None:
            with contextlib.suppress(OSError):  # the peer may have gone by itself
                self._link.shutdown(socket.SHUT_RDWR)
        self._changed.notify_all()

    def _run(self) -> None:
        backoff = _BACKOFF_FIRST
        is_reachable = True
        while (card := self._wait_for_card()) is not None:
            link = self._connect(card)
            if link is None:
                if is_reachable:
                    self._on_event(self.port, "unreachable")
                is_reachable = False
            else:
                is_reachable = True
                self._on_event(self.port, "connected")
                if self._serve(card, link):
                    backoff = _BACKOFF_FIRST
                self._on_event(self.port, "disconnected")
            self._pause(backoff)
            backoff = min(2 * backoff, RETRY_SECONDS)

    def _wait_for_card(self) -> CardPort | None:
        """Wait until a card is to be connected; None when the slot is stopped."""
        with self._changed:
            while not self._is_stopping:
                delay = self._not_before - time.monotonic()
                if not self._is_inserted or self._card is None:
                    self._changed.wait()
                elif delay > 0:
                    self._changed.wait(delay)
                elif self._card.is_present:
                    return self._card
                else:
                    self._changed.wait(_PRESENCE_INTERVAL)
            return None

    def _pause(self, seconds: float) -> None:
        with self._changed:
            if not self._is_stopping:
                self._changed.wait(seconds)

    def _connect(self, card: CardPort) -> socket.socket | None:
        """Connect to vpcd; None when it is not there, or the card has been taken out meanwhile."""
        try:
            link = socket.create_connection((self._host, self.port), timeout=_CONNECT_TIMEOUT)
        except OSError as exc:
            _log.debug("vpcd on port %d cannot be reached: %s", self.port, exc)
            return None
        with self._changed:
            is_wanted = not self._is_stopping and self._is_inserted and self._card is card
            if not is_wanted or _is_own(link):
                link.close()
                return None
            self._link = link
        return link

    def _serve(self, card: CardPort, link: socket.socket) -> bool:
        """Answer the reader until one side ends it; whether there was a message at all."""
        is_served = False
        card.power_off()
        try:
            frames = FrameLink(link)
            while (message := frames.receive()) is not None:
                answer = _answer(card, message)
                if answer is not None:
                    frames.send(answer)
                is_served = True
        except (OSError, TransportError) as exc:
            _log.debug("the card in the slot of port %d is disconnected: %s", self.port, exc)
        finally:
            with self._changed:
                self._link = None
            link.close()
            card.power_off()
        return is_served


def _is_own(link: socket.socket) -> bool:
    """Whether the connection is one with itself.

    vpcd's port is one that a system may choose for an outgoing connection; when no process listens, the choice can fall
    on the very port that is called, and then vpcd could not listen there any more.
    """
    with contextlib.suppress(OSError):
        return bool(link.getsockname() == link.getpeername())
    return False


def _answer(card: CardPort, message: bytes) -> bytes | None:
    """What the card sends back; None when nothing is due."""
    if len(message) > 1:
        return _process(card, message)
    if message == _ATR:
        return card.atr
    if message == _ON:
        card.power_on()
    elif message == _RESET:
        card.power_on()
        card.reset()
    elif message == _OFF:
        card.power_off()
    return None


def _process(card: CardPort, command: bytes) -> bytes:
    try:
        answer = card.process(command)
    except CardResetError:
        # vpcd cannot report a reset that it did not ask for: the reader's next command meets a card that was reset.
        answer = card.process(command)
    if not answer:
        # An empty message would be the plain way to say it, but vpcd then waits for bytes that never come.
        raise CardTimeoutError("the card did not answer")
    return answer if len(answer) <= FRAME_MAX else sw.WRONG_LENGTH


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class VpcdServer:
    """Several slots, on one port after another; a context manager that starts and stops them."""

    def __init__(
        self,
        cards: Sequence[CardPort | None],
        *,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        on_event: Callable[[int, SlotEvent], None] | None = None,
        allow_remote: bool = False,
    ) -> None:
        """Prepare a slot for each card; None leaves a slot empty."""
        self.slots: tuple[VpcdSlot, ...] = tuple(
            VpcdSlot(card, host=host, port=port + index, on_event=on_event, allow_remote=allow_remote)
            for index, card in enumerate(cards)
        )

    def __enter__(self) -> Self:
        """Start all slots."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all slots."""
        self.stop()

    def start(self) -> None:
        """Start a thread for each slot, which connects to vpcd."""
        for slot in self.slots:
            slot.start()

    def stop(self) -> None:
        """Stop all slots and wait for their threads."""
        for slot in self.slots:
            slot.stop()


def serve(cards: Sequence[CardPort | None], *, host: str = "127.0.0.1", port: int = DEFAULT_PORT) -> None:
    """Serve cards until the process is interrupted; for more control use :class:`VpcdServer`."""
    with VpcdServer(cards, host=host, port=port), contextlib.suppress(KeyboardInterrupt):
        wait_for_ever()


def wait_for_ever() -> None:
    """Wait for a signal; in turns, since Python answers one that comes right before a wait once that wait is over."""
    while True:
        time.sleep(1)
