"""Types that the tests of the command line share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class CliResult:
    """What one call printed, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object on stdout."""
        value = json.loads(self.stdout)
        assert isinstance(value, dict)
        return value


class RunCli(Protocol):
    """Calls the command line."""

    def __call__(
        self, *arguments: str, stdin: str | None = None, environment: dict[str, str] | None = None
    ) -> CliResult:
        """Run one command line; ``stdin`` stands for a script's pipe."""
        ...
