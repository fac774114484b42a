"""The file of ``--trace``: for its owner alone, whether it was there before or not."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


@pytest.mark.parametrize("mode", [None, 0o644, 0o666, 0o600, 0o440])
def test_it_is_for_its_owner_alone(run_cli: RunCli, tmp_path: Path, mode: int | None) -> None:
    """A file that others could read is closed to them before a line is written; what stood in it stays."""
    trace = tmp_path / "trace"
    if mode is not None:
        trace.write_text("before\n")
        trace.chmod(mode | stat.S_IWUSR)
    assert run_cli("--sim", "adult", "--trace", str(trace), "status").code == 0
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    lines = trace.read_text().splitlines()
    assert (lines[0] == "before") is (mode is not None)
    assert any("SELECT" in line for line in lines)


def test_one_that_cannot_be_closed_to_others_is_refused(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of another user who let everybody write it would be read by that user."""
    trace = tmp_path / "trace"
    trace.write_text("")

    def refuse(_descriptor: int, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    result = run_cli("--sim", "adult", "--trace", str(trace), "status", "--json")
    assert (result.code, result.json["code"]) == (2, "cannot_write")
    assert trace.read_text() == ""


def test_a_device_stays_as_it_is(run_cli: RunCli) -> None:
    """Nobody closes /dev/null to others."""
    before = os.stat(os.devnull).st_mode
    assert run_cli("--sim", "adult", "--trace", os.devnull, "status").code == 0
    assert os.stat(os.devnull).st_mode == before
