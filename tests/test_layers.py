"""Who may know whom: the import contracts of pyproject.toml, and what import-linter cannot see."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import ROOT, SOURCES, name_of, parse

# Where a file may name a library of the outside. A folder allows everything in it.
ALLOWED = {
    "smartcard": ["jpki/transport/pcsc.py"],
    "click": ["cli/jpki_cli"],
    "PySide6": ["window/jpki_window"],
    "shiboken6": ["window/jpki_window"],
    # The virtual reader's loopback link, and Unix sockets of this machine: nothing else opens a connection.
    "socket": ["sim/jpki_sim", "jpki/agent/sockets.py", "jpki/agent/peers.py"],
    "asyncio": ["jpki/signing/pdf/sign.py"],  # pyHanko signs in a coroutine, which connects to nothing
    "ftplib": [],
    "http": ["jpki/signing/time_stamp_service.py"],  # a time stamp, by the address that this call names
    "imaplib": [],
    "poplib": [],
    "smtplib": [],
    "socketserver": [],
    "ssl": ["jpki/signing/time_stamp_service.py"],
    "telnetlib": [],
    "urllib": ["jpki/signing/time_stamp_service.py", "cli/jpki_cli/agent/installing.py"],  # the latter: a path's quotes
    "webbrowser": [],
    "xmlrpc": [],
}
# What belongs to the program around the library: its environment, its terminal, its process.
NOT_IN_THE_LIBRARY = {"print", "input", "os.environ", "os.getenv", "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr"}
# Where the library looks at its environment all the same: a diagnosis is of this process and this computer.
LOOKS_AT_THE_PROCESS = ["jpki/client/diagnosing.py", "jpki/diagnosis/system"]


@functools.cache
def imports_of(path: Path) -> frozenset[str]:
    """The libraries that one source imports."""
    return frozenset(imported_names(parse(path)))


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Every top-level name that is imported anywhere in a source, inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def used_names(tree: ast.Module) -> Iterator[str]:
    """Every bare name that a source reads, and every `module.attribute`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def is_allowed(source: str, places: list[str]) -> bool:
    """Tells whether a source is one of the places or in one of them."""
    return any(source == place or source.startswith(place + "/") for place in places)


def test_import_contracts_are_kept() -> None:
    """Import-linter finds every contract of pyproject.toml kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("library", sorted(ALLOWED))
def test_library_is_imported_only_where_it_belongs(library: str) -> None:
    """Only pcsc.py knows pyscard, only the command line Click, and no file a network client."""
    importers = [name_of(path) for path in SOURCES if library in imports_of(path)]
    assert [source for source in importers if not is_allowed(source, ALLOWED[library])] == []


def test_scan_sees_an_import_wherever_it_stands() -> None:
    """The scan above would notice an import in a function, a renamed one, and one of a submodule."""
    source = "def f():\n    import smartcard.scard as s\nfrom urllib.request import urlopen\n"
    assert set(imported_names(ast.parse(source))) == {"smartcard", "urllib"}


def test_library_leaves_terminal_and_environment_to_its_caller() -> None:
    """Nothing in jpki/ prints, asks, or reads an environment variable or a standard stream."""
    library = [path for path in SOURCES if path.is_relative_to(ROOT / "jpki")]
    assert len(library) > 50
    found = {}
    for path in library:
        allowed = {"os.environ"} if is_allowed(name_of(path), LOOKS_AT_THE_PROCESS) else set()
        found[name_of(path)] = (NOT_IN_THE_LIBRARY & set(used_names(parse(path)))) - allowed
    assert {name: used for name, used in found.items() if used} == {}


def test_no_package_is_named_after_its_folder() -> None:
    """cli/ and sim/ are folders; a file there would be installed as a package of that name."""
    assert [path.name for folder in ("cli", "sim") for path in (ROOT / folder).glob("*.py")] == []
