"""The library's public names: documented, loaded when used, and the same for type checkers; its examples run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import jpki
from jpki.errors import CardRemovedError, NoCardError, NoReaderError
from jpki_sim.errors import UnknownPersonaError
from jpki_sim.serve import SimulatedReaders

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^## (.+?)\n(?:(?!^## ).)*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")


def run(script: str) -> subprocess.CompletedProcess[str]:
    """Run Python of its own, with warnings as errors, which prints Japanese in any locale."""
    command = [sys.executable, "-P", "-X", "utf8", "-W", "error", "-c", script]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("title", "code"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_example_runs(title: str, code: str) -> None:
    """Each example of docs/library.md runs as it stands, and holds what it asserts."""
    assert "assert" in code or "print(" in code
    done = run(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "assert" in code or done.stdout


def test_the_tasks_have_an_example() -> None:
    """What people write first is shown, each in at most eight lines beside the imports."""
    tasks = ["Status of all readers", "Watch for cards", "Certificate to PEM", "Change a PIN", "Sign bytes"]
    assert [title for title, _ in EXAMPLES] == [
        *tasks,
        "Sign and verify a file",
        "Read attributes",
        "Test your own program",
        "Diagnose",
        "Advice in Japanese",
    ]
    for _, code in EXAMPLES:
        lines = [line for line in code.splitlines() if line.strip() and not line.startswith(("import ", "from "))]
        assert len(lines) <= 8


def test_page_and_public_names_agree() -> None:
    """The table of docs/library.md has every public name, and no other."""
    rows = re.findall(r"^\| (`.+?) \| ", PAGE.partition("## Names")[2], re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(jpki.__all__)


def test_examples_use_public_names_only() -> None:
    """An example imports from the package itself, its errors, and the simulator."""
    for _, code in EXAMPLES:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jpki."):
                assert node.module == "jpki.errors"
            if isinstance(node, ast.ImportFrom) and node.module == "jpki":
                assert {alias.name for alias in node.names} <= set(jpki.__all__)


@pytest.mark.parametrize("name", jpki.__all__)
def test_public_name_is_there(name: str) -> None:
    """Each name is found where it is defined, and says what it is."""
    found = getattr(jpki, name)
    assert found.__name__ == name
    assert found.__doc__
    assert name in dir(jpki)


def test_type_checkers_see_the_same_names() -> None:
    """What is imported for type checkers alone is what is loaded when it is used."""
    tree = ast.parse(Path(jpki.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == {name: f"jpki.{module}" for name, module in vars(jpki)["_MODULES"].items()}
    assert sorted(typed) == sorted(jpki.__all__)


def test_other_names_are_not_there() -> None:
    """A misspelt name is an AttributeError, as for any module."""
    with pytest.raises(AttributeError, match="no attribute 'MyNumberCards'"):
        _ = jpki.MyNumberCards


def test_importing_the_package_loads_nothing() -> None:
    """`import jpki` loads no other module of this project or of others."""
    script = "import sys; before = set(sys.modules); import jpki; print(sorted(set(sys.modules) - before))"
    assert run(script).stdout == "['jpki']\n"


def test_simulated_readers_come_and_go_like_real_ones() -> None:
    """A card that is taken out ends its connections, an empty reader has none, and an unknown one is no reader."""
    with SimulatedReaders({"A": "adult", "B": None}) as desk:
        connection = desk.connect("A")
        assert connection.transmit(SELECT_JPKI) == b"\x90\x00"
        assert [state.is_card_present for state in desk.readers()] == [True, False]
        desk.remove("A")
        with pytest.raises(CardRemovedError):
            connection.transmit(SELECT_JPKI)
        with pytest.raises(NoCardError):
            desk.connect("A")
        with pytest.raises(NoReaderError):
            desk.connect("C")
        with pytest.raises(UnknownPersonaError):
            desk.insert("A", "nobody")


def test_a_desk_without_readers_says_so() -> None:
    """As with PC/SC, no reader is an error and not an empty list."""
    with pytest.raises(NoReaderError):
        SimulatedReaders({}).readers()


def test_waiting_ends_with_a_change_or_with_what_was_known() -> None:
    """Waiting returns the readers after a change made by another thread; with no time left, what it was given."""
    desk = SimulatedReaders({"A": None})
    known = desk.readers()
    assert desk.wait_for_change(known, 0) is known
    person = threading.Thread(target=desk.insert, args=("A", "child"))
    person.start()
    changed = desk.wait_for_change(known, 60)
    person.join()
    assert changed[0].is_card_present
    assert changed == desk.readers()
