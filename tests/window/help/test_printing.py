"""Papers printed through the toolkit's dialog where no printer is: into a PDF file whose pages are looked at."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from printing import darkest, pages_of, printing_into_file, read_printed
from PySide6.QtGui import QFont
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from windowpages import press, texts

from jpki.report import TITLE, document_html
from jpki.report.page import Cell, Document, Section, Table
from jpki.words import M
from jpki_window.help import PapersPage
from jpki_window.help.counter_card import CounterCard
from jpki_window.showing.printing import LARGE, document_of, keep_headings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QTextDocument
    from PySide6.QtWidgets import QWidget
    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]

pytestmark = pytest.mark.skipif(
    None in map(shutil.which, ("pdftoppm", "pdftotext")), reason="poppler's programs are not installed"
)


def printed(desk: PageDesk, page: QWidget, button: str) -> Path:
    """Press a button, print into the file that the dialog proposes, and give it; nothing is cut on any of its pages."""
    if desk.context.language == "ja" and sys.getfilesystemencoding() == "ascii":
        pytest.skip("Python cannot name a file in Japanese in this locale")
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
    """The sheet on one page, the report on two; each under a name that says what it is."""
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
    assert len(pages_of(report)) == 2
    check_months(read_printed(report), desk)


def check_months(text: str, desk: PageDesk) -> None:
    """Every month in which something ends stands there in one piece."""
    status = desk.context.glance.status
    assert status is not None
    assert status.card_expires is not None
    ends = [found.period.last_day for found in status.certificates if found.period is not None]
    months = [f"{day:%Y-%m}" for day in (*ends, status.card_expires)]
    assert len(months) > 1
    assert [month for month in months if month not in text] == []
    assert re.findall(r"\d{4}-\d?$", text, re.MULTILINE) == []


def test_large_type_on_the_screen_is_none_on_paper(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 200 % the report has as many pages."""
    monkeypatch.setenv("HOME", str(tmp_path))
    desk = sit_down("locked-auth", language="ja")
    page = PapersPage(desk.context)
    desk.show(page)
    before = QApplication.font()
    larger = QFont(before)
    larger.setPointSizeF(2 * before.pointSizeF())
    QApplication.setFont(larger)
    try:
        report = printed(desk, page, "Print the report …")
    finally:
        QApplication.setFont(before)
    assert len(pages_of(report)) == 2
    check_months(read_printed(report), desk)


def lines_of_first_page(document: QTextDocument, file: Path, *, is_kept: bool) -> list[str]:
    """Print it; the lines of its first page, without the page's number."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    if is_kept:
        keep_headings(document, printer)
    document.print_(printer)
    first, *_ = read_printed(file).split("\f")
    return [line for line in first.splitlines() if line not in ("", "1")]


def test_a_month_is_not_broken_by_a_full_table(sit_down: SitDown, tmp_path: Path) -> None:
    """In a report whose other columns want more than the page has."""
    sit_down()
    long = Cell("電子証明書" * 20)
    table = Table(tuple("ABCDEFGHI"), ((*[long] * 8, Cell("2029-04")),))
    page = Document("ja", "TEST", "TEST", Cell("TEST"), "", (Section("TEST", table=table),))
    lines = lines_of_first_page(document_of(document_html(page), LARGE), tmp_path / "page.pdf", is_kept=True)
    assert "2029-04" in " ".join(lines)


def test_no_heading_stands_alone_at_the_end_of_a_page(sit_down: SitDown, tmp_path: Path) -> None:
    """Wherever on the page it would come; without that care it does for some."""
    sit_down()
    alone: dict[bool, int] = {True: 0, False: 0}
    for count in range(25, 60):
        html = "<p>before</p>" * count + "<h2>heading</h2>" + "<p>behind</p>" * 60
        for is_kept in alone:
            lines = lines_of_first_page(document_of(html), tmp_path / "page.pdf", is_kept=is_kept)
            alone[is_kept] += lines[-1] == "heading"
    assert alone[True] == 0
    assert alone[False] > 0


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
