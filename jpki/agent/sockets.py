"""The agent's Unix sockets: where they lie, who may connect, and a thread for each client.

A socket has mode 0600 and lies in a folder that its user alone can write to; on Linux the kernel is also asked whose
process connects, and by a client of ours, whose listens. A socket that somebody listens on is never replaced.
"""

from __future__ import annotations

import os
import select
import socket
import stat
import struct
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from .folders import UnsafeFolderError, make_own_folder, require_own_folder
from .peers import peer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .peers import Peer

    #: Serves one client until it or the client is done; whatever it raises ends this client only.
    Serve = Callable[["Connection"], None]


#: A connection to the agent, for whoever must not open one.
Socket: TypeAlias = socket.socket
#: Clients of one socket; each is a thread.
MAX_CLIENTS: Final = 512
_CHUNK: Final = 16 * 1024
_SOCKET_MODE: Final = 0o600
#: A client that does not take its answers for so long is let go (struct timeval: seconds, microseconds).
_SEND_TIMEOUT: Final = struct.pack("ll", 5, 0)
_PATIENCE: Final = 5.0
_PAUSE: Final = 0.02


class SocketInUseError(Exception):
    """Another program listens there."""


@contextmanager
def listening(place: Path) -> Iterator[socket.socket]:
    """Listen on a new socket, and remove it afterwards.

    Raises:
        SocketInUseError: another program listens there.
        UnsafeFolderError: another user could put a socket of his in its place.
        OSError: it cannot be made.
    """
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    make_own_folder(place.parent)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        with _alone(place.parent):
            _clear(place)
            _listen(listener, place)
            made = place.lstat()
        try:
            yield listener
        finally:
            with suppress(OSError):
                if os.path.samestat(place.lstat(), made):
                    place.unlink()


def _listen(listener: socket.socket, place: Path) -> None:
    before = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        listener.bind(str(place))
    finally:
        os.umask(before)
    listener.listen(128)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Have other agents wait meanwhile: a socket that is not listened on yet looks to them like one left behind."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE)
                continue
            except OSError:  # a file system without locks
                pass
            break
        yield
    finally:
        os.close(descriptor)


def _clear(place: Path) -> None:
    """Remove a socket of this user that no process listens on any more; anything else is left, and bind refuses it."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    try:
        found = place.lstat()
    except OSError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        return
    if is_alive(place):
        raise SocketInUseError(str(place))
    place.unlink(missing_ok=True)


def connect_to_agent(place: Path) -> socket.socket | None:
    """Connect to a socket of the agent; None if no process listens.

    Raises:
        UnsafeFolderError: another user could put a socket of his in its place, or has done so.
    """
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    with ExitStack() as stack:
        connection = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        try:
            require_own_folder(place.parent)
            connection.connect(str(place))
        except OSError:
            return None
        if peer_of(connection) is None:
            raise UnsafeFolderError(place, is_foreign=True)
        stack.pop_all()
    return connection


def is_alive(place: Path) -> bool:
    """Whether somebody listens on a socket."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PATIENCE)
        try:
            probe.connect(str(place))
        except OSError as exc:
            # A full queue of a server that is busy is a server.
            return isinstance(exc, BlockingIOError | TimeoutError)
        return True


class Connection:
    """A client that is connected."""

    def __init__(self, connection: socket.socket, peer: Peer) -> None:
        """Take over a socket."""
        self._socket = connection
        self.peer = peer
        self._lock = threading.Lock()
        #: Since when it is waited for what the client sends next; None while a request of it is being answered.
        self.idle_since: float | None = None
        self.is_let_go = False
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)

    def receive(self, seconds: float | None = None) -> bytearray:
        """Wait for bytes; none: the client has hung up, or has sent nothing for so many seconds.

        A PIN may be in them, so whoever has read them overwrites them.
        """
        self.idle_since = time.monotonic()
        received, length = bytearray(_CHUNK), 0
        try:
            if seconds is None or self._has_bytes(seconds):
                length = self._socket.recv_into(received)
        except OSError:
            pass
        finally:
            self.idle_since = None
        del received[length:]
        return received

    def _has_bytes(self, seconds: float) -> bool:
        if sys.platform == "win32":
            raise OSError("the agent is for POSIX systems")
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def send(self, data: bytes) -> None:
        """Send an answer whole, from any thread; a client that does not take it is let go."""
        with self._lock:
            try:
                self._socket.sendall(data)
            except OSError:
                self.hang_up()

    def is_open(self) -> bool:
        """Whether the client has not hung up; what it has sent meanwhile stays."""
        if sys.platform == "win32":
            raise OSError("the agent is for POSIX systems")
        poll = select.poll()
        try:
            poll.register(self._socket, select.POLLHUP | getattr(select, "POLLRDHUP", 0))
        except (OSError, ValueError):
            return False
        return not poll.poll(0)

    def hang_up(self) -> None:
        """End the connection, whatever thread waits for it."""
        self.is_let_go = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


class Door:
    """Takes the clients of a listening socket, each in a thread of its own, until it is closed."""

    def __init__(
        self, listener: socket.socket, serve: Serve, *, max_clients: int = MAX_CLIENTS, ends_idle: bool = False
    ) -> None:
        """Start without clients; with ``ends_idle`` the client that has been idle longest makes room for a new one."""
        self._listener = listener
        self._serve = serve
        self._max_clients = max_clients
        self._ends_idle = ends_idle
        self._lock = threading.Lock()
        self._clients: dict[Connection, threading.Thread] = {}
        self._waker, self._wake = socket.socketpair()
        self._accepting = threading.Thread(target=self._accept_all, name="door", daemon=True)

    def start(self) -> None:
        """Take clients from now on."""
        self._accepting.start()

    def close(self) -> None:
        """Take no more clients, hang up on all of them and wait until what they had asked for is done."""
        self._wake.send(b"!")
        self._accepting.join(_PATIENCE)
        with self._lock:
            clients = dict(self._clients)
        for client in clients:
            client.hang_up()
        for thread in clients.values():
            thread.join(_PATIENCE)
        self._waker.close()
        self._wake.close()

    def _accept_all(self) -> None:
        while self._waker not in select.select([self._listener, self._waker], [], [])[0]:
            try:
                accepted, _ = self._listener.accept()
            except OSError:  # it went away again, or this process has too many files open until one is closed
                time.sleep(_PAUSE)
                continue
            peer = peer_of(accepted)
            if peer is None or not self._has_room():
                accepted.close()
                continue
            self._start_client(Connection(accepted, peer))

    def _has_room(self) -> bool:
        """Whether one more client can be served, perhaps in the place of an idle one."""
        with self._lock:
            idle = [
                (client.idle_since, client)
                for client in self._clients
                if client.idle_since is not None and not client.is_let_go
            ]
            if len(self._clients) < self._max_clients:
                return True
        if not self._ends_idle or not idle:
            return False
        min(idle, key=lambda found: found[0])[1].hang_up()
        return True

    def _start_client(self, client: Connection) -> None:
        thread = threading.Thread(target=self._run, args=(client,), name="client", daemon=True)
        with self._lock:
            self._clients[client] = thread
        try:
            thread.start()
        except RuntimeError:  # the system gives out no more threads: the next client may find one
            with self._lock:
                del self._clients[client]
            client.close()

    def _run(self, client: Connection) -> None:
        try:
            self._serve(client)
        finally:
            with self._lock:
                del self._clients[client]
            client.close()
