"""``jpki window``: starts the window, a program of its own; nothing of it is imported here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.words import M, current_language

if TYPE_CHECKING:
    from jpki_cli.app import GlobalOptions


@pass_app
def _window(app: AppContext) -> None:
    _become([*_program(), *_arguments(app.options)])


def _program() -> list[str]:
    """What is started: the same Python with the window's module, or Debian's program beside this one.

    Raises:
        CliError: with exit code 2, the window is not installed.
    """
    from importlib.util import find_spec

    from jpki_cli.failures import usage_error

    beside = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "jpki-window")
    if sys.flags.isolated and os.access(beside, os.X_OK):
        return [beside]
    if find_spec("PySide6") is None or find_spec("jpki_window") is None:
        how = (
            M("In the folder of the project: pipx install --force '.[{extra}]'", extra="window"),
            M("On Debian and Ubuntu: the package jpki-window."),
        )
        raise usage_error(M("The window is not installed."), code="extra_missing", remedy=how)
    return [sys.executable, "-m", "jpki_window"]


def _arguments(options: GlobalOptions) -> list[str]:
    """The global options that the window has too."""
    found = ["--lang", current_language()] if options.lang is not None else []
    for name, value in (("--sim", options.sim), ("--reader", options.reader)):
        found += [name, value] if value is not None else []
    return found


def _become(command: list[str]) -> NoReturn:
    """Go on as the window; Windows has no way to that, so there it is waited for."""
    if sys.platform == "win32":
        import subprocess

        sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own program
    else:
        os.execv(command[0], command)  # noqa: S606 - our own program


command = Command(
    "window",
    callback=_window,
    text=M(
        "Open the window: the card at a glance, and what to do next, without a terminal.\n\nIt is the extra “window”."
    ),
    examples=("jpki window", "jpki --sim adult window"),
)
