"""The line editor behind the hidden prompt, and the Windows console, on terminals made of queues."""

from __future__ import annotations

import io
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpki_cli.terminal import prompts
from jpki_cli.terminal.prompts import NoTerminalError, TerminalFault
from jpki_cli.terminal.windows import Console, open_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ENTER = b"\r"


class QueueTerminal:
    """A terminal that gives prepared chunks; after each it has nothing more at once."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = deque(chunks)
        self.written = ""

    @contextmanager
    def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
        """Write the prompt."""
        self.written += redraw()
        yield

    visible = hidden

    def read(self, buffer: bytearray) -> int:
        """Give the next chunk."""
        chunk = self.chunks.popleft() if self.chunks else b""
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def has_more(self) -> bool:
        """Say that nothing follows."""
        return False

    def write(self, text: str) -> None:
        """Keep what is written."""
        self.written += text

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[bytes, str]]:
    """Answer a hidden prompt with chunks; give the secret and what was written."""

    def run(*chunks: bytes) -> tuple[bytes, str]:
        terminal = QueueTerminal(*chunks)
        monkeypatch.setattr(prompts, "open_terminal", lambda: terminal)
        secret = prompts.prompt_secret("? ")
        return bytes(secret.reveal()), terminal.written

    return run


def _screen(written: str) -> str:
    """The line that a terminal shows after these texts."""
    line = ""
    for part in written.replace("\b \b", "\x7f"):
        line = line[:-1] if part == "\x7f" else line + part.replace("\a", "")
    return line


@given(st.binary(max_size=80))
def test_marks_on_the_screen_are_the_characters_kept(typed: bytes) -> None:
    """Whatever bytes arrive, the screen shows one mark for each character that is kept, and nothing else."""
    line = prompts._SecretLine()
    written = ""
    for byte in typed:
        try:
            written += line.feed_all(memoryview(bytearray([byte])))
        except EOFError:
            assert line.marks == ""
    assert _screen(written) == line.marks


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=prompts.MAX_CHARACTERS))
def test_text_is_kept_as_it_is(typed: str) -> None:
    """Any text without control characters comes out as its UTF-8, with a mark for each character."""
    line = prompts._SecretLine()
    assert line.feed_all(memoryview(bytearray(typed.encode()))) == "*" * len(typed)
    assert line.take().reveal() == typed.encode()


def test_bytes_are_overwritten_as_they_are_taken() -> None:
    """The chunk that was read is zeros afterwards, what follows the Enter too; a wiped line holds zeros."""
    chunk = bytearray(b"2846\r9999")
    line = prompts._SecretLine()
    line.feed_all(memoryview(chunk))
    assert chunk == bytes(9)
    assert line.take().reveal() == b"2846"
    line.wipe()
    assert not any(line._buffer)
    assert line.marks == ""


@pytest.mark.parametrize(
    ("chunks", "secret"),
    [
        ((b"\x1b", b"OSAKA1\r"), b"OSAKA1"),
        ((b"\x1b", b"[1]\r"), b"[1]"),
        ((b"\x1bX2846\r",), b"X2846"),
        ((b"\x1b[200~28", b"46\r"), b"2846"),
        ((b"\x1b[200~28\n\t\x7f46\x1b[201~\r",), b"2846"),
        ((b"\x1b[1;3", b"2846\r"), b"2846"),
        ((b"\x1b[5\r",), b""),
        ((b"\x1b[31m\x1b[?1;2c2846\r",), b"2846"),
        ((b"28\t\x00\x01\x1f46\r",), b"2846"),
        ((b"28\n",), b"28"),
        ((b"2\x04846\r",), b"2846"),
        ((b"\xff\xfe2846\r",), b"\xff\xfe2846"),
        (("９".encode()[:1], "９".encode()[1:], b"\x7f2846\r"), b"2846"),
        ((b"\x80\x7f\x7f2846\r",), b"2846"),
    ],
)
def test_keys_and_sequences(ask: Callable[..., tuple[bytes, str]], chunks: tuple[bytes, ...], secret: bytes) -> None:
    """Escape sequences, pastes and control characters leave the characters around them alone."""
    assert ask(*chunks)[0] == secret


def test_no_more_characters_than_allowed(ask: Callable[..., tuple[bytes, str]]) -> None:
    """What goes beyond the limit rings the bell and is not kept, whole characters at a time."""
    limit = prompts.MAX_CHARACTERS
    chunks = ["\U0001f4b3".encode()] * limit + ["９".encode(), b"1", b"\x7f7\r"]
    secret, written = ask(*chunks)
    assert secret == "\U0001f4b3".encode() * (limit - 1) + b"7"
    assert written.count("\a") == 2
    assert _screen(written) == "? " + "*" * limit


def test_a_prompt_redrawn_shows_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal is told to draw again is the prompt and the marks so far."""
    drawn = []

    class Redrawn(QueueTerminal):
        @contextmanager
        def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
            yield
            drawn.append(redraw())

    monkeypatch.setattr(prompts, "open_terminal", lambda: Redrawn(b"2846\r"))
    prompts.prompt_secret("? ").wipe()
    assert drawn == ["? ****"]


