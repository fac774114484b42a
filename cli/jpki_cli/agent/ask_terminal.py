"""The agent's dialog on a terminal: a program of its own, so that a signal finds the terminal's settings restored.

The agent starts it with ``python -I -m jpki_cli.agent.ask_terminal``; its protocol is that of
:mod:`jpki.agent.dialogs.program`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from jpki.hygiene import harden_process
from jpki_cli.terminal import NoTerminalError, RefusedKeyError, open_terminal, prompt_line, prompt_secret

if TYPE_CHECKING:
    from jpki.pin import Secret

_ANSWERED: Final = 0
_DECLINED: Final = 1
_CANNOT: Final = 3


def _tell(text: str) -> None:
    from contextlib import closing

    from jpki_cli.terminal import wrap

    with closing(open_terminal()) as terminal:
        paragraphs = "\n".join(wrap(paragraph) for paragraph in text.split("\n") if paragraph)
        terminal.write("\r\n" + paragraphs.replace("\n", "\r\n") + "\r\n")


def _ask_secret(question: dict[str, Any]) -> None:
    """Ask until no key was refused: what such a key was meant to type is missing in the entry."""
    while True:
        try:
            with prompt_secret(f"{question['prompt']} ") as secret:
                _write(secret)
                return
        except RefusedKeyError:
            _tell(question["refused_key"])


def _write(secret: Secret) -> None:
    os.write(1, secret.reveal())


def _choose(question: dict[str, Any]) -> int:
    """Print the choices with their numbers; anything else but a number is a no."""
    choices = question["choices"]
    lines = [f"{number}  {choice}" for number, choice in enumerate(choices, 1)]
    _tell("\n".join([*lines, f"Enter  {question['cancel']}"]))
    typed = prompt_line("> ").strip()
    if not typed.isdecimal() or not 1 <= int(typed) <= len(choices):
        return _DECLINED
    os.write(1, str(int(typed) - 1).encode())
    return _ANSWERED


def main() -> int:
    """Answer the one question on stdin."""
    harden_process()
    try:
        question = json.loads(sys.stdin.readline())
        _tell(question["description"])
        if question["kind"] == "choice":
            return _choose(question)
        _ask_secret(question)
    except (EOFError, KeyboardInterrupt):
        return _DECLINED
    except NoTerminalError:
        return _CANNOT
    return _ANSWERED


if __name__ == "__main__":
    sys.exit(main())
