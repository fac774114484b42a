"""Hidden and visible prompts on a real pseudo-terminal, with a small shell that starts, stops and continues the job."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pty = pytest.importorskip("pty", reason="POSIX terminals")
termios = pytest.importorskip("termios", reason="POSIX terminals")

_SECONDS = 30.0  # a limit for hanging tests, never waited for by passing ones
_LFLAG = 3

# Leader of the terminal's session: runs the job as a shell does, tells what becomes of it, and takes orders.
_SHELL = """
import fcntl, os, resource, signal, sys, termios
tty, start = int(sys.argv[1]), sys.argv[2]
fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    if start == "fg":
        os.tcsetpgrp(tty, os.getpid())
    os.close(tty)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.dup2(os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execv(sys.executable, [sys.executable, "-c", sys.argv[5]])
print("job", job, flush=True)
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(tty, os.getpgrp())
    print("stopped", os.WSTOPSIG(status), flush=True)
    if sys.stdin.readline() == "fg\\n":
        os.tcsetpgrp(tty, job)
    os.killpg(job, signal.SIGCONT)
print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""

_ASK = """
from jpki_cli.prompts import prompt_secret
secret = prompt_secret("PIN? ")
print("RESULT", secret.reveal().hex())
"""


class Job:
    """A Python program that runs as a job on a terminal of its own."""

    def __init__(self, folder: Path, program: str, start: str) -> None:
        self.master, self.slave = pty.openpty()
        self.before = self.settings()
        self.screen = b""
        self._seen = 0
        self._outputs = [folder / "stdout", folder / "stderr"]
        command = [sys.executable, "-SE", "-c", _SHELL, str(self.slave), start]
        self._shell = subprocess.Popen(
            [*command, *map(str, self._outputs), program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            pass_fds=[self.slave],
        )
        self._told = b""
        self._is_over = False
        self._pid = self.told("job")

    def settings(self) -> list[Any]:
        """The terminal's settings as they are now."""
        settings: list[Any] = termios.tcgetattr(self.slave)
        return settings

    @property
    def is_echoing(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(self.settings()[_LFLAG] & termios.ECHO)

    def see(self, text: str) -> None:
        """Wait for the text on the terminal, after everything that was waited for before."""
        wanted = text.encode()
        while (found := self.screen.find(wanted, self._seen)) < 0:
            self.screen += self._read(self.master)
        self._seen = found + len(wanted)

    def type(self, keys: str | bytes) -> None:
        """Type on the terminal's keyboard."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def kill(self, number: int) -> None:
        """Send a signal to the job."""
        os.kill(self._pid, number)

    def order(self, word: str) -> None:
        """Tell the shell to continue the job: ``fg`` or ``bg``."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{word}\n".encode())
        self._shell.stdin.flush()

    def told(self, event: str) -> int:
        """Wait for what the shell says next about the job, which must be this event; give its number."""
        assert self._shell.stdout is not None
        while b"\n" not in self._told:
            self._told += self._read(self._shell.stdout.fileno())
        line, self._told = self._told.split(b"\n", 1)
        word, number = line.decode().split()
        self._is_over = word == "ended"
        assert word == event, (line, self.errors)
        return int(number)

    def result(self) -> str:
        """Wait for the program's good end and give its standard output."""
        assert (self.told("ended"), self.errors) == (0, "")
        return self.output

    @property
    def output(self) -> str:
        """The program's standard output."""
        return self._outputs[0].read_text()

    @property
    def errors(self) -> str:
        """The program's standard error."""
        return self._outputs[1].read_text() if self._outputs[1].exists() else ""

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.master)
        self.master = -1

    def rest(self) -> bytes:
        """Everything that has come to the terminal, the last bytes included."""
        while select.select([self.master], [], [], 0)[0]:
            self.screen += os.read(self.master, 4096)
        return self.screen

    def close(self) -> None:
        """End what still runs."""
        if not self._is_over:
            with suppress(ProcessLookupError):
                self.kill(signal.SIGKILL)
        self._shell.kill()
        self._shell.communicate()
        for fd in {self.master, self.slave} - {-1}:
            os.close(fd)

    def _read(self, fd: int) -> bytes:
        if not select.select([fd], [], [], _SECONDS)[0]:
            pytest.fail(f"nothing came; screen {self.screen!r}, stderr {self.errors!r}")
        data = os.read(fd, 4096)
        if not data:
            pytest.fail(f"it ended; screen {self.screen!r}, stderr {self.errors!r}")
        return data


class Start(Protocol):
    """Starts a program on a new terminal, in the foreground unless told otherwise."""

    def __call__(self, program: str = _ASK, *, before: str = "", start: str = "fg") -> Job:
        """Start ``before`` and then ``program``."""
        ...


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Start]:
    """Start one program as a job on a terminal of its own."""
    jobs: list[Job] = []

    def begin(program: str = _ASK, *, before: str = "", start: str = "fg") -> Job:
        jobs.append(Job(tmp_path, textwrap.dedent(before) + textwrap.dedent(program), start))
        return jobs[-1]

    yield begin
    for job in jobs:
        job.close()


