"""The line editor behind the hidden prompt, on terminals made of queues."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki_cli.terminal import NoTerminalError, RefusedKeyError, TerminalFault, prompts
from jpki_cli.terminal.secret_line import MAX_CHARACTERS, SecretLine

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


def _screen(written: str) -> tuple[str, int]:
    """The line that a terminal shows after these texts, without blanks at its end, and where its cursor is."""
    line: list[str] = []
    at = 0
    for part in written.replace("\a", ""):
        if part == "\b":
            at -= 1
            assert at >= 0
        else:
            line[at : at + 1] = [part]
            at += 1
    return "".join(line).rstrip(" "), at


_EDITING = [
    b"\x01", b"\x02", b"\x04", b"\x05", b"\x06", b"\x08", b"\x0b", b"\x15", b"\x17", b"\x7f", b"\x1bb", b"\x1bf",
    b"\x1bd", b"\x1b\x7f", b"\x1b[D", b"\x1b[C", b"\x1b[H", b"\x1b[F", b"\x1b[3~", b"\x1bOD", b"\x1b[1;5D",
    b"\x1b[1;5C",
]  # fmt: skip


_TEXT = st.text("A9 ９\U0001f4b3").map(str.encode)


@given(st.lists(st.one_of(st.binary(max_size=8), st.sampled_from(_EDITING), _TEXT)))
def test_marks_on_the_screen_are_the_characters_kept(typed: list[bytes]) -> None:
    """Whatever keys and bytes arrive, the screen shows one mark for each character that is kept, and nothing else."""
    line = SecretLine()
    written = ""
    for byte in b"".join(typed):
        try:
            written += line.feed_all(memoryview(bytearray([byte])))
        except EOFError:
            assert line.marks == ""
    assert _screen(written)[0] == line.marks
    assert _screen(line.drawn) == _screen(written)
    kept = bytes(line.take().reveal())
    assert not any(line._buffer[len(kept) :])
    line.wipe()
    assert not any(line._buffer)


class Paper:
    """A line under edit, in the plainest way there is: the reference that the editor is held against."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.at = 0

    def press(self, key: bytes | str) -> None:
        """Do what a key does."""
        if isinstance(key, str):
            self.text.insert(self.at, key)
            self.at += 1
            return
        before, behind = "".join(self.text[: self.at]), "".join(self.text[self.at :])
        left = len(before.rstrip(" ").rpartition(" ")[0]) + (" " in before.rstrip(" "))
        right = self.at + len(behind) - len(behind.lstrip(" ").partition(" ")[2])
        right -= " " in behind.lstrip(" ")
        targets = {b"\x01": 0, b"\x02": max(0, self.at - 1), b"\x05": len(self.text), b"\x06": self.at + 1}
        targets |= {b"\x1bb": left, b"\x1bf": right}
        cuts = {b"\x7f": max(0, self.at - 1), b"\x0b": len(self.text), b"\x1b[3~": self.at + 1}
        cuts |= {b"\x17": left, b"\x1bd": right}
        if key in targets:
            self.at = min(len(self.text), targets[key])
        elif key == b"\x15":
            self.text, self.at = [], 0
        else:
            first, last = sorted((self.at, cuts[key]))
            del self.text[first:last]
            self.at = first


@given(
    st.lists(
        st.one_of(
            st.sampled_from("AB12 ９\U0001f4b3"),
            st.sampled_from([b"\x01", b"\x02", b"\x05", b"\x06", b"\x0b", b"\x15", b"\x17", b"\x7f", b"\x1b[3~"]),
            st.sampled_from([b"\x1bb", b"\x1bf", b"\x1bd"]),
        )
    )
)
def test_editing_keys_do_what_they_do_elsewhere(keys: list[bytes | str]) -> None:
    """Moving and deleting by character, by word and to the ends gives what the same keys give in a shell."""
    line, paper = SecretLine(), Paper()
    written = ""
    for key in keys:
        paper.press(key)
        written += line.feed_all(memoryview(bytearray(key.encode() if isinstance(key, str) else key)))
        assert _screen(written) == ("*" * len(paper.text), paper.at)
    assert bytes(line.take().reveal()).decode() == "".join(paper.text)
    assert not line.is_refused


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=MAX_CHARACTERS))
def test_text_is_kept_as_it_is(typed: str) -> None:
    """Any text without control characters comes out as its UTF-8, with a mark for each character."""
    line = SecretLine()
    assert line.feed_all(memoryview(bytearray(typed.encode()))) == "*" * len(typed)
    assert line.take().reveal() == typed.encode()


def test_bytes_are_overwritten_as_they_are_taken() -> None:
    """The chunk that was read is zeros afterwards, what follows the Enter too; a wiped line holds zeros."""
    chunk = bytearray(b"2846\r9999")
    line = SecretLine()
    line.feed_all(memoryview(chunk))
    assert chunk == bytes(9)
    assert line.take().reveal() == b"2846"
    line.wipe()
    assert not any(line._buffer)
    assert line.marks == ""


