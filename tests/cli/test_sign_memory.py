"""Memory does not grow with the file: the benchmark itself, with a file that is larger than its budget."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "bench" / "sign-memory"
_WAYS = ("CMS, detached", "CMS, attached", "CMS, attached, PEM", "PDF")


@pytest.mark.skipif(sys.platform == "win32", reason="measured as Unix counts it")
def test_signing_and_verifying_take_constant_memory(tmp_path: Path) -> None:
    """128 MiB in every form, within 100 MB."""
    command = [sys.executable, str(BENCHMARK), "--size", "128", "--check", "--python", sys.executable]
    done = subprocess.run(
        command, env={"TMPDIR": str(tmp_path), "LANG": "C.UTF-8"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    held = [line for line in done.stdout.splitlines() if line.endswith("within the budget of 100 MB")]
    assert [line.partition(":")[0] for line in held] == [
        f"{verb} {way}" for way in _WAYS for verb in ("sign", "verify")
    ]
