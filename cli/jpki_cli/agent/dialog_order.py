"""Which dialogs the agent asks with, and in which order."""

from __future__ import annotations

import enum
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.agent.dialogs import Dialog


class DialogKind(enum.Enum):
    """What asks for a PIN; the value is its word on the command line."""

    AUTO = "auto"  # the first of the others that works here
    WINDOW = "window"
    PINENTRY = "pinentry"
    ASKPASS = "askpass"
    TERMINAL = "terminal"


_CONTROLLING: Final = "/dev/tty"
_ON_SCREEN: Final = (DialogKind.WINDOW, DialogKind.PINENTRY, DialogKind.ASKPASS)


def dialogs(
    kind: DialogKind, program: str | None, environment: Mapping[str, str], *, terminal_first: bool
) -> list[Dialog]:
    """Make the dialogs in the order in which they are tried.

    ``program`` is a path for the kind that is named. Nothing comes from a client: ``environment`` is the agent's own,
    and programs are looked for in fixed folders.
    """
    from jpki.agent.dialogs import AskpassDialog, PinentryDialog, ProgramDialog

    made: dict[DialogKind, Dialog] = {
        DialogKind.PINENTRY: PinentryDialog(environment, program=program, terminal=_own_terminal),
        DialogKind.ASKPASS: AskpassDialog(environment, program=program if kind is DialogKind.ASKPASS else None),
    }
    if _own_terminal() is not None:
        argv = (sys.executable, "-I", "-m", "jpki_cli.agent.ask_terminal")
        made[DialogKind.TERMINAL] = ProgramDialog(argv, environment, on_terminal=True)
    window = _window(program if kind is DialogKind.WINDOW else None)
    if window is not None:
        made[DialogKind.WINDOW] = ProgramDialog(window, environment)
    if kind is not DialogKind.AUTO:
        return [made[kind]] if kind in made else []
    order = (DialogKind.TERMINAL, *_ON_SCREEN) if terminal_first else (*_ON_SCREEN, DialogKind.TERMINAL)
    return [made[each] for each in order if each in made]


def ssh_dialogs(environment: Mapping[str, str]) -> list[Dialog]:
    """Make the dialogs of ``jpki ssh agent``: its terminal first, and what SSH_ASKPASS names by the rules of ssh(1).

    SSH_ASKPASS_REQUIRE is ``never``, ``prefer`` (over the terminal, where there is a display) or ``force`` (nothing
    else, and without a display too). The variables are those with which the agent was started.
    """
    from jpki.agent.dialogs import AskpassDialog

    require = environment.get("SSH_ASKPASS_REQUIRE", "").lower()
    has_display = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    named = AskpassDialog(environment, program=environment.get("SSH_ASKPASS") or None)
    if require == "force":
        return [named]
    if require == "never":
        return dialogs(DialogKind.TERMINAL, None, environment, terminal_first=True)
    others = dialogs(DialogKind.AUTO, None, environment, terminal_first=True)
    if not has_display:
        return others
    at = 0 if require == "prefer" or _own_terminal() is None else 1
    return [*others[:at], named, *others[at:]]


def _window(program: str | None) -> tuple[str, ...] | None:
    """Find the window's dialog: beside this program, run by the same Python in isolation, or installed."""
    from importlib.util import find_spec

    from jpki.agent.dialogs import find_program

    if program is None and all(find_spec(name) for name in ("jpki_window", "PySide6")):
        return (sys.executable, "-I", "-m", "jpki_window", "--ask")
    found = find_program((program or "jpki-window",))
    return None if found is None else (found, "--ask")


def _own_terminal() -> str | None:
    """Name of the terminal that the agent was started in, by which a program in another session finds it, too."""
    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    try:
        descriptor = os.open(_CONTROLLING, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        for stream in (0, 1, 2, descriptor):  # the last has the name that means another terminal in each session
            with suppress(OSError):
                if _is_own(stream, descriptor):
                    return os.ttyname(stream)
        return None
    finally:
        os.close(descriptor)


def _is_own(stream: int, controlling: int) -> bool:
    """Whether a stream is the controlling terminal: of another one the system tells no foreground processes."""
    return sys.platform != "win32" and os.tcgetpgrp(stream) == os.tcgetpgrp(controlling)
