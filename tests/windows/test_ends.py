"""A console window that is closed, a user who logs off, a computer that is shut down, while a PIN is being used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from terminal import ConsoleSession

if TYPE_CHECKING:
    from windows.conftest import Windows

#: A thread calls the registered handler as Windows' own does; no program can ask for these events. A minute is a limit.
PROGRAM = """
import ctypes, sys, threading, time
from jpki_cli.process import Terminated, console_closing, raise_on_termination, shielded
raise_on_termination()
handlers = []
register = ctypes.windll.kernel32.SetConsoleCtrlHandler
class Kernel:
    def SetConsoleCtrlHandler(self, handler, add):
        handlers.append(handler)
        return register(handler, add)
ctypes.windll.kernel32 = Kernel()
with shielded() as check:
    threading.Thread(target=handlers[0], args=(int(sys.argv[1]),), daemon=True).start()
    try:
        for _ in range(600):
            time.sleep(0.1)
            check()
    except Terminated:
        print("remembered", flush=True)
assert len(handlers) == 2
"""


@pytest.mark.parametrize("event", [2, 5, 6])
def test_the_end_of_a_program_is_remembered(windows: Windows, event: int) -> None:
    """The handler makes a SIGBREAK of it, and the program comes to its own end."""
    with ConsoleSession(lambda terminal: windows.start_on(terminal, ["-c", PROGRAM, str(event)])) as console:
        console.expect("remembered")
        assert console.end() == 0
