"""What the scripts write: compared with what is committed, or as a build has it."""

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


def install_shared(folder: Path) -> Path:
    """Man pages and completions as they are made for a wheel; gives the folder that they are below."""
    command = [sys.executable, "-P", str(ROOT / "scripts" / "generate-cli"), "--install", str(folder)]
    subprocess.run(command, check=True)
    return folder / "share"
