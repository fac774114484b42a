"""A console window that is closed while a PIN is being used, on Windows: the program's end waits for the card's answer.

Windows calls a program's handlers in a thread of their own and ends the program when one of them returns, or after five
seconds (Microsoft: HandlerRoutine). The C runtime's handler, by which Python makes a SIGBREAK of it, returns at once,
so that nothing would be told and nothing tidied up any more; the one here waits instead.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT and CTRL_SHUTDOWN_EVENT.
_ENDS: Final = (2, 5, 6)
_SECONDS: Final = 5.0


def answer(event: int) -> bool:
    """Pass the end of the program on to its main thread as SIGBREAK, and give that time to come to its own end.

    False leaves what happened to the next handler, which is the C runtime's: Ctrl-C and Ctrl-Break.
    """
    if event not in _ENDS:
        return False
    _thread.interrupt_main(getattr(signal, "SIGBREAK", signal.SIGTERM))
    threading.Event().wait(_SECONDS)  # the end of the program ends this thread
    return True


@contextmanager
def held_open() -> Iterator[None]:
    """Answer so inside the block."""
    if sys.platform == "win32":
        import ctypes

        handler = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint32)(answer)
        ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, 1)
        try:
            yield
        finally:
            ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, 0)
    else:
        yield
