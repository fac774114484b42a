"""What a command loads: as little as it needs, so that it answers at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Modules that cost tens of milliseconds, or that only a reader needs.
HEAVY = ("smartcard", "cryptography", "asn1crypto", "ssl", "asyncio", "pathlib", "shutil", "logging")
SCRIPT = (
    "import sys; before = set(sys.modules); from jpki_cli.main import run; code = run({arguments!r}); "
    "print(code, sorted(set(sys.modules) - before), file=sys.stderr)"
)


def _loaded(*arguments: str) -> list[str]:
    script = SCRIPT.format(arguments=list(arguments))
    result = subprocess.run(
        [sys.executable, "-S", "-c", f"import site; site.main(); {script}"], capture_output=True, text=True, check=True
    )
    code, _, names = result.stderr.strip().rpartition("\n")[2].partition(" ")
    assert code == "0", result.stderr
    found: list[str] = [name.strip(" '\"") for name in names.strip("[]").split(",")]
    assert "jpki_cli.main" in found
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("pin", "--help"),
        ("--sim", "adult", "status"),
        ("--sim", "adult", "status", "--json"),
        ("--sim", "adult", "pin", "status"),
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_loaded(arguments: tuple[str, ...]) -> None:
    """No pyscard without a reader, and no certificate library for a question about dates."""
    assert {name for name in _loaded(*arguments) if name.split(".")[0] in HEAVY} == set()


def test_help_loads_no_command() -> None:
    """The list of commands comes from a table."""
    assert [
        name for name in _loaded("--help") if name.startswith(("jpki_cli.commands.", "jpki_sim", "jpki.application"))
    ] == []
