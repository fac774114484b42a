"""Prints which detector and how many tests stand behind each row of what users run into."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import tables

from jpki.diagnosis.rows import ROWS

if TYPE_CHECKING:
    import pytest

_detectors: defaultdict[str, set[str]] = defaultdict(set)
_tests: Counter[str] = Counter()
_provoked: Counter[str] = Counter()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count the tests that name a row: on stated facts, or provoked beside a real PC/SC service."""
    for item in items:
        marker = item.get_closest_marker("users_row")
        if marker is None:
            continue
        callspec = getattr(item, "callspec", None)
        case = callspec.params.get("case") if callspec is not None else None
        for row in marker.args:
            if case is not None:
                _tests[row] += 1
                _detectors[row].add(f"{case.detector.__module__.rpartition('.')[2]}.{case.detector.__name__}")
            else:
                _provoked[row] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a row, with -v."""
    if not _tests or not tables.are_wanted(terminalreporter):
        return
    terminalreporter.section("rows of docs/troubleshooting.md")
    terminalreporter.line("row      stated  provoked  detectors")
    for row in ROWS:
        detectors = ", ".join(sorted(_detectors[row.name])) or "-"
        terminalreporter.line(f"{row.name:8} {_tests[row.name]:6} {_provoked[row.name]:9}  {detectors}")
