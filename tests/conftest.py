"""Options of the whole test suite; pytest reads them from here only."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# How long one example takes is no fact about the code: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell's job in the background ignores Ctrl-C, and so would every program that the tests start and press it for.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


#: What of this folder needs a POSIX system, and why. tests/windows has its like for Windows.
NOT_ON_WINDOWS = {
    "browser": "the browser is Debian's",
    "pcscd": "pcscd, OpenSC and the virtual reader's driver are of Linux",
    "ssh": "its server is OpenSSH for POSIX systems",
    "terminal": "pseudo terminals and job control are of POSIX",
}
collect_ignore = list(NOT_ON_WINDOWS) if sys.platform == "win32" else []


def pytest_report_header() -> list[str]:
    """Name what is left out on this system."""
    return [f"not on Windows: tests/{name}: {reason}" for name, reason in NOT_ON_WINDOWS.items() if collect_ignore]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the conformance suite (tests/contract) run against a real card."""
    parser.addoption(
        "--reader",
        metavar="NAME",
        help="run the read-only part of tests/contract against the card in this PC/SC reader (or a part of its name)",
    )
