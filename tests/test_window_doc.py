"""The pages for people who use the window name its buttons and pages as the window does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).parents[1]
CATALOGUE: Final = ROOT / "jpki" / "words" / "locale" / "ja" / "LC_MESSAGES" / "jpki.po"
#: Page, how it quotes, and which text of the catalogue it quotes from.
PAGES: Final = (("window.md", r"“([^”]+)”", "en"), ("ja/window.md", r"「([^」]+)」", "ja"))


def _plain(words: str) -> str:
    """Words without their key in a menu."""
    return re.sub(r"\(&.\)|&", "", words)


def _said(language: str) -> set[str]:
    """Every short text of the catalogue."""
    with CATALOGUE.open("rb") as file:
        messages = list(read_po(file))
    found = [message.id if language == "en" else message.string for message in messages]
    return {_plain(text) for text in found if isinstance(text, str)}


@pytest.mark.parametrize(("page", "pattern", "language"), PAGES)
def test_what_is_quoted_is_in_the_window(page: str, pattern: str, language: str) -> None:
    """Letter by letter, so that somebody finds it."""
    text = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split("\n"))
    quoted = set(re.findall(pattern, re.sub(r" +", " ", text)))
    assert len(quoted) > 15
    assert quoted - _said(language) == set()


def test_both_pages_have_the_same_parts() -> None:
    """One heading in one language for each in the other."""
    counts = [(ROOT / "docs" / page).read_text(encoding="utf-8").count("\n## ") for page, _, _ in PAGES]
    assert counts[0] == counts[1] > 8
