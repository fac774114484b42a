"""The console of Windows behind the prompts, on a keyboard that gives records as Windows does."""

from __future__ import annotations

import io
from collections import deque
from typing import TYPE_CHECKING, Final

import pytest

from jpki_cli.terminal import NoTerminalError, RefusedKeyError, TerminalFault, prompts
from jpki_cli.terminal.console_keys import ANY_ALT, ANY_CTRL, ENHANCED, KeyRecord
from jpki_cli.terminal.console_sight import Stream, is_seen, stream_of_name
from jpki_cli.terminal.windows import ECHO, LINES, PROCESSED, SEQUENCES, Console, open_console

if TYPE_CHECKING:
    from collections.abc import Callable

# Virtual-key codes of Microsoft's winuser.h.
_BACK, _TAB, _CLEAR, _RETURN, _SHIFT, _CONTROL, _MENU, _CAPITAL = 0x08, 0x09, 0x0C, 0x0D, 0x10, 0x11, 0x12, 0x14
_ESCAPE, _PRIOR, _NEXT, _END, _HOME, _LEFT, _UP, _RIGHT, _DOWN = 0x1B, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28
_INSERT, _DELETE, _NUMPAD0, _F1, _F7, _F10, _NUMLOCK, _PROCESSKEY = 0x2D, 0x2E, 0x60, 0x70, 0x76, 0x79, 0x90, 0xE5
_RIGHT_ALT, _LEFT_ALT, _LEFT_CTRL, _NUMLOCK_ON = 0x0001, 0x0002, 0x0008, 0x0020
_FOUND_MODE: Final = PROCESSED | LINES | ECHO | 0x00F0
#: What stands on the keys of the number pad while NumLock is off, from 0 to 9.
_PAD: Final = (_INSERT, _END, _DOWN, _NEXT, _LEFT, _CLEAR, _RIGHT, _HOME, _UP, _PRIOR)


def _key(virtual: int, character: int = 0, held: int = 0, repeats: int = 1) -> list[KeyRecord]:
    """A key pressed and let go; both records have the character, as in Windows."""
    return [KeyRecord(is_down, repeats, virtual, character, held) for is_down in (True, False)]


def _grey(virtual: int, held: int = 0) -> list[KeyRecord]:
    """A cursor key of its own, beside the number pad."""
    return _key(virtual, held=held | ENHANCED)


def _typed(text: str) -> list[KeyRecord]:
    """Characters as a keyboard types them: capitals with Shift, two code units for what is beyond U+FFFF."""
    records: list[KeyRecord] = []
    for character in text:
        units = character.encode("utf-16-le", "surrogatepass")
        for at in range(0, len(units), 2):
            unit = int.from_bytes(units[at : at + 2], "little")
            shift = _key(_SHIFT, held=0x10)[:1] if character.isupper() else []
            virtual = {0x08: _BACK, 0x0D: _RETURN, 0x09: _TAB}.get(unit, ord(character.upper()) & 0xFF)
            records += shift + _key(virtual if unit > 0x1B or unit in (8, 9, 13) else unit + 0x40, unit)
    return records


def _pasted(character: str) -> list[KeyRecord]:
    """A character that no key types, as conhost pastes it: with Alt held, its number, and Alt let go."""
    number = f"{ord(character):03}"
    pad = [record for digit in number for record in _key(_NUMPAD0 + int(digit), held=_LEFT_ALT)]
    return [_key(_MENU, held=_LEFT_ALT)[0], *pad, _key(_MENU, ord(character))[1]]


class FakeKeyboard:
    """A console's keyboard: ``ahead`` was typed before the question, ``records`` are typed after it."""

    def __init__(self, records: list[KeyRecord], ahead: list[KeyRecord]) -> None:
        self.waiting = deque(ahead)
        self.later = deque(records)
        self.modes = [_FOUND_MODE]
        self.is_gone = False

    def mode(self) -> int:
        """Give the input mode."""
        if self.is_gone:
            raise NoTerminalError(TerminalFault.LOST)
        return self.modes[-1]

    def set_mode(self, mode: int) -> None:
        """Change the input mode."""
        self.modes.append(mode)

    def drop(self) -> None:
        """Drop every record that waits."""
        self.waiting.clear()

    def next(self) -> KeyRecord:
        """Give the next record, in a mode in which every key comes as one."""
        assert not self.mode() & (PROCESSED | LINES | ECHO | SEQUENCES)
        if self.waiting:
            return self.waiting.popleft()
        if not self.later:
            raise NoTerminalError(TerminalFault.LOST)
        return self.later.popleft()


class FakeConsole:
    """A console with its keyboard."""

    def __init__(self, records: list[KeyRecord], *, line: bytes = b"", ahead: list[KeyRecord] | None = None) -> None:
        self.out = io.BytesIO()
        self.keyboard = FakeKeyboard(records, ahead or [])
        self.console = Console(io.BytesIO(line), self.out, self.keyboard)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeConsole], bytes]:
    """Answer a hidden prompt on a console."""

    def run(fake: FakeConsole) -> bytes:
        monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
        monkeypatch.setattr(fake.out, "close", lambda: None)
        try:
            return bytes(prompts.prompt_secret("PIN? ").reveal())
        finally:
            assert fake.keyboard.modes[-1] == _FOUND_MODE

    return run


