"""A terminal of the tests' own, with a program on it: type, and wait for what it shows."""

from __future__ import annotations

import os
import select
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


def own_environment() -> dict[str, str]:
    """The environment of the tests without this program's settings, in English."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JPKI_")} | {"LC_ALL": "C.UTF-8"}


class TerminalSession:
    """A program on a pseudo terminal; ``start`` gets the terminal's file descriptor and starts it there."""

    #: A limit for hanging tests, never waited for by passing ones.
    seconds = 120.0

    def __init__(self, start: Callable[[int], subprocess.Popen[Any]]) -> None:
        """Open the terminal and start the program."""
        self._ours, theirs = os.openpty()
        self.shown = ""
        self._seen = 0
        try:
            self.process = start(theirs)
        finally:
            os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        os.close(self._ours)

    @property
    def terminal(self) -> int:
        """This side of the terminal, through which its settings are seen."""
        return self._ours

    def expect(self, text: str) -> None:
        """Wait until the program shows a text that it had not shown before."""
        deadline = time.monotonic() + self.seconds
        while (found := self.shown.find(text, self._seen)) < 0:
            assert time.monotonic() < deadline, f"{text!r} did not come; shown: {self.shown!r}"
            assert self._read(), f"the program ended before {text!r}; shown: {self.shown!r}"
        self._seen = found + len(text)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 1.0)[0]:
            return True
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # the last program on the terminal is gone
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)

    def type(self, text: str) -> None:
        """Type at the keyboard."""
        os.write(self._ours, text.encode())

    def answer(self, question: str, text: str) -> None:
        """Wait for a question and answer it with Enter."""
        self.expect(question)
        self.type(text + "\n")

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        deadline = time.monotonic() + self.seconds
        while self._read():
            assert time.monotonic() < deadline, f"the program did not end; shown: {self.shown!r}"
            if self.process.poll() is not None and not select.select([self._ours], [], [], 0)[0]:
                break
        return self.process.wait(self.seconds)


class ConsoleSession(TerminalSession):
    """A program on a console of Windows: under Wine, which is slow to start on a busy machine."""

    seconds = 240.0
