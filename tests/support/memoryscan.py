"""What stands in the memory of another process, as root reads it; Linux only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

#: So much is read at a time.
_PIECE = 1 << 22


def can_scan() -> bool:
    """Whether this user may read the memory of any process."""
    return os.name == "posix" and os.geteuid() == 0 and Path("/proc/self/maps").exists()


def is_in_memory(pid: int, wanted: bytes) -> bool:
    """Whether these bytes stand anywhere in what a process can read or write itself."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for first, last in _ranges(pid):
            kept = b""
            for at in range(first, last, _PIECE):
                try:
                    memory.seek(at)
                    piece = memory.read(min(_PIECE, last - at))
                except (OSError, ValueError, OverflowError):  # a page that cannot be read, as those of the kernel
                    kept = b""
                    continue
                if wanted in kept + piece:
                    return True
                kept = piece[-len(wanted) :]
    return False


def require_cores() -> None:
    """Skip a test of cores where this user may have none written."""
    import resource  # which Windows lacks

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard != resource.RLIM_INFINITY and os.geteuid() != 0:
        pytest.skip("no core may be written by this user")


def _ranges(pid: int) -> list[tuple[int, int]]:
    found = []
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        place, rights, *_ = line.split()
        if "r" in rights and "w" in rights:
            first, last = place.split("-")
            found.append((int(first, 16), int(last, 16)))
    return found


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            status = (folder / "status").read_text(encoding="utf-8", errors="replace")
            if f"\nPPid:\t{pid}\n" in status:
                found.append(int(folder.name))
    return found