_ENTER = _typed("\r")


@pytest.mark.parametrize(
    ("records", "secret"),
    [
        (_typed("2846"), "2846"),
        (_typed("TARO1234"), "TARO1234"),
        (_typed("à1"), "à1"),
        (_typed("９\b\U0001f4b3\b2846"), "2846"),
        (_typed("\U0001f4b31"), "\U0001f4b31"),
        (_typed("\ud83dA\udcb3"), "A\ufffd"),
        (_typed("99\x152846"), "2846"),
        (_typed("ABC12\x17ABC123"), "ABC123"),
        (_typed("AC") + _grey(_LEFT) + _typed("B") + _grey(_END) + _typed("123"), "ABC123"),
        (_typed("9BC") + _grey(_HOME) + _grey(_DELETE) + _typed("A") + _grey(_RIGHT, 0) + _typed("\x05123"), "ABC123"),
        (_typed("ABC 12") + _grey(_LEFT, _LEFT_CTRL) + _typed("\x0b\b"), "ABC"),
        (_typed("ABC 12") + _key(_BACK, 0x7F, _LEFT_CTRL), "ABC "),
        (_typed("ABC 12") + _key(_BACK, 0x08, _LEFT_ALT), "ABC "),
        ([record for digit in "2846" for record in _key(_NUMPAD0 + int(digit), ord(digit), _NUMLOCK_ON)], "2846"),
        (_pasted("é") + _pasted("9"), "é9"),
        (_key(0, ord("9")) + _key(_PROCESSKEY) + _key(_CAPITAL) + _key(_NUMLOCK) + _key(0xBA) + _typed("1"), "91"),
        (_key(ord("Q"), ord("@"), _RIGHT_ALT | _LEFT_CTRL), "@"),  # AltGr
        (_key(ord("1"), ord("1"), repeats=3), "111"),
    ],
)  # fmt: skip
def test_keys(ask: Callable[[FakeConsole], bytes], records: list[KeyRecord], secret: str) -> None:
    """Keys type and edit by their codes, and each character that is kept has its mark."""
    fake = FakeConsole(records + _ENTER)
    assert ask(fake) == secret.encode()
    assert fake.out.getvalue().startswith(b"PIN? ")
    assert fake.out.getvalue().endswith(b"\r\n")


@pytest.mark.parametrize("number", range(10))
def test_the_number_pad_without_numlock_types_nothing(ask: Callable[[FakeConsole], bytes], number: int) -> None:
    """A key of the number pad without NumLock is never a letter and never moves the cursor: the entry is refused."""
    fake = FakeConsole(_typed("TARO12") + _key(_PAD[number]) + _ENTER)
    with pytest.raises(RefusedKeyError):
        ask(fake)
    assert fake.out.getvalue() == b"PIN? ******\a\r\n"


@pytest.mark.parametrize(
    "records",
    [
        *[_key(key) for key in range(_F1, _F10 + 15)],
        *[_grey(key) for key in (_UP, _DOWN, _PRIOR, _NEXT, _INSERT)],
        _grey(_HOME, _LEFT_CTRL),
        _grey(_DELETE, _LEFT_ALT),
        _key(_ESCAPE, 0x1B),
        _key(_TAB, 0x09),
        _key(ord("X"), ord("x"), _LEFT_ALT),
        _key(ord("2"), 0, _LEFT_CTRL),
        _key(0xBA, 0, _LEFT_CTRL),
        _typed("\x1a"),
        _typed("\x16"),
    ],
)
def test_other_keys_refuse_the_entry(ask: Callable[[FakeConsole], bytes], records: list[KeyRecord]) -> None:
    """A function key or the like rings the bell, makes no mark, and the entry is refused at its Enter."""
    fake = FakeConsole(_typed("TARO1234") + records + _ENTER)
    with pytest.raises(RefusedKeyError):
        ask(fake)
    shown = fake.out.getvalue().decode()
    assert (shown.count("*"), shown.count("\a")) == (8, 1)


@pytest.mark.parametrize(("key", "error"), [("\x03", KeyboardInterrupt), ("\x1a", EOFError), ("\x04", EOFError)])
def test_keys_that_end(ask: Callable[[FakeConsole], bytes], key: str, error: type[BaseException]) -> None:
    """Ctrl-C interrupts and Ctrl-Z or Ctrl-D ends the input; the line is ended and the mode restored."""
    fake = FakeConsole(_typed("28\x15" + key))
    with pytest.raises(error):
        ask(fake)
    assert fake.out.getvalue().endswith(b"\r\n")


