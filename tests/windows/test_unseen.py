"""A question that would be asked where nobody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terminal import ConsoleSession

if TYPE_CHECKING:
    from jpki_sim.card import SimulatedCard
    from windows.conftest import Windows

#: Starts the program as mintty does: beside a console that is there, a standard stream is a pipe with mintty's name.
PROGRAM = r"""
import ctypes, msvcrt, subprocess, sys
kernel = ctypes.WinDLL("kernel32", use_last_error=True)
kernel.CreateNamedPipeW.restype = kernel.CreateFileW.restype = ctypes.c_void_p
name = "\\\\.\\pipe\\" + sys.argv[1]
ours = kernel.CreateNamedPipeW(name, 1, 0, 1, 65536, 65536, 0, None)
theirs = msvcrt.open_osfhandle(kernel.CreateFileW(name, 0x40000000, 0, None, 3, 0, None), 0)
command = [sys.executable, "-m", "jpki_cli", "pin", "verify", "auth"]
done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, encoding="utf-8")
print(f"ended:{done.returncode}:{'winpty jpki' in done.stderr}")
"""


def test_a_pin_is_not_asked_for_in_minttys_window(windows: Windows, card: SimulatedCard) -> None:
    """Refused with what to do, at once, and nothing is sent that needs a PIN."""
    pipe = "msys-dd50a72ab4668b33-pty0-to-master"
    with ConsoleSession(lambda terminal: windows.start_on(terminal, ["-c", PROGRAM, pipe])) as console:
        console.expect("ended:2:True")
        assert console.end() == 0
    assert not [command for command in card.command_log or () if command[:2] == b"\x00\x20" and len(command) > 5]
