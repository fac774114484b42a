"""Options of the whole test suite; pytest reads them from here only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# How long one example takes is no fact about the code: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the conformance suite (tests/contract) run against a real card."""
    parser.addoption(
        "--reader",
        metavar="NAME",
        help="run the read-only part of tests/contract against the card in this PC/SC reader (or a part of its name)",
    )
