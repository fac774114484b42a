"""OpenSC's PKCS #11 module with a simulated card over PC/SC, programs that use it, and a person at a screen.

The person answers each window that asks for a PIN with the next of the given answers; an empty one, or none, cancels
it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pkcs11bench import missing

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcscd.conftest import Pcscd

SUPPORT = Path(__file__).parent
SECONDS = 180.0
SCREEN = "1280x900x24"
#: The person waits so long before typing, and so long for the window to go, in seconds; and types so often.
SETTLING, STAYING, ATTEMPTS = 2.0, 15.0, 3
#: How many commands a login or a signature by a program with NSS takes; it looks whether the card is there as it goes.
COMMANDS = range(70, 130)


def find_opensc(name: str = "opensc-pkcs11.so") -> str:
    """Path of OpenSC's module."""
    found = next(Path("/usr").glob(f"lib*/**/{name}"), None)
    return str(found) if found is not None else missing(name)


class Screen:
    """A screen inside the namespaces, and the windows that asked for a PIN."""

    def __init__(self, desk: OpenscDesk, display: str) -> None:
        """Look at it."""
        self._desk = desk
        self.display = display
        self.asked = 0
        self._seen: set[str] = set()

    def xdotool(self, *words: str) -> list[str]:
        """What xdotool prints, as lines."""
        argv = ["timeout", "10", "xdotool", *words]  # it may wait for ever for a window that has gone
        return self._desk.run(argv, DISPLAY=self.display).stdout.split("\n")[:-1]

    def answer(self, title: str, answers: Sequence[str], is_over: Callable[[], bool], seconds: float = SECONDS) -> bool:
        """Answer windows until it is over; false where that does not come about."""
        deadline = time.monotonic() + seconds
        while not is_over():
            if time.monotonic() > deadline:
                return False
            for window in self.xdotool("search", "--onlyvisible", "--name", title):
                if window not in self._seen:
                    self._seen.add(window)
                    self._enter(window, title, answers[self.asked] if self.asked < len(answers) else "")
                    self.asked += 1
            time.sleep(0.2)
        return True

    def _enter(self, window: str, title: str, answer: str) -> None:
        """Answer a window, and once more where it stays: keys are lost while a program is busy."""
        for _ in range(ATTEMPTS):
            time.sleep(SETTLING)  # a field takes what is typed a moment after its window is there
            self.xdotool("windowfocus", window)
            if answer:
                self.xdotool("key", "ctrl+a")
                self.xdotool("type", "--delay", "80", answer)
            self.xdotool("key", "Return" if answer else "Escape")
            deadline = time.monotonic() + STAYING
            while window in self.xdotool("search", "--onlyvisible", "--name", title):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.2)
            else:
                return


