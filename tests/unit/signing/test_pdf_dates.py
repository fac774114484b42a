"""Dates in PDF that other programs write in their own way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jpki.signing.pdf.dates import read_universal_date


@pytest.mark.parametrize("zone", ["Z'", "Z00'00", "Z00'00'"])
def test_universal_time_in_other_spellings(zone: str) -> None:
    """LibreOffice puts an apostrophe behind the Z."""
    assert read_universal_date(f"D:20261128164510{zone}") == datetime(2026, 11, 28, 16, 45, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "D:20261128164510", "D:20261328164510Z'", "D:20261128164510Z'x", "D:20261128164510+09'", "Z'"]
)
def test_anything_else_is_none(text: str) -> None:
    """No zone, no such day, something behind it, or another zone."""
    assert read_universal_date(text) is None
