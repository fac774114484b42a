"""A PC/SC service of the tests' own, with a virtual reader, and simulated cards in it.

The service runs in mount and network namespaces of its own: one that the machine runs already, and its readers, are
not touched. Programs are run there by nsenter, which becomes the program: its pid, signals, terminal and exit code
are the program's own. (In a PID namespace it would stay between the two; nothing here needs one.) Every process is
told to die with the one that started it, so a test run that is killed leaves nothing behind.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAMS = ("unshare", "nsenter", "setpriv", "mount", "pcscd")
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
DRIVER = Path("usr/lib/pcsc/drivers/serial/libifdvpcd.so")
FIRST_PORT = 0x8C7B  # 35963: vpcd's first slot; the second is the port after it
SLOTS_MAX = 16  # PCSCLITE_MAX_READERS_CONTEXTS
MAKE_ENTRIES = ROOT / "scripts" / "virtual-readers"
SECONDS = 120.0  # an upper bound for anything that is waited for; little of it takes a second on an idle machine
REQUIRED = os.environ.get("JPKI_REQUIRE_PCSCD") == "1"
#: OpenSC's module in other programs takes minutes and a screen (.ci/long). Not skipped: REQUIRED lets nothing be.
collect_ignore_glob = [] if os.environ.get("JPKI_LONG") == "1" else ["test_opensc_*.py"]


def until(condition: Callable[[], bool], what: str) -> None:
    """Returns as soon as the condition holds; a failure that names it when it does not become true."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"gave up after {SECONDS:.0f} s: {what}")
        time.sleep(0.02)


def end(process: subprocess.Popen[Any], how: int = signal.SIGTERM) -> int:
    """Ends one process by its id, harder if it does not listen, and returns its exit status."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def find_driver() -> Path | None:
    """Returns the driver of the virtual reader: the system's, or the one that scripts/setup unpacked."""
    candidates = (Path("/") / DRIVER, ROOT / ".venv" / "vpcd" / DRIVER)
    return next((path for path in candidates if path.exists()), None)


class Namespaces:
    """Mount and network namespaces, held open by one process."""

    def __init__(self) -> None:
        as_user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        holder = HERE / "hold_namespaces.py"
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation=unchanged", "--net", *as_user, sys.executable, str(holder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        self.is_ready = self._holder.stdout.readline() == "ready\n"
        self._as_user = ["--user", "--preserve-credentials"] if as_user else []

    @property
    def root(self) -> Path:
        """The file system as it is inside."""
        return Path(f"/proc/{self._holder.pid}/root")

    def is_listening(self, port: int) -> bool:
        """Tells whether something inside listens on a TCP port."""
        sockets = Path(f"/proc/{self._holder.pid}/net/tcp").read_text(encoding="ascii")
        return any(f":{port:04X} " in line and " 0A " in line for line in sockets.splitlines())

    def enter(self, argv: Sequence[str], cwd: Path, *, on_terminal: bool) -> list[str]:
        """Returns the command line that becomes argv inside, and dies with the process that starts it."""
        # --root: entering a mount namespace leaves a chroot, if this runs in one.
        inside = ["nsenter", f"--target={self._holder.pid}", *self._as_user, "--mount", "--net", "--root"]
        session = ["setsid", "--ctty"] if on_terminal else []
        return [*inside, "setpriv", "--pdeathsig=KILL", *session, "env", f"--chdir={cwd}", *argv]

    def close(self) -> str:
        """Lets go of the namespaces; returns what their holder complained about."""
        _, complaints = self._holder.communicate()
        return complaints


class ServedCard:
    """A simulated card in the virtual reader, until it is stopped."""

    def __init__(
        self, process: subprocess.Popen[str], port: int, log: Path, await_empty: Callable[[int], None]
    ) -> None:
        self.process = process
        self.port = port
        self.log = log  # what its process says
        self._await_empty = await_empty
        self._is_stopped = False

    def stop(self) -> int:
        """Takes the card away, once, waits until PC/SC has seen it, and returns the exit status of its process."""
        if not self._is_stopped:
            self._is_stopped = True
            end(self.process)
            self._await_empty(self.port)
        return self.process.returncode


