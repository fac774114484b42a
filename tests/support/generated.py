"""Running a script that compares what is generated with what is committed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def check_current(script: str) -> None:
    """Run a script with ``--check``; a failure says what the script says, and what to run."""
    command = [sys.executable, "-P", str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        pytest.fail(f"{done.stdout}{done.stderr}Run ./scripts/{script}, then look at what it changed.", pytrace=False)
