"""What a command loads: as little as it needs, so that it answers at once."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest
from loadedmodules import asking, heavy, loaded
from packaging.version import Version

#: Before 8.3 Click itself loads these to write a help page.
OF_OLD_CLICK = {"shutil", "zlib"} if Version(metadata.version("click")) < Version("8.3") else set()


def _loaded(*arguments: str) -> frozenset[str]:
    argv = [sys.executable, *asking(*arguments)]
    return loaded(subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("pin", "--help"),
        ("--sim", "adult", "status"),
        ("--sim", "adult", "status", "--json"),
        ("--sim", "adult", "--lang", "ja", "status"),
        ("--sim", "locked-auth", "status"),
        ("--sim", "adult", "pin", "status"),
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_loaded(arguments: tuple[str, ...]) -> None:
    """No pyscard without a reader, and no certificate library for a question about dates."""
    names = _loaded(*arguments) - (OF_OLD_CLICK if "--help" in arguments else set())
    assert heavy(names) == set()
    assert {name for name in names if name.startswith(("smartcard", "ctypes"))} == set()


def test_help_loads_no_command() -> None:
    """The list of commands comes from a table."""
    loaded = {name for name in _loaded("--help") if name.startswith(("jpki.", "jpki_cli.commands.", "jpki_sim"))}
    assert (
        loaded
        - {"jpki.doors", "jpki.errors", "jpki.errors.base", "jpki.outside_text", "jpki.words", "jpki.words.message"}
        == set()
    )
