"""The comparison with other programs runs, and counts what docs/performance.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([^|]+) \| none \| `([^`]+)` \| \d+ \| 0 \| (\d+) \| \d+ \| [\d.]+ \|$", re.MULTILINE)
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("pkcs15-tool") is None, reason="there is no OpenSC")
def test_the_comparison_counts_what_the_page_says(pcscd: Pcscd) -> None:
    """bench/clients prints each program with the commands that it sends; this program's are those of the page."""
    del pcscd  # a service of its own is made; this one shows that it can be had
    command = [sys.executable, str(ROOT / "bench" / "clients"), "--links", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    counted = {(question, program): int(apdus) for question, program, apdus in ROW.findall(done.stdout)}
    assert counted["PINs", "jpki pin status"] == 7
    assert counted["PINs", "pkcs15-tool --list-pins"] > 7
    assert counted["user certificate", "jpki cert show auth --format pem --extended"] == 2
    written = {(question, program): int(apdus) for question, program, apdus in ROW.findall(PAGE)}
    ours = {key: apdus for key, apdus in counted.items() if key[1].startswith("jpki")}
    assert ours == {key: apdus for key, apdus in written.items() if key[1].startswith("jpki")}


@pytest.mark.skipif(shutil.which("pkcs15-tool") is None, reason="there is no OpenSC")
def test_the_commands_of_each_question_are_those_of_the_page(pcscd: Pcscd) -> None:
    """bench/commands counts this program's and OpenSC's as the page has them; a program that is not there is a dash."""
    del pcscd
    command = [sys.executable, str(ROOT / "bench" / "commands"), "--myna", "", "--pyjpki", ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    row = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
    section = PAGE.partition("<!-- rivals: begin -->")[2].partition("<!-- rivals: end -->")[0]
    counted, written = row.findall(done.stdout), row.findall(section)
    assert [cells[:2] + cells[3:4] for cells in counted] == [cells[:2] + cells[3:4] for cells in written]
    assert len(counted) > 10
    assert {cells[2] for cells in counted[1:]} == {"–"}
