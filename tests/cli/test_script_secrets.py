"""Secrets from a script: lines on standard input or on a file descriptor."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki.pin import Secret
from jpki_cli.process import BatchFault, ScriptSecretError, read_secrets, script_secrets
from jpki_cli.process.script_secrets import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def pipe() -> Iterator[Callable[[bytes], int]]:
    """Give the reading end of a pipe that holds the data and has no writer any more."""
    opened = []

    def write(writing: int, data: bytes) -> None:
        with suppress(BrokenPipeError), open(writing, "wb") as file:
            file.write(data)

    def make(data: bytes) -> int:
        reading, writing = os.pipe()
        writer = threading.Thread(target=write, args=(writing, data))  # a pipe of Windows holds 4096 bytes
        writer.start()
        opened.append((reading, writer))
        return reading

    yield make
    for reading, writer in opened:
        os.close(reading)
        writer.join()


def _fault(**source: object) -> BatchFault:
    with pytest.raises(ScriptSecretError) as caught:
        read_secrets(**({"pin_stdin": False, "pin_fd": None, "count": 1} | source))  # type: ignore[arg-type]  # mixed
    error: BaseException | None = caught.value
    assert error is not None
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return caught.value.fault


@pytest.mark.parametrize(
    ("data", "secrets"),
    [
        (b"2846", ["2846"]),
        (b"2846\n", ["2846"]),
        (b"2846\r\n", ["2846"]),
        (b"2846\n1357", ["2846", "1357"]),
        (b"2846\r\n1357\n", ["2846", "1357"]),
        (b"2846\n1357\r\n", ["2846", "1357"]),
        (b"\n", [""]),
        (b"\r\n", [""]),
        (b"\n\n", ["", ""]),
        (b" 2846\n", [" 2846"]),
        (b"\xef\xbb\xbf2846\r\n1357\r\n", ["2846", "1357"]),
        (b"\xef\xbb\xbf\n", [""]),
        (b"2846\n\xef\xbb\xbf1357\n", ["2846", "\ufeff1357"]),
        ("２８４６\n".encode(), ["２８４６"]),
        ("\U0001f4b3é\u07ff\uffff\n".encode(), ["\U0001f4b3é\u07ff\uffff"]),
    ],
)
def test_one_secret_a_line(pipe: Callable[[bytes], int], data: bytes, secrets: list[str]) -> None:
    """LF or CRLF ends a line, the last line end may be missing, an empty line is an empty secret."""
    found = read_secrets(pin_stdin=False, pin_fd=pipe(data), count=len(secrets))
    assert found == [Secret(secret) for secret in secrets]


@pytest.mark.parametrize(
    ("data", "count", "fault"),
    [
        (b"", 1, BatchFault.MISSING_LINE),
        (b"2846\n", 2, BatchFault.MISSING_LINE),
        (b"2846", 2, BatchFault.MISSING_LINE),
        (b"2846\n1357\n", 1, BatchFault.EXTRA_LINE),
        (b"2846\n\n", 1, BatchFault.EXTRA_LINE),
        (b"2846\n1357\n9999", 2, BatchFault.EXTRA_LINE),
        (b"2846\r", 1, BatchFault.CONTROL_CHARACTER),
        (b"28\r46\n", 1, BatchFault.CONTROL_CHARACTER),
        (b"2846\r\r\n", 1, BatchFault.CONTROL_CHARACTER),
        (b"2846\x00\n", 1, BatchFault.CONTROL_CHARACTER),
        (b"2846\t\n", 1, BatchFault.CONTROL_CHARACTER),
        (b"\x1b[A2846\n", 1, BatchFault.CONTROL_CHARACTER),
        (b"2846\x7f\n", 1, BatchFault.CONTROL_CHARACTER),
        ("28\u008546\n".encode(), 1, BatchFault.CONTROL_CHARACTER),
        (b"2846\xff\n", 1, BatchFault.NOT_UTF8),
        ("２８４６\n".encode("shift_jis"), 1, BatchFault.NOT_UTF8),
        (b"\xff\xfe" + "2846\r\n".encode("utf-16-le"), 1, BatchFault.UTF16),
        (b"\xfe\xff" + "2846\n".encode("utf-16-be"), 1, BatchFault.UTF16),
        ("2846\n1357\n".encode("utf-16-le"), 2, BatchFault.UTF16),
        ("2846\n".encode("utf-16-be"), 1, BatchFault.UTF16),
        (b"\xff\xfe", 1, BatchFault.UTF16),
        (b"2846\xe3\x81\n", 1, BatchFault.NOT_UTF8),
        (b"1" * (MAX_BYTES + 1), 1, BatchFault.TOO_LONG),
        (b"\n" * (MAX_BYTES + 1), 1, BatchFault.TOO_LONG),
        (b"2846 \r\n", 1, BatchFault.BLANK_AT_END),
        (b"2846\n1357 ", 2, BatchFault.BLANK_AT_END),
        (b"\xef\xbb\xbf", 1, BatchFault.MISSING_LINE),
    ],
)
def test_other_input_is_refused(pipe: Callable[[bytes], int], data: bytes, count: int, fault: BatchFault) -> None:
    """Missing and extra lines, control characters, other encodings and endless input each have their fault."""
    assert _fault(pin_fd=pipe(data), count=count) is fault


@given(st.binary(max_size=12))
def test_utf_8_is_what_python_takes_for_it(data: bytes) -> None:
    """For any bytes, the pattern and Python's decoder agree on what UTF-8 is, but for what begins as UTF-16."""
    try:
        data.decode()
    except UnicodeDecodeError:
        is_text = False
    else:
        is_text = True
    buffer = bytearray(data)
    try:
        script_secrets._split(buffer, len(buffer), count=1)
    except ScriptSecretError as error:
        if error.fault is BatchFault.UTF16:
            assert data[:2] in (b"\xff\xfe", b"\xfe\xff") or 0 in data[:2]
        else:
            assert (error.fault is BatchFault.NOT_UTF8) is not is_text  # noqa: PT017 - one of several outcomes
    else:
        assert is_text


