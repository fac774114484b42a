"""Starting a dialog program: with a fresh environment, and its answer goes straight into a buffer of ours."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import RequesterGoneError

from .questions import CannotOpenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .questions import StillWanted


#: Programs are looked for here only.
FOLDERS: Final = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/libexec/openssh", "/usr/lib/ssh", "/usr/libexec")
#: What of the agent's own environment a dialog gets: where to show itself, and in which language.
_TAKEN_OVER: Final = (
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
    *("LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"),
)
#: Seconds between two looks whether the client is still there.
_SLICE: Final = 0.25
_PATIENCE: Final = 2.0
#: A program that has given its answer has so long to end.
_END_SECONDS: Final = 4.0
#: No line of a dialog is longer.
MAX_LINE: Final = 2048


def dialog_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Build the environment of a dialog from the agent's own, never from a client's."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    import pwd  # which Windows lacks

    fixed = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    try:
        user = pwd.getpwuid(os.geteuid())
    except KeyError:  # a container's user without an account, or one whose directory does not answer
        account = {name: own[name] for name in ("HOME", "USER", "LOGNAME") if own.get(name)}
    else:
        account = {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
    return {name: own[name] for name in _TAKEN_OVER if own.get(name)} | account | fixed


def find_program(names: Sequence[str], folders: Sequence[str] = FOLDERS) -> str | None:
    """Find the first of some programs in the fixed folders; a name that is a path stands for itself."""
    for name in names:
        for path in [name] if os.path.isabs(name) else [os.path.join(folder, name) for folder in folders]:
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


class DialogProcess:
    """A dialog program that runs: what is written to it, and its answers line by line."""

    def __init__(self, process: subprocess.Popen[bytes], is_wanted: StillWanted) -> None:
        """Talk to a process."""
        assert process.stdout is not None  # noqa: S101 - for the type: it was asked for
        self._process = process
        self._output = process.stdout.fileno()
        self._is_wanted = is_wanted
        self._buffer = bytearray(MAX_LINE)
        self._used = 0

    def send(self, line: str) -> None:
        """Write a line.

        Raises:
            CannotOpenError: the program has ended.
        """
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 - for the type
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
        except OSError as exc:
            raise CannotOpenError("the dialog ended") from exc

    def end_input(self) -> None:
        """Tell the program that nothing more will be written."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def read_line(self) -> bytearray:
        """Read a line without its end; the caller overwrites it. An empty line at the end of the output is an error.

        Raises:
            CannotOpenError: the program has ended, or answers without end.
            RequesterGoneError: the client went away meanwhile.
        """
        while (end := self._buffer.find(b"\n", 0, self._used)) < 0:
            if self._used == MAX_LINE or not self._read_more():
                raise CannotOpenError("the dialog ended")
        line = self._buffer[:end]
        rest = self._used - end - 1
        with memoryview(self._buffer) as view:
            view[:rest] = view[end + 1 : self._used]
            view[rest : self._used] = bytes(self._used - rest)
        self._used = rest
        return line

    def read_to_end(self) -> bytearray:
        """Read everything up to the end of the output; the caller overwrites it."""
        while self._used < MAX_LINE and self._read_more():
            pass
        found = self._buffer[: self._used]
        self.wipe()
        return found

    def _read_more(self) -> bool:
        if sys.platform == "win32":
            raise OSError("the agent is for POSIX systems")
        answers = select.poll()  # select.select takes no file with a number over 1023, as with many clients
        answers.register(self._output, select.POLLIN)
        while not answers.poll(_SLICE * 1000):
            if not self._is_wanted():
                raise RequesterGoneError("the program that asked went away")
        with memoryview(self._buffer) as view:
            length = os.readv(self._output, [view[self._used :]])
        self._used += length
        return length > 0

    def exit_code(self) -> int | None:
        """Wait for the end of the program, whose output is closed; None if it goes on without."""
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def wipe(self) -> None:
        """Overwrite what was read."""
        self._buffer[:] = bytes(MAX_LINE)
        self._used = 0


@contextmanager
def dialog_process(
    argv: Sequence[str],
    environment: Mapping[str, str],
    is_wanted: StillWanted,
    *,
    takes_lines: bool,
    is_own_session: bool = True,
) -> Iterator[DialogProcess]:
    """Run a dialog program for the length of the block, as a rule in a session of its own; it is ended afterwards.

    Raises:
        CannotOpenError: it cannot be run.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own configuration, or a fixed place
            # A question may hold Japanese whatever the locale; under an ASCII one Python would refuse to encode it.
            [argument.encode("utf-8", "surrogateescape") for argument in argv],
            env=dict(environment),
            cwd="/",
            stdin=subprocess.PIPE if takes_lines else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=is_own_session,
        )
    except OSError as exc:
        raise CannotOpenError("the dialog cannot be run") from exc
    talk = DialogProcess(process, is_wanted)
    try:
        yield talk
    finally:
        talk.wipe()
        _end(process, is_own_session=is_own_session)


def _end(process: subprocess.Popen[bytes], *, is_own_session: bool) -> None:
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    _signal(process, signal.SIGTERM, to_all=is_own_session)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL, to_all=is_own_session)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals, *, to_all: bool) -> None:
    """Send a signal to a program that has not ended, and to what it has started: a script runs the window's program."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    if not to_all:
        process.send_signal(number)
    elif process.returncode is None:  # until its end was looked at, its number is nobody else's
        with suppress(OSError):
            os.killpg(process.pid, number)
