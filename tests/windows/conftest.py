"""The program on Windows' own Python under Wine, beside a smart card service that plays Windows' rules.

``scripts/windows-test`` builds what is needed; without it these tests are skipped, or fail where JPKI_REQUIRE_WINDOWS=1
says that it must be there.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wincalls import ScardServer
from winservice import Service

from jpki_sim.files import open_card
from jpki_sim.serve.vpcd import VpcdSlot
from terminal import ConsoleSession

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from winreader import VirtualReader

    from jpki_sim.card import CardPort, SimulatedCard

HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("JPKI_WINDOWS") or Path.home() / ".cache" / "jpki-windows") / "python-windows"
REQUIRED = os.environ.get("JPKI_REQUIRE_WINDOWS") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.windows)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped test of this folder fail where all of them must run."""
    report = yield
    if REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"JPKI_REQUIRE_WINDOWS=1 and yet skipped: {report.longrepr}"
    return report


class Windows:
    """The smart card service, its readers, and programs that use them."""

    def __init__(self, folder: Path) -> None:
        self.service = Service()
        self.server = ScardServer(self.service)
        self._folder = folder
        self._slots: list[VpcdSlot] = []
        self._programs: list[subprocess.Popen[Any]] = []

    def close(self) -> None:
        """End every program, and take every card away."""
        for program in self._programs:
            if program.poll() is None:
                program.kill()
            program.wait(ConsoleSession.seconds)
            for stream in (program.stdin, program.stdout, program.stderr):
                if stream is not None:
                    stream.close()
        for slot in self._slots:
            slot.stop()
        self.server.stop()

    def lay(self, reader: VirtualReader, card: CardPort) -> VpcdSlot:
        """Lay a card on a reader, and wait until the service has seen it."""
        slot = VpcdSlot(card, port=reader.port)
        self._slots.append(slot)
        seen = reader.insertion
        slot.start()
        self.service.until(lambda: reader.insertion > seen)
        return slot

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a program; its home is empty."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JPKI_")}
        return {**kept, "JPKI_TEST_WINSCARD": self.server.address, "JPKI_LANG": "en", **more}

    def popen(self, arguments: Sequence[str], *, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Start Windows' Python, with pipes."""
        program = subprocess.Popen(
            [PYTHON, *arguments],
            env=environment or self.environment(),
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._programs.append(program)
        return program

    def jpki(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        program = self.popen(["-m", "jpki_cli", *arguments], environment=self.environment(**environment))
        out, err = program.communicate(stdin, ConsoleSession.seconds)
        return subprocess.CompletedProcess(arguments, program.returncode, out, err)

    def at_console(self, *arguments: str, **environment: str) -> ConsoleSession:
        """Start one command on a console, at whose keyboard the test sits."""

        return ConsoleSession(lambda terminal: self.start_on(terminal, ["-m", "jpki_cli", *arguments], **environment))

    def start_on(self, terminal: int, arguments: Sequence[str], **environment: str) -> subprocess.Popen[Any]:
        """Start Windows' Python on a terminal, which is its console."""
        return subprocess.Popen(
            [PYTHON, *arguments],
            env={**self.environment(**environment), "TERM": "xterm"},
            cwd=self._folder,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def wine_server() -> Iterator[None]:
    """Wine's own server stays up: it holds the output of the program that starts it, whose end would not be seen."""
    if not PYTHON.exists():
        pytest.skip("Windows' Python is not there: ./scripts/windows-test builds it")
    command = [str(PYTHON), "-c", "print('started', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        assert keeper.stdout.readline().strip() == b"started"
        yield
        keeper.stdin.write(b"\n")


@pytest.fixture
def windows(tmp_path: Path, wine_server: None) -> Iterator[Windows]:
    """Windows with no reader."""
    made = Windows(tmp_path)
    yield made
    made.close()


@pytest.fixture
def reader(windows: Windows) -> VirtualReader:
    """A reader without a card."""
    return windows.service.plug("ACME Contactless 0")


@pytest.fixture
def card(windows: Windows, reader: VirtualReader) -> SimulatedCard:
    """An adult's card on the reader."""
    card = open_card("adult").card
    card.command_log = []
    windows.lay(reader, card)
    return card