class Pcscd:
    """The service, and what is run beside it."""

    def __init__(self, namespaces: Namespaces, folder: Path, driver: Path, *, slots: int = 2) -> None:
        self._namespaces = namespaces
        self._ports = range(FIRST_PORT, FIRST_PORT + slots)
        self._folder = folder
        self._daemon: subprocess.Popen[bytes] | None = None
        self._cards: list[ServedCard] = []
        self._programs: list[subprocess.Popen[str]] = []
        self.home = folder / "home"
        self.home.mkdir()
        self.log = folder / "pcscd.log"
        self._config = folder / "reader.conf"
        if slots == SLOTS_MAX:
            subprocess.run([MAKE_ENTRIES, self._config, folder / "drivers", str(FIRST_PORT), driver], check=True)
            return
        self._config.write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{FIRST_PORT:#X}\nLIBPATH {driver}\n'
            f"CHANNELID {FIRST_PORT:#X}\n",
            encoding="ascii",
        )

    def popen(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        terminal: int | None = None,
        **streams: Any,
    ) -> subprocess.Popen[str]:
        """Starts a program beside the service; `terminal` becomes its stdin and controlling terminal.

        Its pid is the program's own. It is killed when the thread that started it ends. `streams` are Popen's.
        """
        command = self._namespaces.enter(
            [str(word) for word in argv], cwd or self.home, on_terminal=terminal is not None
        )
        streams.setdefault("stdin", subprocess.DEVNULL if terminal is None else terminal)
        process = subprocess.Popen(command, env=self._environment(env), text=True, **streams)
        self._programs.append(process)
        return process

    def run(
        self,
        argv: Sequence[str | Path],
        input: str | None = None,  # noqa: A002 - the name that subprocess.run has
        timeout: float = SECONDS,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program beside the service to its end; `input` is all of its stdin, which is else empty."""
        stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
        pipe = subprocess.PIPE
        process = self.popen(argv, env=env, cwd=cwd, stdin=stdin, stdout=pipe, stderr=pipe)
        try:
            out, err = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"{argv} did not end within {timeout} s; stdout: {out!r}; stderr: {err!r}")
        return subprocess.CompletedProcess([str(word) for word in argv], process.returncode, out, err)

    @property
    def root(self) -> Path:
        """The file system as the service sees it."""
        return self._namespaces.root

    @staticmethod
    def until(condition: Callable[[], bool], what: str) -> None:
        """Returns as soon as the condition holds; a failure that names it when it does not become true."""
        until(condition, what)

    def start_card(self, card: str | Path, port: int = FIRST_PORT, *extra: str) -> ServedCard:
        """Puts a persona or a card file into the slot that listens on the port, and waits until PC/SC sees it."""
        argv = [sys.executable, "-m", "jpki_cli", "sim", "serve", str(card), "--port", str(port), *extra]
        return self.start_card_process(argv, port)

    def start_card_process(self, argv: Sequence[str | Path], port: int = FIRST_PORT) -> ServedCard:
        """The same, with the program that is the card."""
        log = self._folder / f"card-{len(list(self._folder.glob('card-*'))) + 1}.log"
        with log.open("wb") as output:
            process = self.popen(argv, stdout=output, stderr=output)
        card = ServedCard(process, port, log, self.await_empty)
        self._cards.append(card)
        seen = self._await(port, "present", process)
        if seen is not None:
            said = log.read_text(encoding="utf-8", errors="replace")
            pytest.fail(f"no card at port {port}: {seen}; its process said: {said}")
        return card

    def await_card(self, port: int = FIRST_PORT) -> None:
        """Waits until PC/SC sees a card in the slot that listens on the port."""
        seen = self._await(port, "present")
        if seen is not None:
            pytest.fail(f"no card comes to port {port}: {seen}")

    def reset_card(self) -> None:
        """Has another program reset the card in the first slot."""
        script = (
            "from smartcard.scard import *\n"
            "_, context = SCardEstablishContext(SCARD_SCOPE_USER)\n"
            "_, card, protocol = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1)\n"
            "raise SystemExit(SCardDisconnect(card, SCARD_RESET_CARD) & 0xFFFFFFFF)\n"
        )
        assert self.run([sys.executable, "-c", script]).returncode == 0

    def await_empty(self, port: int = FIRST_PORT) -> None:
        """Waits until PC/SC sees no card in the slot that listens on the port."""
        if self._daemon is None:
            return
        seen = self._await(port, "empty")
        if seen is not None:
            pytest.fail(f"the card does not leave port {port}: {seen}")

    def _await(self, port: int, state: str, process: subprocess.Popen[str] | None = None) -> str | None:
        suffix = f" {port - FIRST_PORT:02d}"
        script: list[str | Path] = [sys.executable, HERE / "await_reader.py", suffix, state, str(SECONDS / 2)]
        watcher = self.popen(script, stderr=subprocess.PIPE)
        until(
            lambda: watcher.poll() is not None or (process is not None and process.poll() is not None),
            f"the reader whose name ends in {suffix} is {state}",
        )
        status = end(watcher)
        _, complaint = watcher.communicate()
        if process is not None and process.poll() is not None:
            return "its process ended"
        return complaint if status else None

    def start_daemon(self) -> None:
        """Starts the service, if it does not run, and waits until it takes programs and virtual cards."""
        if self._daemon is not None:
            return
        argv = ["pcscd", "--foreground", "--info", "--config", str(self._config), *self._without_polkit()]
        command = self._namespaces.enter(argv, self._folder, on_terminal=False)
        with self.log.open("ab") as log:
            self._daemon = subprocess.Popen(
                command, env=self._environment(None), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until(self._is_ready, f"pcscd does not get ready; its log: {self.log}")

    def stop_daemon(self, how: int = signal.SIGTERM) -> None:
        """Ends the service, as on a machine where it does not run."""
        if self._daemon is not None:
            end(self._daemon, how)
            self._daemon = None

    def clean_up(self) -> None:
        """Takes away every card, and ends every program, that is still there."""
        while self._cards:
            self._cards.pop().stop()
        while self._programs:
            process = self._programs.pop()
            end(process, signal.SIGKILL)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def _is_ready(self) -> bool:
        assert self._daemon is not None
        if self._daemon.poll() is not None:
            pytest.fail(f"pcscd ended: {self.log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        service = self._namespaces.root / "run/pcscd/pcscd.comm"
        return service.exists() and all(self._namespaces.is_listening(port) for port in self._ports)

    @staticmethod
    def _without_polkit() -> list[str]:
        """Returns the option that has a service built with polkit ask no D-Bus, which there is none of inside."""
        options = subprocess.run(
            ["pcscd", "--help"], env={"PATH": SYSTEM_PATH}, capture_output=True, text=True, check=False
        ).stdout
        return ["--disable-polkit"] if "--disable-polkit" in options else []

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        """Returns the caller's environment with a home of its own, without settings of the program under test."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JPKI_")}
        private = {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        return {**kept, **private, "PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(more or {})}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is in this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.pcscd)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Makes a skipped test of this folder fail where JPKI_REQUIRE_PCSCD says that all of them must run."""
    report = yield
    if REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"JPKI_REQUIRE_PCSCD=1 and yet skipped: {report.longrepr}"
    return report


@contextmanager
def running_service(folder: Path, *, slots: int = 2) -> Iterator[Pcscd]:
    """A service of one's own in namespaces of its own; skips the test where something for it is missing."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=SYSTEM_PATH) is None]
    driver = find_driver()
    if driver is None:
        absent.append("the driver of vsmartcard-vpcd")
    if driver is None or absent:
        pytest.skip(f"not installed: {', '.join(absent)}")
    namespaces = Namespaces()
    if not namespaces.is_ready:
        pytest.skip(f"no namespaces of one's own: {namespaces.close().strip()}")
    service = Pcscd(namespaces, folder, driver, slots=slots)
    try:
        yield service
    finally:
        service.clean_up()
        service.stop_daemon()
        namespaces.close()


@pytest.fixture(scope="session")
def pcscd_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd]:
    """The service, for the whole run."""
    with running_service(tmp_path_factory.mktemp("pcscd")) as service:
        yield service


@pytest.fixture
def pcscd(pcscd_service: Pcscd) -> Iterator[Pcscd]:
    """The service with an empty virtual reader."""
    pcscd_service.start_daemon()
    yield pcscd_service
    pcscd_service.clean_up()


@pytest.fixture
def pcscd_of_16(tmp_path: Path) -> Iterator[Pcscd]:
    """Another service, with sixteen virtual slots: as many as pcsc-lite can have."""
    with running_service(tmp_path, slots=SLOTS_MAX) as service:
        service.start_daemon()
        yield service


@pytest.fixture
def served_adult(pcscd: Pcscd) -> ServedCard:
    """The adult's card in the virtual reader."""
    return pcscd.start_card("adult")
