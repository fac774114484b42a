"""One card on one reader, on which one thing goes wrong; everything that passes is written down on both sides."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from openings import probe

from jpki.card import MyNumberCard
from jpki.errors import CardResetError, JpkiError
from jpki_sim.card import CardWrapper, SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.card import SimulatedCard

RIGHT: Final = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG: Final = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW: Final = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}
#: Faults of the connection itself, beside those of the simulator's plans.
PRESSED, PRESSED_AFTER, SURPLUS = "interrupt", "interrupt-after", "surplus"
_OK: Final = b"\x90\x00"
_BLOCKED: Final = (b"\x69\x83", b"\x69\x84")
_STATUS: Final = 2


class Recorder(CardWrapper):
    """A card that remembers what it answered to each PIN."""

    def __init__(self, inner: SimulatedCard) -> None:
        """Lie around the card itself."""
        super().__init__(inner)
        self.verified: list[bytes] = []

    def process(self, command: bytes) -> bytes:
        """Pass on."""
        answer = self.inner.process(command)
        if carries_pin(command):
            self.verified.append(answer)
        return answer

    @property
    def refused(self) -> int:
        """How many PINs used a try: what else the card answers, it did not compare."""
        return sum(answer[:1] == b"\x63" or answer in _BLOCKED for answer in self.verified)


def carries_pin(command: bytes) -> bool:
    """Whether a command is a VERIFY with something in it."""
    return command[:2] == b"\x00\x20" and len(command) > 5


@cache
def _made(persona: str) -> tuple[SimulatedCard, dict[str, tuple[bytes, int]]]:
    """A card, and value and tries of each PIN as it is new."""
    card = open_card(persona).card
    return card, {name: (data.value, data.retries_remaining) for name, data in card.image.reference_data().items()}


def _new(persona: str) -> SimulatedCard:
    """A card as it is new: one for all, since signing its certificates takes longer than everything else."""
    card, pins = _made(persona)
    card.power_off()
    for name, data in card.image.reference_data().items():
        data.value, data.retries_remaining = pins[name]
    return card


class World:
    """A card, what is to happen at the command of a number, and the host's side of every connection to it.

    ``interrupt`` is how Ctrl-C arrives: as a signal where commands keep it, else as the exception.
    """

    def __init__(
        self,
        persona: str = "adult",
        fault: str = "",
        number: int = 0,
        *,
        as_signal: bool = False,
        always: str = "",
        tries: int | None = None,
    ) -> None:
        """Put the card there; ``always`` is a plan for all commands, ``tries`` are left of each PIN, None: all."""
        own = fault in (PRESSED, PRESSED_AFTER, SURPLUS)
        self.card = _new(persona)
        self.is_phone = persona != "adult" and "phone" in persona
        self.recorder = Recorder(self.card)
        plan = "" if own or not fault else fault.format(at=number)
        self.port = FaultyCard(
            self.recorder, parse_faults(",".join(filter(None, (plan, always)))), sleep=lambda _: None
        )
        self.fault = fault if own else ""
        self.number = number
        self.as_signal = as_signal
        self.sent: list[bytes] = []
        #: Transactions that were begun, and what happens before the one of the number begins.
        self.begun = 0
        self.meanwhile: Callable[[Host], None] = lambda _host: None
        if tries is not None:
            for data in self.card.image.reference_data().values():
                data.retries_remaining = tries
        self.before = {pin: self.tries(pin) for pin in self.card.image.reference_data()}

    def connect(self) -> Host:
        """Open the card that lies there."""
        self.port.insert()
        return Host(self)

    @contextmanager
    def reopen(self, _seconds: float) -> Iterator[MyNumberCard]:
        """Put the card back after it was lost."""
        host = self.connect()
        try:
            yield MyNumberCard(host)
        finally:
            host.close()

    def tries(self, pin: str) -> int:
        """Tries left on the card."""
        return self.card.image.reference_data()[pin].retries_remaining

    def holds(self, pin: str) -> str:
        """Value of a PIN on the card."""
        return self.card.image.reference_data()[pin].value.decode()

    def press(self) -> None:
        """Let Ctrl-C arrive."""
        if not self.as_signal:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    def is_open(self, pin: str) -> bool:
        """Whether another program finds something open; it may change the card."""
        with suppress(JpkiError):
            self.port.insert()
        other = SimulatedConnection(self.card)
        commands, closed = probe(pin, is_phone=self.is_phone)
        return [other.transmit(bytes.fromhex(one))[-2:].hex().upper() for one in commands] != closed

    def other_program(self, pin: str, secret: str, *, new: str | None = None) -> None:
        """Let another program present a PIN, perhaps change it, and leave it open."""
        other = SimulatedConnection(self.card)
        select, file = _PLACES[pin]
        for command in (select, file):
            assert other.transmit(bytes.fromhex(command)) == _OK
        other.transmit(b"\x00\x20\x00\x80" + bytes([len(secret)]) + secret.encode())
        if new is not None:
            header = b"\x80\x32\x00\x80" if pin == "juki" else b"\x00\x24\x01\x80"
            other.transmit(header + bytes([len(new)]) + new.encode())


_JPKI: Final = "00A4040C0AD392F000260100000001"
_PLACES: Final = {
    "auth": (_JPKI, "00A4020C020018"),
    "sign": (_JPKI, "00A4020C02001B"),
    "input": ("00A4040C0AD3921000310001010408", "00A4020C020011"),
    "juki": ("00A4040C0AD3921000310001010401", "00A4020C02001C"),
}


class Host:
    """The host's side of a connection, which meets the faults that no card can have, and exchanges of the card."""

    def __init__(self, world: World) -> None:
        """Open the card of the world."""
        self._world = world
        self._inner = SimulatedConnection(world.port)
        self._is_untold = False
        self._depth = 0
        self.reader = self._inner.reader
        self.atr = self._inner.atr

    def exchange(self, other: World) -> None:
        """Lay another card there and reset it; only the reset is reported, when the next transaction begins."""
        self._world, self._inner, self._is_untold = other, SimulatedConnection(other.port), True

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on and write down."""
        world = self._world
        world.sent.append(bytes(command))
        is_due = world.fault != "" and len(world.sent) == world.number
        if is_due and world.fault == PRESSED:
            world.press()
        answer = self._inner.transmit(command)
        if is_due and world.fault == PRESSED_AFTER:
            world.press()
        return answer[:-_STATUS] + b"\xa5\xa5\xa5" + answer[-_STATUS:] if is_due and world.fault == SURPLUS else answer

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let happen what is to, and tell once that there was a reset; transactions inside each other are one."""
        if not self._depth:
            self._begin()
        with self._inner.transaction():
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def _begin(self) -> None:
        world = self._world
        world.begun += 1
        if world.begun == world.number:
            world.meanwhile(self)
        if self._is_untold:
            self._is_untold = False
            raise CardResetError("the card was reset")

    def unpower(self) -> None:
        """Pass on."""
        self._inner.unpower()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


class ScriptedPerson:
    """Types what is written down, and says yes or no to everything; gives up where it is asked without end.

    ``meanwhile`` is called with the number of each question, from 1 on, before its answer.
    """

    def __init__(self, current: str, new: str, *, says: bool, meanwhile: Callable[[int], None] | None = None) -> None:
        """Sit down."""
        self._current, self._new, self._says = current, new, says
        self._meanwhile = meanwhile
        self.asked = 0

    def ask_secret(self, question: object) -> object:
        """Type the PIN that is asked for."""
        from jpki.pin import Secret

        self._note()
        return Secret(self._new if getattr(question, "is_new", False) else self._current)

    def confirm(self, _question: object) -> bool:
        """Decide."""
        self._note()
        return self._says

    def tell(self, notice: object) -> None:
        """Take note."""

    def await_card(self, _wanted: object) -> bool:
        """Put the card back, or not."""
        self._note()
        return self._says and self.asked < _PATIENCE

    def _note(self) -> None:
        self.asked += 1
        if self.asked > 2 * _PATIENCE:
            raise AssertionError("asked without end")
        if self._meanwhile is not None:
            self._meanwhile(self.asked)


_PATIENCE: Final = 8
