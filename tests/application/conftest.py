"""A simulated card, what the host sees of it, and what another program finds open on it afterwards."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import pytest

from jpki.card import MyNumberCard, Pin
from jpki.iso7816 import TracingConnection
from jpki_sim.card import SimulatedCard, SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport import CardConnection
    from jpki_sim.card import ReferenceData

    #: What happens at a command of a given number: it may look at the command, send it, and raise or answer.
    Hook = Callable[[int, bytes, Callable[[], bytes]], bytes]

_OK = b"\x90\x00"


def _send(_number: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
    return send()


class Link:
    """The host's side of a connection: notes every command with its answer, and lets a hook interfere.

    ``exchanges`` holds the answer, or the exception that came instead of it.
    """

    def __init__(self, inner: SimulatedConnection) -> None:
        """Lie around a connection to the simulated card."""
        self._inner = inner
        self.exchanges: list[tuple[bytes, bytes | BaseException]] = []
        self.hook: Hook = _send
        self.on_begin: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        self.was_unpowered = False
        self.unpower_error: Exception | None = None

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._inner.reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._inner.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Exchange through the hook; commands are counted from 1 on."""
        raw = bytes(command)
        try:
            answer = self.hook(len(self.exchanges) + 1, raw, lambda: self._inner.transmit(command))
        except BaseException as exc:
            self.exchanges.append((raw, exc))
            raise
        self.exchanges.append((raw, answer))
        return answer

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the card; begin and end may be made to fail."""
        self.on_begin()
        with self._inner.transaction():
            yield
        self.on_end()

    def unpower(self) -> None:
        """Cut the power, which may be made to fail."""
        self.was_unpowered = True
        if self.unpower_error is not None:
            raise self.unpower_error
        self._inner.unpower()

    def close(self) -> None:
        """End the connection."""
        self._inner.close()

    def answers_to(self, is_kind: Callable[[bytes], bool]) -> list[bytes | BaseException]:
        """What came back for the commands of one kind."""
        return [answer for command, answer in self.exchanges if is_kind(command)]


class Bench:
    """One simulated card on the table.

    ``faults`` is a plan for :mod:`jpki_sim.faults.plan`, ``settings`` override those of the persona.
    """

    SECRETS: ClassVar[dict[Pin, str]] = {Pin.AUTH: "2846", Pin.SIGN: "SIMCARD1", Pin.INPUT: "3957", Pin.JUKI: "4068"}
    WRONG: ClassVar[dict[Pin, str]] = {Pin.AUTH: "7391", Pin.SIGN: "WRONGPW7", Pin.INPUT: "7392", Pin.JUKI: "7393"}
    NEW: ClassVar[dict[Pin, str]] = {Pin.AUTH: "8517", Pin.SIGN: "CANARY57", Pin.INPUT: "8527", Pin.JUKI: "8537"}
    _AIDS: ClassVar[dict[Pin, str]] = {
        Pin.AUTH: "D392F000260100000001",
        Pin.SIGN: "D392F000260100000001",
        Pin.INPUT: "D3921000310001010408",
        Pin.JUKI: "D3921000310001010401",
    }
    # What a PIN opens: SELECT EF, and a command that is answered 6982 as long as it is closed. Written from the
    # documents (docs/card.md, sections 1 to 3), not taken from the library. Changing the PIN is such a command too.
    _SIGN_COMMAND: ClassVar[str] = "802A0080023000" + "00"
    _OPENED: ClassVar[dict[Pin, dict[str, tuple[str, str]]]] = {
        Pin.AUTH: {"key 0017": ("0017", _SIGN_COMMAND), "PIN 0018": ("0018", "00240180" + "0431313131")},
        Pin.SIGN: {
            "key 001A": ("001A", _SIGN_COMMAND),
            "EF 0001": ("0001", "00B0000004"),
            "password 001B": ("001B", "00240180" + "06414141414131"),
        },
        Pin.INPUT: {"EF 0002": ("0002", "00B0000004"), "PIN 0011": ("0011", "00240180" + "0431313131")},
        Pin.JUKI: {"PIN 001C": ("001C", "80320080" + "0431313131")},
    }

    def __init__(
        self, persona: str = "adult", *, faults: str = "", atr: bytes | None = None, **settings: object
    ) -> None:
        """Put the card of a persona on the table."""
        loaded = open_card(persona)
        changed = replace(loaded.card.settings, **settings)  # type: ignore[arg-type] # names and values of the caller
        self.simulated = SimulatedCard(loaded.card.image, settings=changed, atr=atr or loaded.card.atr)
        self.reached: list[bytes] = []
        self.simulated.command_log = self.reached
        self.port = FaultyCard(self.simulated, parse_faults(faults), sleep=lambda _: None)
        self.lines: list[str] = []
        self.link = Link(SimulatedConnection(self.port))

    @property
    def traced(self) -> CardConnection:
        """The link with a trace that shows as much as a trace may."""
        return TracingConnection(self.link, self.lines.append, show_data=True, clock=lambda: 0.0)

    def card(self, *, short_ef_ids: bool = True) -> MyNumberCard:
        """The card as the library sees it."""
        return MyNumberCard(self.traced, short_ef_ids=short_ef_ids)

    def reference(self, pin: Pin) -> ReferenceData:
        """What the card holds of a PIN, looked at from inside."""
        return self.simulated.image.reference_data()[pin.value]

    def holds(self, pin: Pin) -> str:
        """Value of a PIN."""
        return self.reference(pin).value.decode()

    def tries(self, pin: Pin) -> int | None:
        """Tries left of a PIN, None where the card has no such PIN."""
        found = self.simulated.image.reference_data().get(pin.value)
        return None if found is None else found.retries_remaining

    def set_tries(self, pin: Pin, tries: int) -> None:
        """Use up tries before the test."""
        self.reference(pin).retries_remaining = tries

    @property
    def apdus(self) -> int:
        """Commands that reached the card."""
        return self.simulated.apdu_count

    def opened(self, pin: Pin) -> list[str]:
        """What another program finds open on the card: it selects, and does what needs the PIN.

        The PIN is given a value of the other program's own where even that is open, so this comes last in a test.
        """
        self.port.insert()
        other = SimulatedConnection(self.simulated)
        answer = other.transmit(bytes.fromhex("00A4040C0A" + self._AIDS[pin]))
        assert answer == _OK
        found = []
        for name, (ef_id, command) in self._OPENED[pin].items():
            if other.transmit(bytes.fromhex("00A4020C02" + ef_id)) != _OK:
                continue  # a child has no signature certificate
            if other.transmit(bytes.fromhex(command)) != b"\x69\x82":
                found.append(name)
        return found


@pytest.fixture
def bench() -> type[Bench]:
    """Class of simulated cards on the table."""
    return Bench
