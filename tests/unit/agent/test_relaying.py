"""The relay between p11-kit's pipe and the agent's socket."""

from __future__ import annotations

import os
import socket

import pytest

from jpki.agent import relay

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="for POSIX systems")


def test_an_agent_that_ends_with_something_unread_ends_the_relay() -> None:
    """The system says then that the connection was reset, which is no error to report in the browser's terminal."""
    here, there = socket.socketpair()
    source, writer = os.pipe()
    read, sink = os.pipe()
    with here, open(source, "rb"), open(writer, "wb"), open(read, "rb"), open(sink, "wb"):
        here.sendall(b"which nobody reads")
        there.close()
        relay(source, sink, here)
