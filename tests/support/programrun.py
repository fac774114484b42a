"""Runs of the program as a user would start it, in folders of a test's own."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JPKI = [sys.executable, "-m", "jpki_cli"]
#: An upper bound; nothing is timed.
SECONDS = 60


def run(*options: str, env: Mapping[str, str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run jpki."""
    return subprocess.run(
        [*JPKI, *options], env=env, input=text, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
    )


def environment(folder: Path) -> dict[str, str]:
    """An environment whose folders are the test's own."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": ":".join(path for path in sys.path if path),
    }


@contextmanager
def running_agent(env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """An agent in its usual places; what it says that these are."""
    argv = [*JPKI, "--sim", "adult", "agent", "--dialog", "askpass"]
    with subprocess.Popen(
        argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            yield dict(process.stdout.readline().strip().split(": ") for _ in range(4))
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 143
