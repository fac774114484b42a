"""What the commands ``jpki pkcs11`` print as JSON, against their schemas."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jpki_cli.agent import installing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the agent is for POSIX systems")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which nothing was installed, and p11-kit's module somewhere."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(installing, "find_module", lambda: "/usr/lib/p11-kit-client.so")
    return tmp_path


@pytest.mark.usefixtures("home")
def test_what_is_installed_and_taken_back_follows_the_schemas(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Files are named in both; the second time there is nothing to take back."""
    installed, removed, again = (run_cli("--json", "pkcs11", name) for name in ("install", "uninstall", "uninstall"))

    for result in (installed, removed, again):
        assert result.code == 0, result.stderr
        validate(result.json)
    assert set(removed.json["removed"]) >= set(installed.json["written"])
    assert again.json["removed"] == []


def test_what_is_remembered_and_forgotten_follows_the_schemas(
    run_cli: RunCli, home: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """What became of the password is told, too, also where it was wrong."""
    del home
    remember = ("--json", "--sim", "adult", "pkcs11", "remember", "--pin-stdin")
    right, wrong = (run_cli(*remember, stdin=f"{password}\n") for password in ("SIMCARD1", "SIMCARD2"))
    forgotten = run_cli("--json", "pkcs11", "forget")

    for result in (right, wrong, forgotten):
        validate(result.json)
    assert (right.json["pin"], wrong.json["pin"], wrong.json["try_used"]) == ("right", "wrong", "yes")
    assert forgotten.json["removed"] == 1
