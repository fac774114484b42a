"""Options of the whole test suite; pytest reads them from here only."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# How long one example takes is no fact about the code: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell's job in the background ignores Ctrl-C, and so would every program that the tests start and press it for.
for key in (signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(key) is signal.SIG_IGN:
        signal.signal(key, signal.default_int_handler if key is signal.SIGINT else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the conformance suite (tests/contract) run against a real card."""
    parser.addoption(
        "--reader",
        metavar="NAME",
        help="run the read-only part of tests/contract against the card in this PC/SC reader (or a part of its name)",
    )
