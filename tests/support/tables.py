"""When a run prints its tables: rows of documents that tests cover, and what became of many cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def are_wanted(reporter: pytest.TerminalReporter) -> bool:
    """With ``-v``, in a run without failures: pytest prints tables between a failure and the list of them."""
    return reporter.verbosity > 0 and not reporter.stats.get("failed") and not reporter.stats.get("error")
