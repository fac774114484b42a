"""The sources of the program, for tests that read them."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "jpki", ROOT / "cli" / "jpki_cli", ROOT / "sim" / "jpki_sim", ROOT / "window" / "jpki_window")
SOURCES = sorted(path for package in PACKAGES for path in package.rglob("*.py"))


def name_of(path: Path) -> str:
    """A source's path as tests and their failures write it."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    """The syntax tree of one source."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