def _hex(text: str) -> str:
    return f"RESULT {text.encode().hex()}\n"


def test_marks_stand_for_characters(run: Start) -> None:
    """Each character shows one mark; the secret is on neither the terminal nor stdout, and the settings come back."""
    job = run()
    job.see("PIN? ")
    assert not job.is_echoing
    for key in "2846":
        job.type(key)
        job.see("*")
    job.type("\r")
    assert job.result() == _hex("2846")
    assert job.rest() == b"\rPIN? ****\r\n"
    assert job.settings() == job.before


def test_erasing_takes_whole_characters(run: Start) -> None:
    """Backspace and DEL take back one character, full-width and four-byte ones too; Ctrl-U takes back all."""
    job = run()
    job.see("PIN? ")
    job.type("９２")
    job.see("**")
    job.type("\x7f")
    job.see("\b \b")
    job.type("\U0001f4b3\b")
    job.see("*\b \b")
    job.type("a\x15")
    job.see("*\b \b\b \b")
    job.type("２８46\r")
    assert job.result() == _hex("２８46")


def test_a_paste_and_cursor_keys(run: Start) -> None:
    """The brackets around a paste and a line end in it are dropped, as are cursor and function keys."""
    job = run()
    job.see("PIN? ")
    job.type("\x1b[A\x1bOP\x1b[3~\x1b[[A\x1b[200~28\r46\n\x1b[201~\x1b[1;5D")
    job.see("****")
    job.type("\r")
    assert job.result() == _hex("2846")


def test_esc_by_itself_swallows_nothing(run: Start) -> None:
    """A character after the key Esc is taken."""
    job = run()
    job.see("PIN? ")
    job.type("\x1b")
    job.type("S")
    job.see("*")
    job.type("IM1\r")
    assert job.result() == _hex("SIM1")


