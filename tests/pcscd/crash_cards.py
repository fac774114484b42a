"""Cards in the virtual readers that are made anew for each case, fail as it says, and tell what they hold afterwards.

Usage: crash_cards.py SOCKET [SLOTS] (2 if not said). Each line on the socket is a JSON object with ``slot`` and one of:

    {"slot": 0, "new": "remove-after:change"}   a fresh adult's card that fails by this plan
    {"slot": 0, "pause": "verify"}              the next command of this name waits before it is executed
    {"slot": 0, "reached": true}                answers when a command waits
    {"slot": 0, "go": true}                     lets it go on
    {"slot": 0, "away": true}                   takes the card away
    {"slot": 0, "back": true}                   puts it back
    {"slot": 0, "other": "child"}               puts another one there; "state" and "before" tell of it and of the first
    {"slot": 0, "state": "auth"}                value and tries of a PIN, how many PINs were presented,
                                                and whether the card is open

It answers with a JSON object a line. Sockets of several programs are served at once.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from jpki_sim.card import CardWrapper
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.faults.plan import COMMAND_NAMES
from jpki_sim.files import open_card
from jpki_sim.serve import VpcdServer

if TYPE_CHECKING:
    from jpki_sim.card import SimulatedCard
    from jpki_sim.serve.vpcd import VpcdSlot

SLOTS = 2
GAP = 1.0  # pcscd looks at a reader every 0.4 s, and has to see that the old card left
SECONDS = 120.0


class CaseCard(CardWrapper):
    """A card that can be made anew while it lies in the reader."""

    def __init__(self) -> None:
        self.card = self.first = self._fresh()
        super().__init__(self.card)
        self._pause = ""
        self.reached = threading.Event()
        self.go = threading.Event()

    @staticmethod
    def _fresh(persona: str = "adult") -> SimulatedCard:
        card = open_card(persona).card
        card.command_log = []
        return card

    def renew(self, plan: str) -> None:
        """Become another card, of the same kind and with the same power."""
        card = self._fresh()
        if not self.card.is_powered:
            card.power_off()
        self.card = self.first = card
        self.inner = FaultyCard(card, parse_faults(plan))

    def exchange(self, persona: str) -> None:
        """Become the card of somebody else, without power."""
        self.card = self.inner = self._fresh(persona)
        self.card.power_off()

    def pause(self, name: str) -> None:
        """Stop at the next command of this name."""
        self.reached.clear()
        self.go.clear()
        self._pause = name

    def process(self, command: bytes) -> bytes:
        """Wait, if this is the command to wait at, and pass on."""
        if self._pause and COMMAND_NAMES[self._pause](command):
            self._pause = ""
            self.reached.set()
            self.go.wait(SECONDS)
        return self.inner.process(command)


def state_of(card: SimulatedCard, pin: str) -> dict[str, Any]:
    """What a card holds."""
    reference = card.image.reference_data()[pin]
    is_verify = COMMAND_NAMES["verify"]
    presented = sum(is_verify(command) for command in card.command_log or ())
    return {
        "value": reference.value.decode(),
        "tries": reference.retries_remaining,
        "presented": presented,
        "is_open": card.is_powered and bool(card._state.verified),
    }


def renew(slot: VpcdSlot, card: CaseCard, plan: str) -> None:
    """Have a fresh card in a slot; where the old one has left, after pcscd has seen that."""
    if not slot.is_inserted:
        time.sleep(GAP)
    card.renew(plan)


def move(request: dict[str, Any], slot: VpcdSlot, card: CaseCard) -> None:
    """Take a card away, put it back, or put another one there."""
    if "away" in request:
        slot.remove()
        return
    if "other" in request:
        card.exchange(request["other"])
    slot.insert()


def answer(request: dict[str, Any], slot: VpcdSlot, card: CaseCard) -> dict[str, Any]:
    """Carry out one request."""
    if request.keys() & {"away", "back", "other"}:
        move(request, slot, card)
    elif "new" in request:
        renew(slot, card, request["new"])
    elif "pause" in request:
        card.pause(request["pause"])
    elif "reached" in request:
        return {"ok": card.reached.wait(SECONDS)}
    elif "go" in request:
        card.go.set()
    elif "before" in request:
        return state_of(card.first, request["before"])
    else:
        return state_of(card.card, request["state"])
    return {"ok": True}


def talk(link: socket.socket, server: VpcdServer, cards: list[CaseCard]) -> None:
    """Serve one program."""
    with link, link.makefile("rw", encoding="ascii") as lines:
        for line in lines:
            request = json.loads(line)
            number = request["slot"]
            lines.write(json.dumps(answer(request, server.slots[number], cards[number])) + "\n")
            lines.flush()


def main() -> None:
    """Serve until killed."""
    slots = int(sys.argv[2]) if len(sys.argv) > 2 else SLOTS
    cards = [CaseCard() for _ in range(slots)]
    with VpcdServer(cards) as server, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        while True:
            link, _ = listener.accept()
            threading.Thread(target=talk, args=(link, server, cards), daemon=True).start()


if __name__ == "__main__":
    main()
