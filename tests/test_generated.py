"""What is made from the command line itself is current, and other programs read it without a complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from generated import check_current

ROOT = Path(__file__).parents[1]
MAN = sorted((ROOT / "packaging" / "man").glob("*.1"))


def test_man_pages_completions_and_reference_are_current() -> None:
    """They say what the program's help says; else run ./scripts/generate-cli."""
    check_current("generate-cli")


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_man_pages_are_read_without_a_warning() -> None:
    """groff formats each with every warning turned on, and says nothing."""
    assert MAN
    for page in MAN:
        command = ["groff", "-man", "-ww", "-z", "-Tutf8", str(page)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (page.name, done.stderr) == (page.name, "")


def test_man_pages_name_only_pages_that_exist() -> None:
    """Whoever follows SEE ALSO finds a page."""
    shipped = {page.stem for page in MAN}
    for page in MAN:
        lines = page.read_text(encoding="utf-8").partition(".SH SEE ALSO")[2].splitlines()
        named = {line.split(" ")[1].replace("\\-", "-") for line in lines if line.startswith(".BR ")}
        assert named
        assert named <= shipped


def test_every_page_is_in_the_menu_of_the_site() -> None:
    """packaging/mkdocs.yml names each page of docs/ once, and none that is not there."""
    menu = (ROOT / "packaging" / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = re.findall(r"(\S+\.md)$", menu, re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
