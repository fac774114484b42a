"""The clock of the command line. Whatever counts days asks it, so that a test gives the day by putting another here.

Nothing that a user can set does so: neither an option nor a variable of the environment.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)
