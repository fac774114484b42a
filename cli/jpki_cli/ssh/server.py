"""The Unix socket of ``jpki ssh agent``, for POSIX systems: who may connect, and one loop that serves all clients.

The socket has mode 0600 and lies in a new folder of mode 0700 unless another place is named; on Linux the kernel is
also asked whose process connects. What is said on it is :mod:`jpki.agent.ssh.protocol`'s business.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import stat
import struct
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from jpki.errors import DataError
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jpki.agent.ssh import AgentSession

    #: Makes the session of a client from the question whether that client is still there.
    SessionMaker = Callable[[Callable[[], bool]], AgentSession]

assert sys.platform != "win32"  # noqa: S101 - for type checkers, which leave the rest out there

#: A socket that clients connect to.
Listener: TypeAlias = socket.socket

_MAX_CLIENTS: Final = 64
_CHUNK: Final = 64 * 1024
_SOCKET_MODE: Final = 0o600
_CREDENTIALS: Final = struct.Struct("3i")  # struct ucred: pid, uid, gid (unix(7))


@contextmanager
def agent_socket(path: str | None, environment: Mapping[str, str]) -> Iterator[tuple[socket.socket, Path]]:
    """Listen on a new socket, and remove it afterwards; without ``path`` in a folder of its own.

    Raises:
        CliError: exit code 2, it cannot be made.
    """
    folder = None
    if path is None:
        folder = tempfile.mkdtemp(prefix="jpki-ssh-", dir=_runtime_folder(environment))  # mode 0700
        place = Path(folder) / f"agent.{os.getpid()}"
    else:
        place = Path(path).absolute()
    try:
        listener = _listen(place)
        made = place.lstat()
        try:
            yield listener, place
        finally:
            listener.close()
            _remove(place, made)
    finally:
        if folder is not None:
            with suppress(OSError):
                os.rmdir(folder)


def _runtime_folder(environment: Mapping[str, str]) -> str | None:
    """The folder for sockets of this login, where the system has one (XDG Base Directory Specification)."""
    folder = environment.get("XDG_RUNTIME_DIR")
    return folder if folder and os.access(folder, os.W_OK | os.X_OK) else None


def _listen(place: Path) -> socket.socket:
    _clear(place)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        listener.bind(str(place))
        listener.listen()
        listener.settimeout(0)
    except OSError as exc:
        listener.close()
        reason = exc.strerror or str(exc)
        raise usage_error(M("The socket {path} cannot be made: {reason}", path=place, reason=reason)) from exc
    finally:
        os.umask(before)
    return listener


def _clear(place: Path) -> None:
    """Remove a socket of this user that nobody listens on any more; anything else is left, and bind refuses it."""
    try:
        found = place.lstat()
    except OSError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(place))
        except ConnectionRefusedError:
            place.unlink(missing_ok=True)
        except OSError:
            return


def _remove(place: Path, made: os.stat_result) -> None:
    with suppress(OSError):
        if os.path.samestat(place.lstat(), made):
            place.unlink()


def is_own_process(connection: socket.socket) -> bool:
    """Whether a process of this user is at the other end; where the kernel is not asked, the socket's mode decides."""
    if sys.platform != "linux":
        return True
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(raw)
    return bool(uid == os.geteuid())


class AgentServer:
    """Serves clients one message after another; a question about a PIN holds up all of them."""

    def __init__(self, listener: socket.socket, new_session: SessionMaker) -> None:
        """Serve the clients of a listening socket."""
        self._listener = listener
        self._new_session = new_session
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._sessions: dict[socket.socket, AgentSession] = {}

    def close(self) -> None:
        """Let every client go; the listening socket stays with whoever made it."""
        for connection in list(self._sessions):
            self._drop(connection)
        self._selector.close()

    def wake_on(self, waker: socket.socket) -> None:
        """Have :meth:`serve_once` return when something arrives on another socket, too."""
        self._selector.register(waker, selectors.EVENT_READ)

    def serve_once(self, timeout: float | None) -> None:
        """Wait for clients, at most so many seconds, and answer what they have sent."""
        for key, _ in self._selector.select(timeout):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)  # noqa: S101 - for the type: nothing else is registered
            if connection is self._listener:
                self._accept()
            elif connection in self._sessions:
                self._serve(connection)
            else:
                connection.recv(_CHUNK)  # the waker

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # it went away again
            return
        if len(self._sessions) >= _MAX_CLIENTS or not is_own_process(connection):
            connection.close()
            return
        connection.settimeout(0)
        self._sessions[connection] = self._new_session(lambda: is_there(connection))
        self._selector.register(connection, selectors.EVENT_READ)

    def _serve(self, connection: socket.socket) -> None:
        try:
            received = connection.recv(_CHUNK)
            answers = self._sessions[connection].feed(received) if received else None
            if answers is None:
                self._drop(connection)
                return
            for answer in answers:
                if connection.send(answer) < len(answer):
                    self._drop(connection)  # it does not read its answers
                    return
        except BlockingIOError:
            self._drop(connection)
        except (OSError, DataError):
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        del self._sessions[connection]
        connection.close()


def is_there(connection: socket.socket) -> bool:
    """Whether the client has not hung up meanwhile: nobody is asked for a PIN on behalf of one that has."""
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


@contextmanager
def child_signals() -> Iterator[socket.socket]:
    """Give a socket on which something arrives when a child process ends."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.settimeout(0)
        writer.settimeout(0)
        handler = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(before)
            signal.signal(signal.SIGCHLD, handler)