@pytest.mark.parametrize(
    ("chunks", "secret"),
    [
        ((b"ABC12\x17ABC123\r",), b"ABC123"),
        ((b"BC123\x01A\r",), b"ABC123"),
        ((b"ABC12399\x02\x02\x0b\r",), b"ABC123"),
        ((b"AC123\x1b[D\x1b[D\x1bOD\x1b[DB\r",), b"ABC123"),
        ((b"ABC12\x1b[H\x1b[C\x1b[3~\x04\x1b[FX\x1b[1~Y\r",), b"YA12X"),
        ((b"\x1b[200~28", b"46\r"), b"2846"),
        ((b"\x1b[200~28\n\t\x7f46\x1b[201~\r",), b"2846"),
        ((b"\x1b[?1;2c\x1b[I28\x1b[O46\r",), b"2846"),
        ((b"28\n",), b"28"),
        ((b"2\x04846\r",), b"2846"),
        ((b"\xff\xfe2846\r",), b"\xff\xfe2846"),
        (("９".encode()[:1], "９".encode()[1:], b"\x7f2846\r"), b"2846"),
        ((b"\x80\x7f\x7f2846\r",), b"2846"),
        ((b"\x1b[ATARO\x15TARO1234\r",), b"TARO1234"),
    ],
)
def test_keys_and_sequences(ask: Callable[..., tuple[bytes, str]], chunks: tuple[bytes, ...], secret: bytes) -> None:
    """Editing keys edit; pastes and what a terminal says by itself leave the characters around them alone."""
    assert ask(*chunks)[0] == secret


@pytest.mark.parametrize(
    "chunks",
    [
        (b"TARO12\x1b[6~\x1b[B\r",),  # the number pad with NumLock off
        (b"\x1b[ATARO1234\r",),
        (b"TARO\x1bOq\x1bOr1234\r",),  # the number pad in its application mode
        (b"TARO1234\x1b[18~\r",),
        (b"TARO1234\x1b[[A\r",),
        (b"TARO1234\x1b[1;2H\r",),
        (b"TARO1\x1bX234\r",),
        (b"\x1b", b"OSAKA1\r"),  # the key Esc by itself
        (b"TARO1234\x1b\r",),
        (b"TARO1234\x1b[5\r",),
        (b"TARO1234\x1b[1;3", b"\r"),
        (b"TARO\x1b", b"OD1234\r"),  # Left over a slow line
        (b"TARO1234\t\r",),
        (b"TARO1234\x16\x1f\x00\r",),
        (b"TARO1234\x1a\r",),
        (b"\x1b\x1b[ATARO1234\r",),
    ],
)
def test_what_is_no_editing_key_refuses_the_entry(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[..., tuple[bytes, str]], chunks: tuple[bytes, ...]
) -> None:
    """A key that neither types nor edits rings the bell, and the entry is refused and overwritten at its Enter."""
    lines: list[SecretLine] = []

    class Kept(SecretLine):
        def __init__(self) -> None:
            super().__init__()
            lines.append(self)

    monkeypatch.setattr(prompts, "SecretLine", Kept)
    with pytest.raises(RefusedKeyError) as caught:
        ask(*chunks)
    assert "TARO" not in str(caught.value)
    assert lines[0].is_entered
    assert not any(lines[0]._buffer)


def test_no_more_characters_than_allowed(ask: Callable[..., tuple[bytes, str]]) -> None:
    """What goes beyond the limit rings the bell and is not kept, whole characters at a time."""
    limit = MAX_CHARACTERS
    chunks = ["\U0001f4b3".encode()] * limit + ["９".encode(), b"1", b"\x7f7\r"]
    secret, written = ask(*chunks)
    assert secret == "\U0001f4b3".encode() * (limit - 1) + b"7"
    assert written.count("\a") == 2
    assert _screen(written)[0] == "? " + "*" * limit


def test_a_prompt_redrawn_shows_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal is told to draw again is the prompt, the marks so far, and the cursor where it was."""
    drawn = []

    class Redrawn(QueueTerminal):
        @contextmanager
        def hidden(self, redraw: Callable[[], str]) -> Iterator[None]:
            yield
            drawn.append(redraw())

    monkeypatch.setattr(prompts, "open_terminal", lambda: Redrawn(b"2846\x02\x02\r"))
    prompts.prompt_secret("? ").wipe()
    assert drawn == ["? ****\b\b"]


def test_a_terminal_that_ends_is_lost(ask: Callable[..., tuple[bytes, str]]) -> None:
    """The end of the terminal in the middle of a secret is an error, not a shorter secret."""
    with pytest.raises(NoTerminalError) as caught:
        ask(b"28")
    assert caught.value.fault is TerminalFault.LOST
    assert "28" not in str(caught.value)
