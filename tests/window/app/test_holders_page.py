"""Every button, page and menu that the page for card holders quotes is on the window's screen, in its language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pdfsamples import plain
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QListWidget, QWidget
from windowdesk import settle

from jpki_window.app.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from windowdesk import Desk

    OpenDesk = Callable[..., Desk]

DOCS: Final = Path(__file__).parents[3] / "docs"
READER: Final = "Simulated reader"


def quoted(language: str) -> set[str]:
    """What the page quotes."""
    page, pattern = {"en": ("window.md", r"“([^”]+)”"), "ja": ("ja/window.md", r"「([^」]+)」")}[language]
    return set(re.findall(pattern, re.sub(r"\s+", " ", (DOCS / page).read_text(encoding="utf-8"))))


def on_screen(window: QWidget) -> Iterator[str]:
    """The words of whatever is to be seen, without the marks of keys; entries of menus as if these were open."""
    yield window.windowTitle()
    for action in window.findChildren(QAction):
        yield _plain(action.text())
    for part in window.findChildren(QWidget):
        if not part.isVisibleTo(part.parentWidget() or part):
            continue
        if isinstance(part, (QLabel, QAbstractButton)):
            yield _plain(part.text())
        elif isinstance(part, QListWidget):
            yield from (part.item(row).text() for row in range(part.count()))


def _plain(words: str) -> str:
    return re.sub(r"\(&.\)|&", "", words)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_quoted_is_on_the_screen(open_desk: OpenDesk, tmp_path: Path, language: str) -> None:
    """On some page with a card, or on the first one without: letter by letter, so that somebody finds it."""
    seen: set[str] = set()
    empty = open_desk({READER: None}, language=language)
    empty.wait(lambda: empty.glance.failure is not None)
    settle()
    seen.update(on_screen(empty.window))
    desk = open_desk({READER: "locked-auth"}, language=language)
    desk.wait(lambda: desk.glance.status is not None)
    contract = tmp_path / "contract.pdf"
    contract.write_bytes(plain())
    for page in PAGES:
        desk.window.show_page(page.name, [contract] if page.name in ("sign", "verify") else None)
        seen.update(on_screen(desk.window))  # while a file is read, too
        settle()
        seen.update(on_screen(desk.window))
    desk.wait(lambda: desk.context.worker.is_idle)
    words = quoted(language)
    assert len(words) > 15
    assert words - seen == set()
