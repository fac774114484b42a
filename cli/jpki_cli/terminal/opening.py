"""How the terminal is found that a person sits at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .device import Terminal


def open_terminal() -> Terminal:
    """Open the terminal of this process for questions.

    Raises:
        NoTerminalError: There is no terminal, or this process is a background job.
    """
    if sys.platform == "win32":
        from .windows import open_console

        return open_console()
    else:  # noqa: RET505 - mypy follows the platform through an else only
        from .posix import open_tty

        return open_tty()
