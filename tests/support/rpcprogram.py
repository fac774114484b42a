"""A program of its own that asks the agent for signatures over its socket, and forks if asked to.

Usage: rpcprogram.py SOCKET WHAT; each signature that it got is a line with its length, each refusal one with the CK_RV.

``sign``      signs once
``fork``      logs in with the PIN on the command line, signs, and has a child sign by a connection of its own
``inherit``   connects, forks and ends; the child signs by the connection that it inherited
"""

from __future__ import annotations

import os
import socket
import sys
import time

from rpcclient import RpcClient, RvError

from jpki.agent.pkcs11.frames import FrameReader, write_frame


class Stream:
    """A connection to the agent."""

    def __init__(self, path: str) -> None:
        """Connect and say the version."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(60)
        self._socket.connect(path)
        self._socket.sendall(b"\0")
        self._reader = FrameReader()

    def ask(self, body: bytes) -> bytes:
        """Send a body and wait for the answer."""
        self._socket.sendall(write_frame(7, body))
        while received := self._socket.recv(65536):
            for frame in self._reader.feed(received):
                return bytes(frame.body or b"")
        raise EOFError("the agent hung up")


def sign(client: RpcClient, session: int) -> None:
    """Sign and say what came of it."""
    try:
        print(len(client.sign(session)), flush=True)  # noqa: T201 - the program's output
    except RvError as exc:
        print(hex(exc.rv), flush=True)  # noqa: T201


def main(path: str, what: str, pin: str = "") -> None:
    """Do what was asked."""
    client = RpcClient(Stream(path).ask)
    session = client.open()
    if pin:
        client.login(session, pin.encode())
    if what != "inherit":
        sign(client, session)
    if what == "sign":
        return
    parent = os.getpid()
    child = os.fork()
    if child and what == "fork":
        os.waitpid(child, 0)
    elif child == 0 and what == "fork":
        other = RpcClient(Stream(path).ask)
        sign(other, other.open())
    elif child == 0:
        while os.getppid() == parent:
            time.sleep(0.01)
        sign(client, session)


if __name__ == "__main__":
    main(*sys.argv[1:])
