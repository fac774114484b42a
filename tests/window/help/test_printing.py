"""Papers printed through the toolkit's dialog where no printer is: into a PDF file whose pages are looked at."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from printing import darkest, pages_of, printing_into_file, read_printed
from windowpages import press, texts

from jpki.report import TITLE
from jpki.words import M
from jpki_window.help import PapersPage
from jpki_window.help.counter_card import CounterCard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]

pytestmark = pytest.mark.skipif(
    None in map(shutil.which, ("pdftoppm", "pdftotext")), reason="poppler's programs are not installed"
)


def printed(desk: PageDesk, page: QWidget, button: str) -> Path:
    """Press a button, print into the file that the dialog proposes, and give it; nothing is cut on any of its pages."""
    with printing_into_file() as named:
        press(page, M(button).text(desk.context.language))
        desk.wait(lambda: bool(named) and named[0].exists() and desk.context.worker.is_idle)
    (file,) = named
    found = [darkest(page) for page in pages_of(file)]
    assert found
    assert [at_edge for at_edge, _ in found] == [255] * len(found)
    assert max(within for _, within in found) < 100
    return file


def plain(text: str) -> str:
    """Text without blanks and new lines, and without the letters that a font joins ("fi")."""
    return "".join(normalize("NFKC", text).split())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_both_papers_are_printed(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """The sheet on one page, the report on three at most; each under a name that says what it is."""
    monkeypatch.setenv("HOME", str(tmp_path))
    desk = sit_down("locked-auth", language=language)
    page = PapersPage(desk.context)
    desk.show(page)
    made = page.page()
    assert made is not None
    sheet = printed(desk, page, "Print the sheet …")
    report = printed(desk, page, "Print the report …")
    assert [sheet.parent, report.parent] == [tmp_path, tmp_path]
    assert [sheet.name, report.name] == [
        f"{TITLE.text(language)}.pdf",
        f"{M('Report for support').text(language)}.pdf",
    ]
    assert plain(made.verdict) in plain(read_printed(sheet))
    assert len(pages_of(sheet)) == 1
    assert len(pages_of(report)) <= 3


def test_the_sheet_is_printed_at_the_counter(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the page of papers."""
    monkeypatch.setenv("HOME", str(tmp_path))
    desk = sit_down("all-locked")
    page = CounterCard(desk.context)
    desk.show(page)
    desk.context.look_again()
    desk.wait(lambda: "PINs" in texts(page))
    assert "locked" in plain(read_printed(printed(desk, page, "Print the sheet …")))