def test_what_was_typed_before_the_question_is_dropped_whole(ask: Callable[[FakeConsole], bytes]) -> None:
    """No half of a function key, no Enter and no character from before the question gets into the answer."""
    ahead = _grey(_UP) + _typed("1\r") + _key(_F7)
    fake = FakeConsole(_typed("TARO1234\r"), ahead=ahead)
    assert ask(fake) == b"TARO1234"
    assert fake.out.getvalue() == b"PIN? ********\r\n"


def test_what_follows_the_enter_is_dropped(ask: Callable[[FakeConsole], bytes]) -> None:
    """What is typed behind the Enter reaches neither the next question nor the shell."""
    fake = FakeConsole([])
    fake.keyboard.later.extend(_typed("2846\r"))

    def next_record() -> KeyRecord:
        record = fake.keyboard.later.popleft()
        if not fake.keyboard.later:
            fake.keyboard.waiting.extend(_typed("9999\r"))
        return record

    fake.keyboard.next = next_record  # type: ignore[method-assign]  # the key that comes while another is read
    fake.keyboard.later.pop()  # the Enter is still held down
    assert ask(fake) == b"2846"
    assert not fake.keyboard.waiting


@pytest.mark.parametrize(("line", "expected"), [("はい\r\n", "はい"), ("DELETE\r\n", "DELETE"), ("\r\n", "")])
def test_a_visible_line(monkeypatch: pytest.MonkeyPatch, line: str, expected: str) -> None:
    """A visible question gives the line without its end, echoed even where another program had turned that off."""
    fake = FakeConsole([], line=line.encode(), ahead=_typed("1\r"))
    fake.keyboard.modes = [SEQUENCES]
    monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
    assert prompts.prompt_line("? ") == expected
    assert fake.keyboard.modes == [SEQUENCES, PROCESSED | LINES | ECHO, SEQUENCES]
    assert not fake.keyboard.waiting


def test_a_visible_line_at_the_end_of_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-Z at a visible question is EOFError."""
    fake = FakeConsole([])
    monkeypatch.setattr(prompts, "open_terminal", lambda: fake.console)
    with pytest.raises(EOFError):
        prompts.prompt_line("? ")


def test_a_console_that_goes_away_is_lost(ask: Callable[[FakeConsole], bytes]) -> None:
    """A console that fails is a terminal that was lost, not a shorter secret."""
    for fake in (FakeConsole([]), FakeConsole(_typed("28"))):
        with pytest.raises(NoTerminalError) as caught:
            ask(fake)
        assert caught.value.fault is TerminalFault.LOST

    class Broken(io.RawIOBase):
        def write(self, _data: object) -> int:
            raise OSError

    with pytest.raises(NoTerminalError) as caught:
        Console(io.BytesIO(), Broken(), FakeKeyboard([], [])).write("PIN? ")
    assert caught.value.fault is TerminalFault.LOST


def test_there_is_no_console_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems there is no Windows console."""
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(NoTerminalError) as caught:
        open_console()
    assert caught.value.fault is TerminalFault.ABSENT


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        (r"\msys-dd50a72ab4668b33-pty0-to-master", Stream.MINTTY),
        (r"\msys-dd50a72ab4668b33-pty12-from-master-nat", Stream.MINTTY),
        (r"\cygwin-e022582115c10879-pty3-from-master", Stream.MINTTY),
        (r"\Device\NamedPipe\cygwin-e022582115c10879-pty3-from-master", Stream.OTHER),
        (r"\cygwin-e022582115c10879-pipe-0x1", Stream.OTHER),
        ("", Stream.OTHER),
    ],
)
def test_pipes_of_mintty(name: str, stream: Stream) -> None:
    """Pipes of the pseudo terminals of Git Bash, MSYS2 and Cygwin are known by their names."""
    assert stream_of_name(name) is stream


@pytest.mark.parametrize(
    ("streams", "has_window", "expected"),
    [
        ([Stream.CONSOLE] * 3, True, True),
        ([Stream.CONSOLE] * 3, False, True),  # winpty, ConEmu, sshd with a terminal
        ([Stream.OTHER] * 3, True, True),  # all redirected, at a console
        ([Stream.OTHER, Stream.CONSOLE, Stream.OTHER], False, True),
        ([Stream.MINTTY] * 3, True, False),  # Git Bash
        ([Stream.OTHER, Stream.OTHER, Stream.MINTTY], True, False),  # the same, with redirections
        ([Stream.OTHER] * 3, False, False),  # Task Scheduler, a service, sshd without a terminal
    ],
)
def test_whether_anybody_sees_the_console(streams: list[Stream], has_window: bool, expected: bool) -> None:  # noqa: FBT001 - parameters
    """A console that nobody sees is not asked on."""
    assert is_seen(streams, has_window=has_window) is expected


def test_held_keys_are_told_apart() -> None:
    """The bits for Alt and Ctrl are those of both sides of a keyboard."""
    assert ANY_ALT == _LEFT_ALT | _RIGHT_ALT
    assert ANY_CTRL == _LEFT_CTRL | 0x0004