def test_type_ahead_is_no_answer(run: Start) -> None:
    """What was typed, and shown, before the question is dropped, and what comes after the Enter too."""
    job = run(
        before="""
        import select
        with open("/dev/tty") as tty:
            select.select([tty], [], [])
    """
    )
    job.type("1111\n")
    job.see("PIN? ")
    job.type("2846\r3333\n")
    assert job.result() == _hex("2846")
    assert b"3333" not in job.rest()
    assert not select.select([job.slave], [], [], 0)[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_deadly_signals_restore_the_terminal(run: Start, number: signal.Signals) -> None:
    """A signal whose default is death restores the settings, ends the line, and is what the process dies of."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(number)
    assert job.told("ended") == -number
    assert job.settings() == job.before
    assert job.rest() == b"\rPIN? **\r\n"
    assert job.output == ""


@pytest.mark.parametrize("key", ["\x03", "\x1c"])
def test_keys_that_interrupt_restore_the_terminal(run: Start, key: str) -> None:
    """Ctrl-C and Ctrl-backslash end the program by their signals with the settings restored."""
    job = run()
    job.see("PIN? ")
    job.type("28" + key)
    assert job.told("ended") == -(signal.SIGINT if key == "\x03" else signal.SIGQUIT)
    assert job.settings() == job.before
    assert b"28" not in job.rest()


def test_ctrl_c_is_a_keyboard_interrupt(run: Start) -> None:
    """Ctrl-C reaches the caller as KeyboardInterrupt, after the settings were restored and the buffers overwritten."""
    job = run("""
        from jpki_cli import prompts
        lines = []
        class Kept(prompts._SecretLine):
            def __init__(self):
                super().__init__()
                lines.append(self)
        prompts._SecretLine = Kept
        try:
            prompts.prompt_secret("PIN? ")
        except KeyboardInterrupt:
            print("RESULT", any(lines[0]._buffer))
    """)
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.type("\x03")
    assert job.result() == "RESULT False\n"
    assert job.settings() == job.before


def test_a_programs_handler_sees_the_terminal_restored(run: Start) -> None:
    """A handler that the program has for SIGTERM runs with the settings restored, and its exception ends the prompt."""
    job = run("""
        import signal, sys, termios
        from jpki_cli.prompts import prompt_secret
        def stop(number, frame):
            with open("/dev/tty") as tty:
                print("RESULT", bool(termios.tcgetattr(tty)[3] & termios.ECHO))
            sys.exit(143)
        signal.signal(signal.SIGTERM, stop)
        try:
            prompt_secret("PIN? ")
        finally:
            assert signal.getsignal(signal.SIGTERM) is stop
    """)
    job.see("PIN? ")
    job.kill(signal.SIGTERM)
    assert job.told("ended") == 143
    assert job.output == "RESULT True\n"
    assert job.settings() == job.before


def test_a_handler_that_returns_continues_the_prompt(run: Start) -> None:
    """After a handler that lets the program live the line is drawn again and stays unechoed; SIG_IGN stays ignored."""
    job = run(
        before="""
        import signal
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    """
    )
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(signal.SIGHUP)
    job.kill(signal.SIGTERM)
    job.see("\r\n\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.result() == _hex("2846")
    assert job.settings() == job.before


def test_stopping_and_continuing(run: Start) -> None:
    """^Z restores the settings and stops; on continuing, prompt and marks are drawn again and typing goes on."""
    job = run()
    for marks in ("", "*"):
        job.see(f"\rPIN? {marks}")
        job.type("2")
        job.see("*")
        job.type("\x1a")
        assert job.told("stopped") == signal.SIGTSTP
        assert job.settings() == job.before
        job.order("fg")
    job.see("\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.result() == _hex("2246")
    assert job.settings() == job.before
    assert job.rest() == b"\rPIN? *\r\n\rPIN? **\r\n\rPIN? ****\r\n"


def test_continued_in_the_background_it_waits_for_the_foreground(run: Start) -> None:
    """After ^Z and bg the terminal is left alone until fg."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.type("\x1a")
    assert job.told("stopped") == signal.SIGTSTP
    job.order("bg")
    assert job.told("stopped") == signal.SIGTTOU
    assert job.settings() == job.before
    job.order("fg")
    job.see("\rPIN? **")
    job.type("46\r")
    assert job.result() == _hex("2846")
    assert job.settings() == job.before


def test_after_sigstop_the_settings_are_taken_again(run: Start) -> None:
    """SIGSTOP cannot be caught: when the shell has reset the terminal meanwhile, continuing hides the input again."""
    job = run()
    job.see("PIN? ")
    job.type("28")
    job.see("**")
    job.kill(signal.SIGSTOP)
    assert job.told("stopped") == signal.SIGSTOP
    termios.tcsetattr(job.slave, termios.TCSANOW, job.before)
    job.order("fg")
    job.see("\rPIN? **")
    assert not job.is_echoing
    job.type("46\r")
    assert job.result() == _hex("2846")
    assert job.settings() == job.before


def test_ctrl_d_ends_the_input_on_an_empty_line_only(run: Start) -> None:
    """Ctrl-D after a character does nothing; on an empty line it is EOFError."""
    job = run("""
        from jpki_cli.prompts import prompt_secret
        try:
            prompt_secret("PIN? ")
        except EOFError:
            print("RESULT end of input")
    """)
    job.see("PIN? ")
    job.type("2\x04")
    job.see("*")
    job.type("8\x7f\x7f\x04")
    assert job.result() == "RESULT end of input\n"
    assert job.settings() == job.before


_REFUSED = """
from jpki_cli.prompts import NoTerminalError, is_interactive, prompt_secret
try:
    prompt_secret("PIN? ")
except NoTerminalError as error:
    print("RESULT", error.fault.name, is_interactive())
"""


def test_a_background_job_does_not_ask(run: Start) -> None:
    """A job that does not have the terminal is refused and leaves the terminal's settings alone."""
    job = run(_REFUSED, start="bg")
    assert job.result() == "RESULT BACKGROUND False\n"
    assert job.settings() == job.before
    assert job.rest() == b""


def test_without_a_terminal_nothing_is_asked() -> None:
    """Without a controlling terminal the prompt refuses, and standard input is not read in its place."""
    done = subprocess.run(
        [sys.executable, "-c", _REFUSED + "import sys; print(sys.stdin.read())"],
        input="2846\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("RESULT ABSENT False\n2846\n\n", "")


def test_a_hung_up_terminal_is_reported(run: Start) -> None:
    """When the terminal goes away and the program survives SIGHUP, the prompt ends with NoTerminalError."""
    job = run(_REFUSED, before="import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    job.see("PIN? ")
    job.hang_up()
    assert job.result() == "RESULT LOST False\n"


def test_outside_the_main_thread(run: Start) -> None:
    """In another thread, where no signal can be caught, the prompt works and restores the settings at its end."""
    job = run("""
        import threading
        from jpki_cli.prompts import prompt_secret
        answers = []
        thread = threading.Thread(target=lambda: answers.append(prompt_secret("PIN? ")))
        thread.start()
        thread.join()
        print("RESULT", answers[0].reveal().hex())
    """)
    job.see("PIN? ")
    assert not job.is_echoing
    job.type("2846\r")
    assert job.result() == _hex("2846")
    assert job.settings() == job.before


def test_unusual_settings_come_back(run: Start) -> None:
    """Settings that another program left, unechoed input among them, are given back as they were found."""
    job = run(
        before="""
        import termios
        with open("/dev/tty") as tty:
            changed = termios.tcgetattr(tty)
            changed[0] &= ~termios.IXON
            changed[3] &= ~(termios.ECHO | termios.IEXTEN)
            changed[6][termios.VERASE] = b"\\x08"
            termios.tcsetattr(tty, termios.TCSANOW, changed)
    """
    )
    job.see("PIN? ")
    job.type("2846\r")
    assert job.result() == _hex("2846")
    after = job.settings()
    assert not job.is_echoing
    assert after[6][termios.VERASE] == b"\x08"
    assert after[3] == job.before[3] & ~(termios.ECHO | termios.IEXTEN)
    assert after[0] == job.before[0] & ~termios.IXON


def test_prompts_in_a_row_and_equal(run: Start) -> None:
    """The same secret typed at two prompts gives two equal secrets."""
    job = run("""
        from jpki_cli.prompts import prompt_secret
        print("RESULT", prompt_secret("New: ") == prompt_secret("Again: "))
    """)
    job.see("New: ")
    job.type("2846\r")
    job.see("Again: ")
    job.type("2846\r")
    assert job.result() == "RESULT True\n"


def test_a_visible_line_is_echoed_by_the_terminal(run: Start) -> None:
    """A visible prompt shows what is typed, even where echo was off, and gives the line without its end."""
    job = run("""
        import termios
        from jpki_cli.prompts import prompt_line
        with open("/dev/tty") as tty:
            changed = termios.tcgetattr(tty)
            changed[3] &= ~termios.ECHO
            termios.tcsetattr(tty, termios.TCSANOW, changed)
        print("RESULT", ascii(prompt_line("番号? ")))
    """)
    job.see("番号? ")
    job.type("はい ok\r")
    assert job.result() == f"RESULT {'はい ok'!a}\n"
    assert job.rest().decode() == "\r番号? はい ok\r\n"
    assert not job.is_echoing


def test_a_visible_line_survives_a_stop(run: Start) -> None:
    """After ^Z the visible prompt is drawn again; Ctrl-C is KeyboardInterrupt; Ctrl-D is EOFError."""
    job = run("""
        from jpki_cli.prompts import prompt_line
        for error in (KeyboardInterrupt, EOFError):
            try:
                prompt_line("? ")
            except error:
                print(error.__name__)
    """)
    job.see("? ")
    job.type("no\x1a")
    assert job.told("stopped") == signal.SIGTSTP
    job.order("fg")
    job.see("? ")
    job.type("\x03")
    job.see("? ")
    job.type("\x04")
    assert job.result() == "KeyboardInterrupt\nEOFError\n"


@pytest.mark.parametrize(
    ("keys", "default", "expected"),
    [
        ("y", False, True),
        ("ＹＥＳ", False, True),
        ("はい", False, True),
        ("no", True, False),
        ("いいえ", True, False),
        ("", True, True),
        ("", False, False),
    ],
)
def test_confirmation(run: Start, keys: str, default: bool, expected: bool) -> None:  # noqa: FBT001 - parameters
    """Yes and no are understood in both languages, wide and narrow; Enter alone is the default; else it asks again."""
    job = run(f"""
        from jpki_cli.prompts import confirm
        print("RESULT", confirm("Sure? ", default={default}))
    """)
    job.see("Sure? ")
    job.type("perhaps\r")
    job.see("Sure? ")
    job.type(keys + "\r")
    assert job.result() == f"RESULT {expected}\n"


def test_a_free_terminal_is_interactive(run: Start) -> None:
    """With a terminal in the foreground there is somebody to ask, wherever the standard streams lead."""
    job = run("from jpki_cli.prompts import is_interactive; print('RESULT', is_interactive())")
    assert job.result() == "RESULT True\n"


def test_the_process_is_not_dumpable_while_it_asks(run: Start) -> None:
    """On Linux the process that asks for a secret can be dumped and read by no other program of the same user."""
    if sys.platform != "linux":
        pytest.skip("prctl is of Linux")
    job = run("""
        import ctypes
        from jpki_cli.prompts import prompt_secret
        before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
        prompt_secret("PIN? ").wipe()
        print("RESULT", before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
    """)
    job.see("PIN? ")
    job.type("2846\r")
    assert job.result() == "RESULT 1 0\n"
