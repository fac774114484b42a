"""The pytest plug-in and the context manager put a card where every PC/SC program sees it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

TEST_FILE = """
import subprocess, sys
import pytest

@pytest.mark.jpki_persona("last-try")
def test_reader(jpki_pcsc_reader, jpki_card):
    run = [sys.executable, "-m", "jpki_cli", "--reader", jpki_pcsc_reader, "--wait", "5", "pin"]
    shown = subprocess.run([*run, "status", "auth"], capture_output=True, text=True, check=True).stdout
    assert "1 of 3" in shown
    secret = jpki_card.secret("auth")
    subprocess.run([*run, "verify", "auth", "--pin-stdin", "--use-last-try"], input=secret, text=True, check=True)
    assert jpki_card.retries_remaining("auth") == 3
"""


def test_other_people_s_tests_get_a_reader(pcscd: Pcscd, tmp_path: Path) -> None:
    """What a PC/SC program does to the card is seen in the fixture."""
    (tmp_path / "test_reader.py").write_text(TEST_FILE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:cov"]
    result = pcscd.run([*command, "test_reader.py"], cwd=tmp_path)

    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout


def test_scripts_get_a_reader(pcscd: Pcscd) -> None:
    """The card is there inside the block, and gone behind it."""
    script = (
        "import subprocess, sys\n"
        "from jpki_sim.serve.serving import served\n"
        "run = [sys.executable, '-m', 'jpki_cli', '--wait', '5', 'readers']\n"
        "with served('child') as card:\n"
        "    print(card.reader)\n"
        "    print(subprocess.run(run, capture_output=True, text=True).stdout)\n"
    )
    result = pcscd.run([sys.executable, "-c", script])
    pcscd.await_empty()

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Virtual PCD 00 00\n")
    assert "My Number Card" in result.stdout


def test_without_vpcd_the_fixture_skips(pcscd: Pcscd, tmp_path: Path) -> None:
    """With the reason; nothing is started or installed."""
    pcscd.stop_daemon()
    (tmp_path / "test_reader.py").write_text(TEST_FILE, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-p",
        "no:cov",
    ]
    result = pcscd.run([*command, "test_reader.py"], cwd=tmp_path)

    assert "1 skipped" in result.stdout
    assert "vpcd does not listen" in result.stdout
