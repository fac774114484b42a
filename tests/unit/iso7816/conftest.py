"""A connection whose answers are written down beforehand."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Answer = bytes | str | BaseException


class ScriptedConnection:
    """Gives one answer of the script for each command: bytes, hex, or an exception to raise.

    ``sent`` are copies of the commands; ``buffers`` are the very objects that were handed over.
    """

    reader = "Scripted reader"
    atr = bytes.fromhex("3B888001000005E0B381A1007F")

    def __init__(self, answers: Iterable[Answer] | Callable[[bytes], Answer]) -> None:
        """Keep the script: a list, or a function from command to answer."""
        self._answers = answers if callable(answers) else self._next_of(iter(answers))
        self.sent: list[bytes] = []
        self.buffers: list[bytes | bytearray] = []
        self.events: list[str] = []

    @staticmethod
    def _next_of(script: Iterator[Answer]) -> Callable[[bytes], Answer]:
        def answer(_: bytes) -> Answer:
            return next(script)

        return answer

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Note the command and give the answer that the script has for it."""
        self.sent.append(bytes(command))
        self.buffers.append(command)
        answer = self._answers(bytes(command))
        if isinstance(answer, BaseException):
            raise answer
        return bytes.fromhex(answer) if isinstance(answer, str) else answer

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Note begin and end."""
        self.events.append("begin")
        yield
        self.events.append("end")

    def unpower(self) -> None:
        """Note it."""
        self.events.append("unpower")

    def close(self) -> None:
        """Note it."""
        self.events.append("close")

    @property
    def sent_hex(self) -> list[str]:
        """The commands in upper-case hex."""
        return [command.hex().upper() for command in self.sent]


class FileServer:
    """Answers to SELECT EF and READ BINARY for one EF, as a card does that trusts nothing to chance.

    ``chunk`` is the largest answer that it gives; ``takes_short_ids`` whether P1 may name the EF.
    """

    def __init__(self, content: bytes, *, ef_id: int = 0x0A, chunk: int = 256, takes_short_ids: bool = True) -> None:
        """Keep the file."""
        self.content = content
        self.ef_id = ef_id
        self.chunk = chunk
        self.takes_short_ids = takes_short_ids
        self.reads = 0

    def __call__(self, command: bytes) -> bytes:
        """Answer one command."""
        if command[1] == 0xA4:
            return bytes.fromhex("9000") if command[-2:] == self.ef_id.to_bytes(2) else bytes.fromhex("6A82")
        assert command[:2] == b"\x00\xb0"
        if command[2] & 0x80:
            if not self.takes_short_ids:
                return bytes.fromhex("6A86")
            assert command[2] & 0x1F == self.ef_id
            return self._read(command[3], command[4] or 256)
        return self._read(int.from_bytes(command[2:4]), command[4] or 256)

    def _read(self, offset: int, le: int) -> bytes:
        self.reads += 1
        if offset >= len(self.content):
            return bytes.fromhex("6B00")
        return self.content[offset : offset + min(le, self.chunk)] + bytes.fromhex("9000")


@pytest.fixture
def scripted() -> type[ScriptedConnection]:
    """Class of connections with written answers."""
    return ScriptedConnection


@pytest.fixture
def file_server() -> type[FileServer]:
    """Class of answers for one EF."""
    return FileServer
