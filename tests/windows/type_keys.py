"""Runs a command on this console and types at it, as the keyboard does: with keys, not with characters.

Usage: type_keys.py FOLDER KEYS COMMAND…; KEYS is a JSON list of [virtual key, character, what is held]. They are typed
when the prompt has taken the console's line mode away. FOLDER/ahead, if it exists, has in the same form what is typed
before that, and FOLDER/pause the seconds between two keys, for who looks on.
"""

import ctypes
import json
import subprocess
import sys
import time
from ctypes import wintypes
from pathlib import Path

assert sys.platform == "win32"

from jpki_cli.terminal.console_calls import _InputRecord, _kernel32  # noqa: E402 - for Windows alone

LINES = 0x0002


def type_keys(console: wintypes.HANDLE, keys: list[list[int]], pause: float = 0.0) -> None:
    """Press keys and let them go."""
    for virtual, character, held in keys:
        time.sleep(pause)
        for is_down in (1, 0):
            record, written = _InputRecord(), wintypes.DWORD()
            record.EventType = 1
            key = record.KeyEvent
            key.bKeyDown, key.wRepeatCount, key.wVirtualKeyCode = is_down, 1, virtual
            key.UnicodeChar, key.dwControlKeyState = character, held
            assert _kernel32.WriteConsoleInputW(console, ctypes.byref(record), 1, ctypes.byref(written))


def main() -> int:
    """Type ahead, start the command, wait for its prompt, type."""
    import msvcrt

    folder, keys, command = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
    with open("CONIN$", "r+b", buffering=0) as file:
        console, mode = wintypes.HANDLE(msvcrt.get_osfhandle(file.fileno())), wintypes.DWORD()
        ahead, pause = folder / "ahead", folder / "pause"
        if ahead.exists():
            type_keys(console, json.loads(ahead.read_text(encoding="ascii")))
        with subprocess.Popen([sys.executable, *command]) as program:
            while program.poll() is None:
                assert _kernel32.GetConsoleMode(console, ctypes.byref(mode))
                if not mode.value & LINES:
                    type_keys(console, keys, float(pause.read_text(encoding="ascii")) if pause.exists() else 0.0)
                    break
                time.sleep(0.05)
            return program.wait()


if __name__ == "__main__":
    sys.exit(main())
