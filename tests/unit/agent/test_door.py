"""The agent's door where the system gives it no client."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from jpki.agent import sockets

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60.0
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="for POSIX systems")


def test_a_door_that_may_open_no_more_files_waits_a_moment_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EMFILE at accept(2) leaves the client waiting, so that the next look would follow at once; it is served later."""
    served, pauses, refusals = threading.Event(), list[float](), 3

    class Listener(socket.socket):
        def accept(self) -> tuple[socket.socket, object]:
            nonlocal refusals
            if refusals:
                refusals -= 1
                raise OSError(errno.EMFILE, "Too many open files")
            return super().accept()

    monkeypatch.setattr(sockets, "time", SimpleNamespace(sleep=pauses.append, monotonic=time.monotonic))
    with Listener(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(tmp_path / "door"))
        listener.listen()
        door = sockets.Door(listener, lambda _: served.set())
        door.start()
        client.connect(str(tmp_path / "door"))
        assert served.wait(SECONDS)
        door.close()
    assert len(pauses) == 3
