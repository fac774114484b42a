"""Dates in PDF as programs write them, beside those that ISO 32000-1, 7.9.4, knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

#: Universal time with an apostrophe that belongs to an offset (LibreOffice 7), or with an offset of nothing.
_UNIVERSAL: Final = re.compile(r"D:(\d{14})Z(?:'|00'00'?)")


def read_universal_date(text: str) -> datetime | None:
    """Read a date in universal time whose zone is written as no standard has it; None: it is something else."""
    found = _UNIVERSAL.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