def test_a_terminal_that_ends_is_lost(ask: Callable[..., tuple[bytes, str]]) -> None:
    """The end of the terminal in the middle of a secret is an error, not a shorter secret."""
    with pytest.raises(NoTerminalError) as caught:
        ask(b"28")
    assert caught.value.fault is TerminalFault.LOST
    assert "28" not in str(caught.value)


class FakeConsole:
    """A console whose keys are prepared: ``now`` are those that are there at once."""

    def __init__(self, keys: str, *, line: bytes = b"", typed_ahead: str = "") -> None:
        self.now = deque(typed_ahead)
        self.later = deque(keys)
        self.out = io.BytesIO()
        self.console = Console(io.BytesIO(line), self.out, self._getwch, self._kbhit)

    def _getwch(self) -> str:
        if self.now:
            return self.now.popleft()
        key = self.later.popleft()
        if key in "\x00\xe0" and self.later and self.later[0] in "HKMP":  # arrows come in one piece
            self.now.append(self.later.popleft())
        return key

    def _kbhit(self) -> bool:
        return bool(self.now)


@pytest.fixture
def ask_console(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeConsole], bytes]:
    """Answer a hidden prompt on a console."""

    def run(fake: FakeConsole) -> bytes:
        monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
        monkeypatch.setattr(fake.out, "close", lambda: None)
        return bytes(prompts.prompt_secret("PIN? ").reveal())

    return run


@pytest.mark.parametrize(
    ("keys", "secret", "shown"),
    [
        ("2846\r", "2846", "****"),
        ("2\xe0H8\x00K46\r", "2846", "****"),
        ("à1\r", "à1", "**"),
        ("９\b\ud83d\udcb3\b2846\r", "2846", "*\b \b*\b \b****"),
        ("\ud83d\udcb31\r", "\U0001f4b31", "**"),
        ("99\x152846\r", "2846", "**\b \b\b \b****"),
        ("\x1b2846\r", "2846", "****"),
        ("2\x1a846\r", "2846", "****"),
    ],
)
def test_console_keys(ask_console: Callable[[FakeConsole], bytes], keys: str, secret: str, shown: str) -> None:
    """Keys of a Windows console: function keys are dropped, halves of a character joined, marks shown."""
    fake = FakeConsole(keys)
    assert ask_console(fake) == secret.encode()
    assert fake.out.getvalue().decode() == f"PIN? {shown}\r\n"


@pytest.mark.parametrize(("keys", "error"), [("28\x03", KeyboardInterrupt), ("\x1a", EOFError), ("\x04", EOFError)])
def test_console_keys_that_end(
    ask_console: Callable[[FakeConsole], bytes], keys: str, error: type[BaseException]
) -> None:
    """Ctrl-C interrupts and Ctrl-Z or Ctrl-D ends the input, with the line ended."""
    fake = FakeConsole(keys)
    with pytest.raises(error):
        ask_console(fake)
    assert fake.out.getvalue().endswith(b"\r\n")


def test_console_drops_what_was_typed_before(ask_console: Callable[[FakeConsole], bytes]) -> None:
    """Keys that wait when the question is asked are no answer to it."""
    assert ask_console(FakeConsole("2846\r", typed_ahead="1\r")) == b"2846"


@pytest.mark.parametrize(("line", "expected"), [("はい\r\n", "はい"), ("DELETE\r\n", "DELETE"), ("\r\n", "")])
def test_console_line(monkeypatch: pytest.MonkeyPatch, line: str, expected: str) -> None:
    """A visible question on a console gives the line without its end."""
    fake = FakeConsole("", line=line.encode())
    monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
    assert prompts.prompt_line("? ") == expected


def test_console_line_at_the_end_of_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-Z at a visible question is EOFError."""
    fake = FakeConsole("")
    monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
    with pytest.raises(EOFError):
        prompts.prompt_line("? ")


def test_a_console_that_goes_away_is_lost() -> None:
    """A console that fails to write is a terminal that was lost."""

    class Broken(io.RawIOBase):
        def write(self, _data: object) -> int:
            raise OSError

    console = Console(io.BytesIO(), Broken(), lambda: "", lambda: False)
    with pytest.raises(NoTerminalError) as caught:
        console.write("PIN? ")
    assert caught.value.fault is TerminalFault.LOST


def test_there_is_no_console_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems there is no Windows console."""
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(NoTerminalError) as caught:
        open_console()
    assert caught.value.fault is TerminalFault.ABSENT
