"""What is made from the command line itself is current, and other programs read it without a complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from generated import check_current, install_shared

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def man_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The man pages as they are made for a wheel."""
    return sorted((install_shared(tmp_path_factory.mktemp("installed")) / "man" / "man1").iterdir())


def test_the_japanese_reference_is_current() -> None:
    """It says what the program's help says with the Click of the lock; else run ./scripts/generate-cli."""
    if f"click=={version('click')} " not in (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8"):
        pytest.skip("other versions of Click write usages otherwise")
    check_current("generate-cli")


def test_every_command_has_a_man_page(man_pages: list[Path]) -> None:
    """One for each command and group that the reference has, and no other."""
    reference = (ROOT / "docs" / "ja" / "reference-commands.md").read_text(encoding="utf-8")
    commands = re.findall(r"^## (jpki.*)$", reference, re.MULTILINE)
    assert commands
    names = [f"{name.replace(' ', '-')}.1" for name in commands]
    assert [page.name for page in man_pages] == sorted(names), (
        "the reference is of other commands: scripts/generate-cli"
    )


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_man_pages_are_read_without_a_warning(man_pages: list[Path]) -> None:
    """groff formats each with every warning turned on, and says nothing."""
    for page in man_pages:
        command = ["groff", "-man", "-ww", "-z", "-Tutf8", str(page)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (page.name, done.stderr) == (page.name, "")


def test_man_pages_name_only_pages_that_exist(man_pages: list[Path]) -> None:
    """Whoever follows SEE ALSO finds a page."""
    shipped = {page.stem for page in man_pages}
    for page in man_pages:
        lines = page.read_text(encoding="utf-8").partition(".SH SEE ALSO")[2].splitlines()
        named = {line.split(" ")[1].replace("\\-", "-") for line in lines if line.startswith(".BR ")}
        assert named
        assert named <= shipped


def test_every_page_is_in_the_menu_of_the_site() -> None:
    """packaging/mkdocs.yml names each page of docs/ once, and none that is not there."""
    menu = (ROOT / "packaging" / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = re.findall(r"(\S+\.md)$", menu, re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
