"""Waits until so many readers hold a card, then exchanges APDUs with all of them at once, a thread for each.

Usage: ask_slots.py READERS ROUNDS SECONDS. Prints one JSON object: for each reader its `serial`, as the card tells it
(GET DATA 0045), and for all of them the number of `exchanges` and the `seconds` that they took. Each round is a SELECT
of the JPKI application, a SELECT of EF 0006 and a READ BINARY of it. Exits 1 with what was seen when time is up, or
when a card gives another answer than the first time. It speaks to the service through pyscard's bare functions, so
that nothing of the program under test is needed.
"""

import json
import sys
import threading
import time

from smartcard import scard

STEP_MS = 200
GET_SERIAL = bytes.fromhex("00CA004500")
ROUND = [bytes.fromhex(text) for text in ("00A4040C0AD392F000260100000001", "00A4020C020006", "00B0000000")]


def checked(result: int, what: str) -> None:
    """Ends the process where the service reports an error."""
    if result != scard.SCARD_S_SUCCESS:
        sys.exit(f"{what}: {scard.SCardGetErrorMessage(result)}")


def find_cards(context: object) -> list[str]:
    """Returns the readers that hold a card now."""
    _, names = scard.SCardListReaders(context, [])
    if not names:
        return []
    _, states = scard.SCardGetStatusChange(context, 0, [(name, scard.SCARD_STATE_UNAWARE) for name in names])
    return [name for name, state, _ in states if state & scard.SCARD_STATE_PRESENT]


def wait(wanted: int, seconds: float) -> list[str]:
    """Returns the readers with a card once there are as many as wanted."""
    deadline = time.monotonic() + seconds
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    checked(result, "no PC/SC service")
    while len(found := find_cards(context)) < wanted:
        if time.monotonic() > deadline:
            sys.exit(f"{len(found)} of {wanted} readers hold a card: {found}")
        time.sleep(STEP_MS / 1000)
    scard.SCardReleaseContext(context)
    return found


class Slot:
    """One reader, and what the card in it answered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.serial = ""
        self.exchanges = 0
        self.problem: str | None = "it never began"

    def ask(self, rounds: int, at_once: threading.Barrier) -> None:
        """Connects, and talks to the card when every other thread has connected too."""
        try:
            _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            result, card, protocol = scard.SCardConnect(
                context, self.name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1
            )
            checked(result, f"{self.name}: connect")
            answer = self._exchange(card, protocol, GET_SERIAL)
            self.serial = answer[:-2].decode("ascii", "replace")
            at_once.wait()
            first = [self._exchange(card, protocol, command) for command in ROUND]
            for _ in range(rounds - 1):
                if [self._exchange(card, protocol, command) for command in ROUND] != first:
                    sys.exit("the card changed its answer")
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
            scard.SCardReleaseContext(context)
            self.problem = None
        except threading.BrokenBarrierError:
            self.problem = "another did not begin"
        except SystemExit as exc:  # of this thread alone; main says it
            self.problem = str(exc)
            at_once.abort()

    def _exchange(self, card: object, protocol: int, command: bytes) -> bytes:
        result, answer = scard.SCardTransmit(card, protocol, list(command))
        checked(result, f"{self.name}: {command.hex()}")
        if bytes(answer[-2:]) != b"\x90\x00":
            sys.exit(f"{command.hex()} was answered {bytes(answer).hex()}")
        self.exchanges += 1
        return bytes(answer)


def main(readers: int, rounds: int, seconds: float) -> None:
    """Waits, asks, prints."""
    slots = [Slot(name) for name in wait(readers, seconds)]
    at_once = threading.Barrier(len(slots) + 1)
    threads = [threading.Thread(target=slot.ask, args=(rounds, at_once), daemon=True) for slot in slots]
    for thread in threads:
        thread.start()
    try:
        at_once.wait(seconds)
        begin = time.perf_counter()
        for thread in threads:
            thread.join(seconds)
        took = time.perf_counter() - begin
    except threading.BrokenBarrierError:
        took = 0.0
    if problems := [f"{slot.name}: {slot.problem}" for slot in slots if slot.problem is not None]:
        sys.exit("\n".join(problems))
    exchanges = sum(slot.exchanges for slot in slots)
    serials = {slot.name: slot.serial for slot in slots}
    sys.stdout.write(json.dumps({"serials": serials, "exchanges": exchanges, "seconds": took}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
