"""What keeps a secret in the memory of its process: no core dump, and no look into it by other programs."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # prctl(2)


def harden_process() -> None:
    """Allow no core file for this process and its children; to be called first of all."""
    if sys.platform != "win32":  # which writes no core files
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def shield_memory() -> None:
    """Make this process undumpable before it holds a secret (Linux).

    The limit of :func:`harden_process` does not stop a dump that the kernel pipes to a crash reporter (core(5)); this
    does, and it keeps other programs of the same user from reading the memory. It costs the import of ctypes, so it is
    done when a secret is asked for and not at every start.
    """
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            zero = ctypes.c_ulong(0)
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, zero, zero, zero, zero)
