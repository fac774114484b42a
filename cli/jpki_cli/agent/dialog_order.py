"""Which dialogs the agent asks with, and in which order."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.agent.dialogs import Dialog


DIALOGS: Final = ("auto", "pinentry", "askpass", "terminal")


def dialogs(kind: str, program: str | None, environment: Mapping[str, str], *, terminal_first: bool) -> list[Dialog]:
    """Make the dialogs in the order in which they are tried.

    ``program`` is a path for the kind that is named. Nothing comes from a client: ``environment`` is the agent's own,
    and programs are looked for in fixed folders.
    """
    from jpki.agent.dialogs import AskpassDialog, PinentryDialog, ProgramDialog

    terminal = _own_terminal()
    made: dict[str, Dialog] = {
        "pinentry": PinentryDialog(environment, program=program, terminal=terminal),
        "askpass": AskpassDialog(environment, program=program if kind == "askpass" else None),
    }
    if terminal is not None:
        argv = (sys.executable, "-I", "-m", "jpki_cli.agent.ask_terminal")
        made["terminal"] = ProgramDialog(argv, environment, on_terminal=True)
    if kind != "auto":
        return [made[kind]] if kind in made else []
    order = ("terminal", "pinentry", "askpass") if terminal_first else ("pinentry", "askpass", "terminal")
    return [made[name] for name in order if name in made]


def _own_terminal() -> str | None:
    """Name of the terminal that the agent was started in."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    try:
        descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.ttyname(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
