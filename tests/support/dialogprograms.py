"""Programs of the tests' own that the agent takes for its dialogs."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


OWN = {"PATH": "/evil", "DISPLAY": ":7", "LD_PRELOAD": "/evil.so", "SSH_ASKPASS": "/evil", "HOME": "/evil"}


def script(folder: Path, text: str) -> str:
    """A program that notes its environment and arguments, and then does something."""
    path = folder / "program"
    path.write_text(f'#!/bin/sh\nenv >"{folder}/env"\nprintf "%s\\n" "$@" >"{folder}/args"\n{text}\n', encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return str(path)


def pinentry(folder: Path, pin_answer: str, confirm_answer: str = "OK") -> str:
    """A program that speaks as pinentry does, and notes what it was told."""
    return script(
        folder,
        f'echo OK Pleased\nwhile read -r line; do printf "%s\\n" "$line" >>"{folder}/lines"\n'
        f'case "$line" in GETPIN) printf "{pin_answer}\\n";; CONFIRM) printf "{confirm_answer}\\n";; '
        "*) echo OK;; esac; done",
    )


def wanted() -> bool:
    """The client is there."""
    return True