class OpenscDesk:
    """The card in the virtual reader, OpenSC's module, and what programs did."""

    def __init__(self, pcscd: Pcscd, folder: Path) -> None:
        """Put an adult's card on the reader."""
        self.pcscd = pcscd
        self.folder = folder
        self.module = find_opensc()
        self._log = folder / "apdus"
        self.card = folder / "card.json"
        save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), self.card)
        pcscd.start_card(self.card, 35963, "--log", str(self._log))
        self.issuer = folder / "issuer.der"
        self.must(
            [sys.executable, "-m", "jpki_cli", "cert", "show", "auth-ca", "--format", "der", "-o", str(self.issuer)]
        )
        self._begin = len(self._lines())

    def _lines(self) -> list[dict[str, object]]:
        text = self._log.read_text(encoding="utf-8")
        return [found for found in map(json.loads, text.splitlines()) if "command" in found]

    @property
    def commands(self) -> list[str]:
        """The commands that reached the card since the desk was set up, or since :meth:`begin`."""
        return [str(line["command"]) for line in self._lines()[self._begin :]]

    @property
    def presented(self) -> int:
        """How many of them presented a PIN."""
        return sum(command.startswith("VERIFY") and "[hidden]" in command for command in self.commands)

    def begin(self) -> None:
        """Count the commands from here on."""
        self._begin = len(self._lines())

    def run(self, argv: Sequence[str], text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program beside the service to its end."""
        if shutil.which(argv[0]) is None:
            missing(argv[0])
        return self.pcscd.run(argv, text, SECONDS, cwd=self.folder, env=self.environment(environment))

    def must(self, argv: Sequence[str]) -> str:
        """The same, of one that has to work."""
        done = self.run(argv)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def service_from_outside(self) -> dict[str, str]:
        """Variables by which a program outside of the namespaces finds the service (pcsc-lite's, of its client)."""
        return {"PCSCLITE_CSOCK_NAME": str(self.pcscd.root / "run/pcscd/pcscd.comm")}

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        """A home of the test's own."""
        return {"HOME": str(self.folder), **more}

    @contextmanager
    def running(self, argv: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
        """Run a program for the length of the block; what it says is in ``output.txt``."""
        if shutil.which(argv[0]) is None:
            missing(argv[0])
        with (self.folder / "output.txt").open("wb") as output:
            program = self.pcscd.popen(
                argv, env=self.environment(environment), cwd=self.folder, stdout=output, stderr=output
            )
            try:
                yield program
            finally:
                program.terminate()
                try:
                    program.wait(30)
                except subprocess.TimeoutExpired:
                    program.kill()
                    program.wait()

    @contextmanager
    def screen(self) -> Iterator[Screen]:
        """A screen."""
        for program in ("Xvfb", "xdotool"):
            if shutil.which(program) is None:
                missing(program)
        # Without -noreset it begins anew, and refuses clients meanwhile, each time that xdotool was its only client.
        argv = ["Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
        started = self.pcscd.popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert started.stdout is not None
        try:
            yield Screen(self, f":{started.stdout.readline().strip()}")
        finally:
            started.terminate()
            started.wait(30)

    @contextmanager
    def tls(self, version: str) -> Iterator[TlsNotes]:
        """A server that demands the certificate."""
        output = self.folder / "tls.txt"
        program = [sys.executable, str(SUPPORT / "tlsprogram.py"), str(self.folder), str(self.issuer), version]
        with output.open("wb") as file:
            started = self.pcscd.popen(program, stdin=subprocess.PIPE, stdout=file, env={"PYTHONPATH": str(SUPPORT)})
        notes = TlsNotes(output, self.folder / "server-ca.pem")
        try:
            self.pcscd.until(lambda: "\n" in output.read_text(encoding="utf-8"), "the TLS server says its port")
            yield notes
        finally:
            assert started.stdin is not None
            started.stdin.close()
            started.wait(30)

    def nss_database(self, folder: Path, trusted: Path | None = None) -> None:
        """Make an NSS database with OpenSC's module, which trusts a server."""
        folder.mkdir(parents=True)
        self.must(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"])
        if trusted is not None:
            self.must(["certutil", "-A", "-d", f"sql:{folder}", "-n", "server", "-t", "C,,", "-i", str(trusted)])
        self.must(["modutil", "-dbdir", f"sql:{folder}", "-add", "opensc", "-libfile", self.module, "-force"])


class TlsNotes:
    """What the server saw."""

    def __init__(self, output: Path, certificate: Path) -> None:
        """Read it from its output."""
        self._output = output
        self.certificate = certificate

    @property
    def _lines(self) -> list[str]:
        return self._output.read_text(encoding="utf-8").splitlines()

    @property
    def port(self) -> int:
        """The port."""
        return int(self._lines[0])

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"https://localhost:{self.port}/"

    @property
    def served(self) -> list[str]:
        """The version of TLS and the name in the certificate, for each page."""
        return [line.removeprefix("served ") for line in self._lines[1:] if line.startswith("served ")]

    @property
    def failed(self) -> list[str]:
        """Why handshakes failed."""
        return [line.removeprefix("failed ") for line in self._lines[1:] if line.startswith("failed ")]
