"""Cards that hold canaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from canaries import Aviary

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli


@pytest.fixture
def aviary(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Aviary:
    """Cards with canaries."""
    return Aviary(run_cli, monkeypatch, tmp_path, caplog)
