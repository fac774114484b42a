"""Fixtures for other people's tests: a simulated My Number Card in each test that asks for one.

Installed with the package, so pytest finds it by itself. Nothing of the simulator is loaded before a test uses it.

==================== =====================================================================================
fixture              gives
==================== =====================================================================================
``jpki_persona``     name of the persona or path of the card file: the argument of the marker
                     ``@pytest.mark.jpki_persona("child")``, else ``adult``; may be overridden or parametrised
``jpki_today``       the day from which the card's dates are counted; None is today in Japan
``jpki_card``        a :class:`CardUnderTest`: the card in process, with its PINs and counters
``jpki_pcsc_reader`` name of the PC/SC reader that holds the same card; skips without pcscd and vpcd
``jpki_agent``       an :class:`AgentUnderTest`: PKCS #11 for programs, with a card of that persona of its own
==================== =====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from jpki_sim.card import SimulatedCard, SimulatedConnection
    from jpki_sim.files import LoadedCard
    from jpki_sim.model import CardFile


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "jpki_persona(name): persona or card file of the fixture jpki_card")


@dataclass(frozen=True, slots=True)
class CardUnderTest:
    """A simulated card, and what a test wants to know of it."""

    loaded: LoadedCard

    @property
    def card(self) -> SimulatedCard:
        """The card itself: ``process(bytes) -> bytes``, ``reset()``, ``atr``."""
        return self.loaded.card

    @property
    def card_file(self) -> CardFile:
        """What the card was made from: holder, dates, PINs."""
        return self.loaded.card_file

    def connect(self, reader: str = "Simulated reader") -> SimulatedConnection:
        """Connect to the card in this process, as a program connects through PC/SC."""
        from jpki_sim.card import SimulatedConnection

        return SimulatedConnection(self.loaded.card, reader)

    def transmit(self, command: str) -> str:
        """Send one APDU in hex and give the answer in hex, capitals, without a connection."""
        return self.card.process(bytes.fromhex(command)).hex().upper()

    def secret(self, pin: str) -> str:
        """Return the TEST value that a PIN has now: ``auth``, ``sign``, ``input``, ``juki``, ``text-b`` …"""
        return self.card.image.reference_data()[pin].value.decode("ascii")

    def retries_remaining(self, pin: str) -> int:
        """Return the tries left of a PIN."""
        return self.card.image.reference_data()[pin].retries_remaining


@pytest.fixture
def jpki_persona(request: pytest.FixtureRequest) -> str:
    """Name of the persona, from the marker of the test, else ``adult``."""
    marker = request.node.get_closest_marker("jpki_persona")
    if marker is None:
        return "adult"
    if len(marker.args) != 1 or marker.kwargs:
        raise pytest.UsageError('the marker jpki_persona takes one name: @pytest.mark.jpki_persona("child")')
    return str(marker.args[0])


@pytest.fixture
def jpki_today() -> date | None:
    """The day from which the card's dates are counted; None is today in Japan."""
    return None


@pytest.fixture
def jpki_card(jpki_persona: str, jpki_today: date | None) -> Iterator[CardUnderTest]:
    """A simulated card, powered on, new for each test (a card file keeps its state)."""
    from jpki_sim.files import open_card

    with open_card(jpki_persona, today=jpki_today) as loaded:
        loaded.card.power_on()
        yield CardUnderTest(loaded)


@dataclass(frozen=True, slots=True)
class AgentUnderTest:
    """A running ``jpki agent`` whose questions for the login PIN are answered."""

    socket: Path
    questions: Path

    @property
    def environment(self) -> dict[str, str]:
        """What p11-kit-client.so needs to find the agent; to be added to a program's environment."""
        return {"P11_KIT_SERVER_ADDRESS": f"unix:path={self.socket}"}

    @property
    def asked(self) -> int:
        """How often the PIN was asked for."""
        return len(self.questions.read_bytes().split(b"\0")) - 1 if self.questions.exists() else 0


@pytest.fixture
def jpki_agent(jpki_persona: str, jpki_card: CardUnderTest, tmp_path: Path) -> Iterator[AgentUnderTest]:
    """PKCS #11 without PC/SC: the agent with a simulated card of the persona; POSIX only."""
    import subprocess
    import sys

    agent = AgentUnderTest(tmp_path / "jpki-agent.sock", tmp_path / "jpki-agent-questions")
    answer = tmp_path / "jpki-agent-answer"
    pin = jpki_card.secret("auth")
    answer.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$1\" >>'{agent.questions}'\necho {pin}\n", encoding="utf-8")
    answer.chmod(0o700)
    options = ["--socket", str(agent.socket), "--dialog", "askpass", "--dialog-program", str(answer)]
    argv = [sys.executable, "-m", "jpki_cli", "--sim", jpki_persona, "agent", *options]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - for the type: it was asked for
            if not process.stdout.readline().startswith("pkcs11: "):
                pytest.fail("jpki agent does not start")
            yield agent
        finally:
            process.terminate()


@pytest.fixture
def jpki_pcsc_reader(jpki_card: CardUnderTest) -> Iterator[str]:
    """Name of the PC/SC reader that holds ``jpki_card``."""
    from contextlib import ExitStack

    from jpki.errors import NoReaderError
    from jpki_sim.serve import in_virtual_reader

    with ExitStack() as stack:
        try:
            reader = stack.enter_context(in_virtual_reader(jpki_card.card))
        except NoReaderError as exc:
            pytest.skip(f"no virtual PC/SC reader: {exc}")
        yield reader