def test_the_longest_input_is_taken(pipe: Callable[[bytes], int]) -> None:
    """Input of exactly the greatest length is read."""
    (secret,) = read_secrets(pin_stdin=False, pin_fd=pipe(b"1" * MAX_BYTES), count=1)
    assert len(secret.reveal()) == MAX_BYTES


def test_both_sources_or_none() -> None:
    """Two sources are a usage error, none is a mistake of the program."""
    assert _fault(pin_stdin=True, pin_fd=0) is BatchFault.TWO_SOURCES
    with pytest.raises(ValueError, match="no source"):
        read_secrets(pin_stdin=False, pin_fd=None, count=1)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (-1, BatchFault.NOT_OPEN),
        (9999, BatchFault.NOT_OPEN),
        (2**40, BatchFault.NOT_OPEN),
        (2**80, BatchFault.NOT_OPEN),
        (1, BatchFault.OUTPUT_STREAM),
        (2, BatchFault.OUTPUT_STREAM),
    ],
)
def test_descriptors_that_are_none(number: int, fault: BatchFault) -> None:
    """A number that is not open, and the outputs, are refused; the number, which may be a PIN, is in no error."""
    with pytest.raises(ScriptSecretError) as caught:
        read_secrets(pin_stdin=False, pin_fd=number, count=1)
    assert caught.value.fault is fault
    assert str(number) not in str(caught.value)


def test_descriptors_that_cannot_be_read(tmp_path: Path) -> None:
    """A directory and a file open for writing only are unreadable."""
    folder = os.open(tmp_path, os.O_RDONLY)
    output = os.open(tmp_path / "output", os.O_WRONLY | os.O_CREAT)
    try:
        assert _fault(pin_fd=folder) is BatchFault.UNREADABLE
        assert _fault(pin_fd=output) is BatchFault.UNREADABLE
    finally:
        os.close(folder)
        os.close(output)


def test_a_terminal_is_refused() -> None:
    """A descriptor that is a terminal would show what is typed, so it is not read."""
    pty = pytest.importorskip("pty", reason="POSIX terminals")
    master, slave = pty.openpty()
    try:
        assert _fault(pin_fd=slave) is BatchFault.IS_TERMINAL
    finally:
        os.close(master)
        os.close(slave)


def test_input_that_comes_in_pieces() -> None:
    """Lines that arrive in pieces, over a pipe that does not block, are put together."""
    if sys.platform == "win32":
        pytest.skip("pipes that do not block")
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def write() -> None:
        for piece in (b"28", b"46\n13", b"57\n"):
            os.write(writing, piece)
        os.close(writing)

    writer = threading.Thread(target=write)
    try:
        writer.start()
        assert read_secrets(pin_stdin=False, pin_fd=reading, count=2) == [Secret("2846"), Secret("1357")]
    finally:
        writer.join()
        os.close(reading)


def test_buffers_are_overwritten(pipe: Callable[[bytes], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The buffer that was read into is zeros afterwards, whether the input was good or not."""
    buffers: list[bytearray] = []
    fill = script_secrets._fill

    def spy(source: script_secrets._Source, buffer: bytearray) -> int:
        buffers.append(buffer)
        used = fill(source, buffer)
        assert any(buffer)
        return used

    monkeypatch.setattr(script_secrets, "_fill", spy)
    read_secrets(pin_stdin=False, pin_fd=pipe(b"2846\n"), count=1)
    assert _fault(pin_fd=pipe(b"2846\n1357\n")) is BatchFault.EXTRA_LINE
    assert len(buffers) == 2
    assert not any(map(any, buffers))


class _Replaced:
    """What a test harness or a calling program puts in place of standard input."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def fileno(self) -> int:
        """Say that there is no descriptor."""
        raise io.UnsupportedOperation("fileno")


def test_standard_input_may_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object in place of standard input is read like it; no standard input at all is not open."""
    monkeypatch.setattr("sys.stdin", _Replaced(b"2846\r\n"))
    assert read_secrets(pin_stdin=True, pin_fd=None, count=1) == [Secret("2846")]
    monkeypatch.setattr("sys.stdin", None)
    assert _fault(pin_stdin=True) is BatchFault.NOT_OPEN


_PROGRAM = """
import sys
from jpki_cli.process.script_secrets import ScriptSecretError, read_secrets
number = int(sys.argv[1]) if sys.argv[1:] else None
try:
    for secret in read_secrets(pin_stdin=number is None, pin_fd=number, count=2):
        print(secret.reveal().hex())
except ScriptSecretError as error:
    print(error.fault.name)
"""


@pytest.mark.parametrize("arguments", [[], ["0"]])
def test_standard_input_of_a_process(arguments: list[str]) -> None:
    """Standard input is read, by its option or by its number, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        input=b"2846\r\n1357",
        capture_output=True,
        start_new_session=True,
        check=True,
    )
    assert (done.stdout.split(), done.stderr) == ([b"32383436", b"31333537"], b"")


def test_closed_standard_input() -> None:
    """A process that was started without standard input says that it is not open."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -c "$1" <&-', sys.executable, _PROGRAM], capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"NOT_OPEN\n", b"")
